#include "infer/scaled_bands.h"

#include <algorithm>

#include "base/threads.h"

namespace inlay {

ScaledBands::ScaledBands(std::unique_ptr<Bands> bands, const PictureFacts& scaled, std::int64_t height,
                         std::int64_t width)
    : bands_(std::move(bands)), down_(taps_of(scaled.height, height)), along_(taps_of(scaled.width, width)) {}

bool ScaledBands::advance() {
  for (const std::int64_t before = end_; end_ == before;) {
    if (!bands_->advance()) return false;
    keep_rows();
    while (end_ < std::ssize(down_) && down_[static_cast<std::size_t>(end_)].end() <= bands_->end()) ++end_;
  }
  return true;
}

/// Those that the rows after end_ are made of.
void ScaledBands::keep_rows() {
  const Tensor next = bands_->probabilities(0, bands_->begin(), bands_->end() - bands_->begin());
  const std::int64_t channels = next.shape()[0], added = next.shape()[1], width = next.shape()[2];
  const std::int64_t had = bands_->begin() - first_;
  const std::int64_t first = std::min(down_[static_cast<std::size_t>(end_)].first, bands_->begin());
  const std::int64_t old = bands_->begin() - first;
  Tensor kept(DType::f32, {channels, old + added, width});
  float* to = kept.data<float>().data();
  for (std::int64_t c = 0; c < channels; ++c) {
    if (old > 0) to = std::copy_n(kept_.data<float>().data() + ((c + 1) * had - old) * width, old * width, to);
    to = std::copy_n(next.data<float>().data() + c * added * width, added * width, to);
  }
  kept_ = std::move(kept);
  first_ = first;
}

Tensor ScaledBands::probabilities(std::size_t /*pass*/, std::int64_t y, std::int64_t count) const {
  const std::int64_t channels = kept_.shape()[0], rows = kept_.shape()[1], width = kept_.shape()[2];
  Tensor result(DType::f32, {channels, count, std::ssize(along_)});
  parallel_ranges(
      channels * count,
      [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> sums(static_cast<std::size_t>(width));
        for (std::int64_t i = begin; i < end; ++i) {
          const Taps& down = down_[static_cast<std::size_t>(y + i % count)];
          const float* from = kept_.data<float>().data() + (i / count * rows + down.first - first_) * width;
          resample_row(from, down, along_, 1, sums, result.data<float>().data() + i * std::ssize(along_));
        }
      },
      2 * channels * count * width);
  return result;
}

}  // namespace inlay
