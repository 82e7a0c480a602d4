#include <algorithm>
#include <cstring>

#include "base/fail.h"
#include "image/streams/streams.h"

namespace inlay {
namespace {

class ImageRows : public PictureReader {
 public:
  explicit ImageRows(Image image, std::int64_t held_bytes) : image_(std::move(image)) {
    facts_ = {image_.height(), image_.width(), image_.channels(), image_.pixels.type(), held_bytes};
  }

  Tensor read(std::int64_t rows) override {
    rows = std::min(rows, image_.height() - next_);
    const std::size_t row = image_.pixels.bytes() / static_cast<std::size_t>(image_.height());
    Tensor part(facts_.type, {rows, facts_.width, facts_.channels});
    std::memcpy(part.raw(), image_.pixels.raw() + static_cast<std::size_t>(next_) * row, part.bytes());
    next_ += rows;
    return part;
  }

 private:
  Image image_;
  std::int64_t next_ = 0;
};

/// Names the file in what goes wrong while it is read, too.
class NamedRows : public PictureReader {
 public:
  NamedRows(std::filesystem::path path, std::unique_ptr<PictureReader> reader)
      : path_(std::move(path)), reader_(std::move(reader)) {
    facts_ = reader_->facts();
  }

  Tensor read(std::int64_t rows) override {
    try {
      return reader_->read(rows);
    } catch (const InputError& error) {
      fail_input("cannot read '{}': {}", path_.string(), error.what());
    }
  }

 private:
  std::filesystem::path path_;
  std::unique_ptr<PictureReader> reader_;
};

std::unique_ptr<PictureReader> open_by_rows(const std::filesystem::path& path) {
  try {
    if (auto reader = open_png_rows(path)) return reader;
    return open_tiff_rows(path);
  } catch (const InputError& error) {
    fail_input("cannot read '{}': {}", path.string(), error.what());
  }
}

}  // namespace

void check_rows(std::int64_t height, std::int64_t width, std::int64_t bytes_a_pixel) {
  constexpr std::int64_t kMost = INT32_MAX;
  if (height < 1 || width < 1) fail_input("it is damaged (it claims a size of {}x{} pixels)", height, width);
  if (height > kMost || width > kMost / bytes_a_pixel)
    fail_input("it claims {}x{} pixels; rows of more than 2 GB cannot be read", height, width);
}

std::unique_ptr<PictureReader> read_rows_of(const Image& image) { return std::make_unique<ImageRows>(image, 0); }

std::unique_ptr<PictureReader> open_picture(const std::filesystem::path& path) {
  if (auto reader = open_by_rows(path)) return std::make_unique<NamedRows>(path, std::move(reader));
  Image image = read_image(path);
  const auto bytes = static_cast<std::int64_t>(image.pixels.bytes());
  return std::make_unique<ImageRows>(std::move(image), bytes);
}

}  // namespace inlay
