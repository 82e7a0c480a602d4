#include "workflow/checkerboards.h"

#include <algorithm>
#include <limits>

#include "inlay/checkerboard.h"

namespace inlay::workflow {
namespace {

constexpr std::int64_t kStride = 2;  // of every up-sampling of the U-Net; the last one leaves its pattern as it is

class Mean {
 public:
  void add(std::span<const float> plane, std::int64_t height, std::int64_t width) {
    if (std::min(height, width) < 2 * kStride || std::ranges::all_of(plane, [&](float x) { return x == plane[0]; }))
      return;
    sum_ += checkerboard(plane, height, width, kStride);
    ++planes_;
  }
  double value() const {
    return planes_ > 0 ? sum_ / static_cast<double>(planes_) : std::numeric_limits<double>::quiet_NaN();
  }

 private:
  double sum_ = 0;
  std::int64_t planes_ = 0;
};

}  // namespace

Checkerboards measure_checkerboards(Segmenter& segmenter, const Dataset& dataset, Split split) {
  Mean logits, truth;
  for (std::int64_t i = 0; i < dataset.size(split); ++i) {
    const Sample sample = dataset.read(split, i);
    const std::int64_t height = sample.image.height(), width = sample.image.width();
    const auto plane = static_cast<std::size_t>(height * width);
    const Tensor said = segmenter.logits(sample.image);
    const auto labels = std::as_const(sample.mask.labels).data<std::uint8_t>();
    const std::int64_t channels = said.shape()[0];
    std::vector<float> inside(plane);
    for (std::int64_t k = 0; k < channels; ++k) {
      logits.add(said.data<float>().subspan(static_cast<std::size_t>(k) * plane, plane), height, width);
      const std::int64_t label = channels == 1 ? 1 : k;
      std::ranges::transform(labels, inside.begin(), [&](std::uint8_t x) { return x == label ? 1.0F : 0.0F; });
      truth.add(inside, height, width);
    }
  }
  return {logits.value(), truth.value()};
}

}  // namespace inlay::workflow
