// A TIFF file in memory or on disk, opened by libtiff.
#pragma once

#include <tiffio.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace inlay {

class TiffFile {
 public:
  /// To read picture number `page`, from 0, from `bytes`, which must live as long. Throws InputError.
  explicit TiffFile(std::string_view bytes, std::int64_t page = 0);
  /// To read from a file, bit by bit. Throws InputError.
  explicit TiffFile(const std::filesystem::path& path);
  /// To write into memory.
  TiffFile();
  /// To write into a file that is open for reading and writing and stays so; `big`: as BigTIFF.
  TiffFile(int descriptor, bool big);
  ~TiffFile();
  TiffFile(const TiffFile&) = delete;
  TiffFile& operator=(const TiffFile&) = delete;

  /// For libtiff's functions.
  TIFF* tiff() const { return tiff_; }
  /// How many pictures there are, without those that only show another one smaller. The one to read is the last then.
  std::int64_t pages();
  /// A tag of the picture, or the standard's default for it. Throws InputError where there is neither.
  template <class T>
  T tag(std::uint32_t number) const {
    T value{};
    if (TIFFGetFieldDefaulted(tiff_, number, &value) != 1) fail_damaged();
    return value;
  }
  /// Throws InputError with what libtiff complained about first.
  [[noreturn]] void fail_damaged() const;
  /// The file that was written into memory; the last call.
  std::string close();
  /// Of a file on disk; the last call. Throws Error "cannot write ..." where one of its parts could not be written.
  void close_file(const std::filesystem::path& path);
  /// Throws what close_file() would.
  [[noreturn]] void fail_write(const std::filesystem::path& path) const;

 private:
  friend struct TiffCallbacks;
  template <class Open>
  void open(Open open_with);
  bool is_page() const;

  std::string_view input_;
  std::string output_, error_;
  int error_number_ = 0;  // errno at the first error
  std::size_t at_ = 0;
  TIFF* tiff_ = nullptr;
};

}  // namespace inlay
