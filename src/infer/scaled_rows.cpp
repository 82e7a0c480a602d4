#include "infer/scaled_rows.h"

#include <algorithm>

namespace inlay {
namespace {

constexpr std::int64_t kAtOnce = 64;

/// Rows of the picture that kAtOnce scaled ones are made of.
std::int64_t most_rows(const std::vector<Taps>& down) {
  std::int64_t most = 0;
  for (std::size_t y = 0; y < down.size(); ++y)
    most = std::max(most, down[std::min(y + kAtOnce, down.size()) - 1].end() - down[y].first);
  return most;
}

template <class T>
void resample_rows(const Image& picture, std::int64_t first, std::span<const Taps> down, std::span<const Taps> along,
                   T* to) {
  const std::int64_t channels = picture.channels(), row = picture.width() * channels;
  std::vector<float> sums(static_cast<std::size_t>(row));
  for (const Taps& y : down) {
    resample_row(picture.pixels.data<T>().data() + (y.first - first) * row, y, along, channels, sums, to);
    to += std::ssize(along) * channels;
  }
}

}  // namespace

ScaledRows::ScaledRows(std::unique_ptr<PictureReader> picture, std::int64_t height, std::int64_t width)
    : picture_(std::move(picture)),
      down_(taps_of(picture_->facts().height, height)),
      along_(taps_of(picture_->facts().width, width)),
      window_(*picture_, most_rows(down_)) {
  facts_ = picture_->facts();
  const auto value = static_cast<std::int64_t>(size_of(facts_.type));
  facts_.held_bytes += 2 * most_rows(down_) * facts_.width * facts_.channels * value;
  facts_.height = height;
  facts_.width = width;
}

Tensor ScaledRows::read(std::int64_t rows) {
  rows = std::min(rows, facts_.height - next_);
  Tensor result(facts_.type, {rows, facts_.width, facts_.channels});
  for (std::int64_t done = 0; done < rows;) {
    const std::int64_t count = std::min(kAtOnce, rows - done);
    const std::span<const Taps> down =
        std::span(down_).subspan(static_cast<std::size_t>(next_), static_cast<std::size_t>(count));
    window_.move(down.front().first, down.back().end());
    const std::int64_t at = done * facts_.width * facts_.channels;
    if (facts_.type == DType::u8)
      resample_rows(window_.image(), window_.first(), down, along_, result.data<std::uint8_t>().data() + at);
    else
      resample_rows(window_.image(), window_.first(), down, along_, result.data<float>().data() + at);
    done += count;
    next_ += count;
  }
  return result;
}

}  // namespace inlay
