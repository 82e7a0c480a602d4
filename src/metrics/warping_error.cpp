#include <array>

#include "metrics/family.h"

namespace inlay {
namespace {

/// Cells as 1, border as 0, with a rim of border around: (height + 2) x (width + 2).
struct Plane {
  Plane(const Mask& mask, std::uint8_t border)
      : stride(static_cast<std::size_t>(mask.width() + 2)),
        pixels(stride * static_cast<std::size_t>(mask.height() + 2)) {
    const std::span<const std::uint8_t> labels = mask.labels.data<std::uint8_t>();
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] != border && labels[i] != kIgnore) pixels[place(i)] = 1;
  }

  /// Of the mask's pixel i.
  std::size_t place(std::size_t i) const {
    const std::size_t width = stride - 2;
    return (i / width + 1) * stride + i % width + 1;
  }

  /// Whether to flip the pixel keeps the topology of cells, which hang together by edges, and border, by corners: the
  /// crossing number of Yokoi, Toriwaki and Fukumura (1975) is 1.
  bool simple(std::size_t at) const {
    const std::array<std::size_t, 8> around{at + 1, at - stride + 1, at - stride, at - stride - 1,
                                            at - 1, at + stride - 1, at + stride, at + stride + 1};
    int crossings = 0;
    for (std::size_t k = 0; k < 8; k += 2) {
      const int a = pixels[around[k]], b = pixels[around[k + 1]], c = pixels[around[(k + 2) % 8]];
      crossings += a - a * b * c;
    }
    return crossings == 1;
  }

  std::size_t stride;
  std::vector<std::uint8_t> pixels;
};

/// Pixels that differ after warping, and those that count.
class WarpingError final : public MetricFamily {
 public:
  explicit WarpingError(const ScorerOptions& options) : border_(background_class(options.classes).value_or(0)) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    Plane warped(image.truth, border_);
    const Plane predicted(image.counted, border_);
    const std::span<const std::uint8_t> labels = image.truth.labels.data<std::uint8_t>();
    std::vector<std::size_t> wrong;
    double pixels = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (labels[i] == kIgnore) continue;
      ++pixels;
      const std::size_t at = warped.place(i);
      if (warped.pixels[at] != predicted.pixels[at]) wrong.push_back(at);
    }
    const auto flipped = [&](std::size_t at) {
      if (!warped.simple(at)) return false;
      warped.pixels[at] = predicted.pixels[at];
      return true;
    };
    while (std::erase_if(wrong, flipped) > 0) continue;
    return {static_cast<double>(wrong.size()), pixels};
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    return {{divide(sums[0], sums[1]), {}}};
  }

 private:
  std::uint8_t border_;
};

}  // namespace

const FamilyEntry kWarpingErrorMetrics{
    {{"warping_error", "share of pixels that no bending of borders explains", "", false}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> {
      return std::make_unique<WarpingError>(options);
    }};

}  // namespace inlay
