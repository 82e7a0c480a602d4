// NumPy's array format (numpy.lib.format, version 1.0).
#include <unistd.h>

#include <bit>
#include <cerrno>

#include "base/fail.h"
#include "base/new_file.h"
#include "inlay/picture_stream.h"

namespace inlay {
namespace {

static_assert(std::endian::native == std::endian::little, "the header below says so");

std::string header_of(std::int64_t channels, std::int64_t height, std::int64_t width) {
  constexpr std::size_t kPrefix = 10, kAlignment = 64;
  std::string text =
      fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}, {}, {}), }}", channels, height, width);
  text.append(kAlignment - (kPrefix + text.size() + 1) % kAlignment, ' ');
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  header += static_cast<char>(text.size() & 0xFF);
  header += static_cast<char>(text.size() >> 8);
  return header + text;
}

class NpyWriter : public PictureWriter {
 public:
  NpyWriter(const std::filesystem::path& path, std::int64_t channels, std::int64_t height, std::int64_t width)
      : file_(path), channels_(channels), height_(height), width_(width) {
    const std::string header = header_of(channels, height, width);
    file_.write(header);
    start_ = static_cast<std::int64_t>(header.size());
  }

  void write(const Tensor& rows) override {
    const std::int64_t count = rows.shape()[1], row = width_ * static_cast<std::int64_t>(sizeof(float));
    for (std::int64_t c = 0; c < channels_; ++c)
      put(rows.raw() + c * count * row, count * row, start_ + (c * height_ + next_) * row);
    next_ += count;
  }

  void close() override { file_.commit(); }

 private:
  void put(const std::byte* bytes, std::int64_t count, std::int64_t at) {
    while (count > 0) {
      const ssize_t written = ::pwrite(file_.descriptor(), bytes, static_cast<std::size_t>(count), at);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) file_.fail_write();
      bytes += written;
      count -= written;
      at += written;
    }
  }

  NewFile file_;
  std::int64_t channels_, height_, width_, start_ = 0, next_ = 0;
};

}  // namespace

std::unique_ptr<PictureWriter> create_npy(const std::filesystem::path& path, std::int64_t channels, std::int64_t height,
                                          std::int64_t width) {
  return std::make_unique<NpyWriter>(path, channels, height, width);
}

}  // namespace inlay
