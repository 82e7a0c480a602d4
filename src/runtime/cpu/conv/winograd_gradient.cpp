#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/planes.h"
#include "runtime/cpu/conv/winograd.h"

namespace inlay {
namespace {

using namespace winograd;

/// Few channels: every thread sums its own tiles, and the sums are added at the end. Many: the sums are large, so
/// threads share one set of them and take turns at transforming and multiplying the same tiles.
class WinogradGradient : public ConvAlgorithm {
 public:
  explicit WinogradGradient(const ConvProblem& p) : problem_(p), kernels_(*kernels(p.x_block)) {
    const ConvGeometry& g = p.geometry;
    call_.tiles = {g.n, g.h, g.w, g.oh, g.ow, g.padding.top, g.padding.left};
    call_.layout = {g.c * 9, 9};
    inputs_ = channels_in_blocks(p.x());
    outputs_ = channels_in_blocks(p.y());
    call_.inputs = inputs_;
    call_.outputs = outputs_;
    parts_ = sums_floats() <= kOwnSums ? thread_count() : 1;
    choose_tiles();
  }

  std::size_t scratch_bytes() const override {
    const std::size_t floats = static_cast<std::size_t>(parts_) * (sums_floats() + points_floats());
    return floats * sizeof(float) + bias_sums_bytes(problem_);
  }

  void bind(const ConvAddresses& a) override {
    x_ = planes(problem_.x(), a.x);
    dy_ = planes(problem_.y(), a.y);
    call_.x = x_;
    call_.dy = dy_;
    call_.weights = reinterpret_cast<float*>(a.weights);
    call_.sums = reinterpret_cast<float*>(a.scratch);
    points_ = call_.sums + static_cast<std::size_t>(parts_) * sums_floats();
    bias_ = reinterpret_cast<float*>(a.bias);
  }

  void run() override {
    parts_ > 1 ? sum_own_tiles() : sum_shared_tiles();
    parallel_ranges(std::ssize(inputs_), [&](std::int64_t begin, std::int64_t end) {
      kernels_.gradient_weights(call_, parts_, static_cast<std::ptrdiff_t>(sums_floats()), begin, end);
    });
    if (bias_)
      sum_bias(problem_, dy_.front().data, points_ + static_cast<std::size_t>(parts_) * points_floats(), bias_);
  }

 private:
  void choose_tiles() {
    const auto channels = static_cast<std::int64_t>(inputs_.size() + outputs_.size());
    const std::int64_t cache = parts_ > 1 ? 128 << 10 : 3 << 20;  // floats of transformed tiles
    const std::int64_t share = (call_.tiles.count() + parts_ - 1) / parts_;
    const std::int64_t most = std::clamp<std::int64_t>(cache / (kPoints * channels), 16, 256);
    const std::int64_t steps = std::max<std::int64_t>(1, (share + most - 1) / most);
    call_.tiles_at_once = std::max<std::int64_t>(1, (share + steps - 1) / steps);
  }

  WeightGradCall with_points(std::int64_t part) const {
    WeightGradCall call = call_;
    call.sums = call_.sums + static_cast<std::size_t>(part) * sums_floats();
    call.x_points = points_ + static_cast<std::size_t>(part) * points_floats();
    call.dy_points = call.x_points + x_points_floats();
    return call;
  }

  void sum_own_tiles() {
    const std::int64_t tiles = call_.tiles.count(), share = (tiles + parts_ - 1) / parts_;
    parallel_ranges(parts_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        const WeightGradCall call = with_points(part);
        const std::int64_t from = std::min(tiles, part * share), to = std::min(tiles, from + share);
        if (from == to) std::fill_n(call.sums, sums_floats(), 0.0f);
        for (std::int64_t first = from; first < to; first += call.tiles_at_once) {
          const std::int64_t last = std::min(to, first + call.tiles_at_once);
          kernels_.gradient_tiles(call, first, last, 0, std::ssize(x_) + std::ssize(dy_));
          kernels_.gradient_products(call, last - first, 0, kPoints * std::ssize(x_), first > from);
        }
      }
    });
  }

  void sum_shared_tiles() {
    const std::int64_t tiles = call_.tiles.count();
    const WeightGradCall call = with_points(0);
    for (std::int64_t first = 0; first < tiles; first += call.tiles_at_once) {
      const std::int64_t last = std::min(tiles, first + call.tiles_at_once);
      parallel_ranges(std::ssize(x_) + std::ssize(dy_), [&](std::int64_t begin, std::int64_t end) {
        kernels_.gradient_tiles(call, first, last, begin, end);
      });
      parallel_ranges(kPoints * std::ssize(x_), [&](std::int64_t begin, std::int64_t end) {
        kernels_.gradient_products(call, last - first, begin, end, first > 0);
      });
    }
  }

  std::size_t sums_floats() const { return kPoints * inputs_.size() * outputs_.size(); }
  std::size_t x_points_floats() const { return points_of(inputs_); }
  std::size_t points_floats() const { return points_of(inputs_) + points_of(outputs_); }
  std::size_t points_of(const Channels& channels) const {
    const std::int64_t blocks = std::ssize(channels) / kernels_.block;
    return whole_lines(static_cast<std::size_t>(kPoints * point_stride(blocks, kernels_.block, call_.tiles_at_once)));
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  std::int64_t parts_ = 1;
  Channels inputs_, outputs_;
  std::vector<Plane> x_, dy_;
  WeightGradCall call_{};
  float *points_ = nullptr, *bias_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_winograd_gradient(const ConvProblem& problem) {
  return std::make_unique<WinogradGradient>(problem);
}

}  // namespace inlay
