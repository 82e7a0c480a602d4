#include "infer/row_window.h"

#include <algorithm>
#include <cstring>

namespace inlay {

RowWindow::RowWindow(PictureReader& reader, std::int64_t capacity)
    : reader_(reader), rows_(reader.facts().type, {capacity, reader.facts().width, reader.facts().channels}) {}

void RowWindow::move(std::int64_t first, std::int64_t last) {
  constexpr std::int64_t kAtOnce = 64;
  const std::size_t row = rows_.bytes() / static_cast<std::size_t>(rows_.shape()[0]);
  const std::int64_t dropped = std::clamp<std::int64_t>(first - first_, 0, count_);
  std::memmove(rows_.raw(), rows_.raw() + static_cast<std::size_t>(dropped) * row,
               static_cast<std::size_t>(count_ - dropped) * row);
  first_ += dropped;
  count_ -= dropped;
  while (first_ + count_ < last) {
    const Tensor next = reader_.read(std::min(kAtOnce, last - first_ - count_));
    const std::int64_t skipped = std::clamp<std::int64_t>(first - first_ - count_, 0, next.shape()[0]);
    std::memcpy(rows_.raw() + static_cast<std::size_t>(count_) * row,
                next.raw() + static_cast<std::size_t>(skipped) * row,
                next.bytes() - static_cast<std::size_t>(skipped) * row);
    first_ += skipped;
    count_ += next.shape()[0] - skipped;
  }
}

Image RowWindow::image() const {
  const Shape& shape = rows_.shape();
  const std::size_t bytes = rows_.bytes() / static_cast<std::size_t>(shape[0]) * static_cast<std::size_t>(count_);
  Image image{Tensor(rows_.type(), {count_, shape[1], shape[2]})};
  std::memcpy(image.pixels.raw(), rows_.raw(), bytes);
  return image;
}

}  // namespace inlay
