#include "image/formats/tiff_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/fail.h"

namespace inlay {

// What libtiff calls; the handle is the TiffFile.
struct TiffCallbacks {
  static TiffFile& file(void* handle) { return *static_cast<TiffFile*>(handle); }

  static tmsize_t read(thandle_t handle, void* to, tmsize_t count) {
    TiffFile& self = file(handle);
    if (self.at_ >= self.input_.size()) return 0;
    const std::size_t copied = self.input_.copy(static_cast<char*>(to), static_cast<std::size_t>(count), self.at_);
    self.at_ += copied;
    return static_cast<tmsize_t>(copied);
  }

  static tmsize_t write(thandle_t handle, void* from, tmsize_t count) {
    TiffFile& self = file(handle);
    const auto size = static_cast<std::size_t>(count);
    if (self.output_.size() < self.at_ + size) self.output_.resize(self.at_ + size);
    std::memcpy(self.output_.data() + self.at_, from, size);
    self.at_ += size;
    return count;
  }

  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    TiffFile& self = file(handle);
    self.at_ = offset + (whence == SEEK_CUR ? self.at_ : whence == SEEK_END ? size(handle) : 0);
    return self.at_;
  }

  static toff_t size(thandle_t handle) { return std::max(file(handle).input_.size(), file(handle).output_.size()); }

  static int close(thandle_t) { return 0; }

  static int map(thandle_t handle, void** start, toff_t* size) {
    *start = const_cast<char*>(file(handle).input_.data());
    *size = file(handle).input_.size();
    return 1;
  }

  static void unmap(thandle_t, void*, toff_t) {}

  // Later errors follow from the first.
  static int error(TIFF*, void* handle, const char*, const char* format, va_list arguments) {
    TiffFile& self = file(handle);
    char text[256];
    std::vsnprintf(text, sizeof text, format, arguments);
    if (!self.error_.empty()) return 1;
    self.error_ = text;
    self.error_number_ = errno;
    return 1;
  }

  static TIFF* open(TiffFile& self, const char* mode, TIFFOpenOptions* options) {
    return TIFFClientOpenExt("picture", mode, &self, read, write, seek, close, size, map, unmap, options);
  }

  static int warning(TIFF*, void*, const char*, const char*, va_list) { return 1; }
};

template <class Open>
void TiffFile::open(Open open_with) {
  TIFFOpenOptions* options = TIFFOpenOptionsAlloc();
  TIFFOpenOptionsSetErrorHandlerExtR(options, TiffCallbacks::error, this);
  TIFFOpenOptionsSetWarningHandlerExtR(options, TiffCallbacks::warning, this);
  errno = 0;
  tiff_ = open_with(options);
  TIFFOpenOptionsFree(options);
}

TiffFile::TiffFile(const std::filesystem::path& path) {
  open([&](TIFFOpenOptions* options) { return TIFFOpenExt(path.c_str(), "rm", options); });  // m: not mapped
  if (tiff_ == nullptr) fail_damaged();
}

TiffFile::TiffFile(std::string_view bytes, std::int64_t page) : input_(bytes) {
  open([&](TIFFOpenOptions* options) { return TiffCallbacks::open(*this, "r", options); });
  if (tiff_ == nullptr) fail_damaged();
  while (!is_page() || page-- > 0)
    if (TIFFReadDirectory(tiff_) != 1) {
      const std::string reason = error_.empty() ? "it holds fewer pictures than were asked for" : error_;
      TIFFClose(std::exchange(tiff_, nullptr));
      fail_input("the TIFF is damaged ({})", reason);
    }
}

// Of a file whose first picture says that it is a smaller version, it is read all the same.
bool TiffFile::is_page() const {
  std::uint32_t kind = 0;
  const bool said = TIFFGetField(tiff_, TIFFTAG_SUBFILETYPE, &kind) == 1;
  return !said || (kind & (FILETYPE_REDUCEDIMAGE | FILETYPE_MASK)) == 0 || TIFFCurrentDirectory(tiff_) == 0;
}

std::int64_t TiffFile::pages() {
  std::int64_t count = 1;
  while (TIFFReadDirectory(tiff_) == 1)
    if (is_page()) ++count;
  if (!error_.empty()) fail_damaged();
  return count;
}

TiffFile::TiffFile() {
  open([&](TIFFOpenOptions* options) { return TiffCallbacks::open(*this, "w", options); });
  if (tiff_ == nullptr) fail("libtiff could not start: {}", error_);
}

TiffFile::TiffFile(int descriptor, bool big) {
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  open([&](TIFFOpenOptions* options) { return TIFFFdOpenExt(own, "picture", big ? "w8" : "w", options); });
  if (tiff_ == nullptr) {
    ::close(own);
    fail("libtiff could not start: {}", error_);
  }
}

TiffFile::~TiffFile() {
  if (tiff_ != nullptr) TIFFClose(tiff_);
}

void TiffFile::fail_damaged() const {
  fail_input("the TIFF is damaged ({})", error_.empty() ? "a tag that it needs is missing" : error_);
}

std::string TiffFile::close() {
  TIFFClose(std::exchange(tiff_, nullptr));
  if (!error_.empty()) fail("the picture cannot be encoded as TIFF ({})", error_);
  return std::move(output_);
}

void TiffFile::close_file(const std::filesystem::path& path) {
  TIFFClose(std::exchange(tiff_, nullptr));
  if (!error_.empty()) fail_write(path);
}

void TiffFile::fail_write(const std::filesystem::path& path) const {
  fail("cannot write '{}': {}", path.string(), error_number_ != 0 ? std::strerror(error_number_) : error_);
}

}  // namespace inlay
