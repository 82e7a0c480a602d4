#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/planes.h"
#include "runtime/cpu/conv/winograd.h"

namespace inlay {
namespace {

using namespace winograd;

/// Forward, or backward to the data: the same with weights turned by 180 degrees and channels swapped.
class WinogradConv : public ConvAlgorithm {
 public:
  explicit WinogradConv(const ConvProblem& p)
      : problem_(p), kernels_(*kernels(p.x_block)), backward_(p.direction == ConvDirection::backward_data) {
    const ConvGeometry& g = p.geometry;
    const Padding& pad = g.padding;
    from_ = backward_ ? p.y() : p.x();
    to_ = backward_ ? p.x() : p.y();
    call_.tiles = backward_ ? Tiles{g.n, g.oh, g.ow, g.h, g.w, 2 - pad.top, 2 - pad.left}
                            : Tiles{g.n, g.h, g.w, g.oh, g.ow, pad.top, pad.left};
    call_.relu = p.relu;
    call_.stream = is_streamed(to_);
    inputs_ = channels_in_blocks(from_);
    outputs_ = channels_in_blocks(to_);
    bias_.assign(outputs_.size(), 0.0f);
    threads_ = thread_count();
    share_tiles();
    if (p.constant_weights) packed_ = Tensor(DType::f32, {static_cast<std::int64_t>(packed_floats())});
  }

  std::size_t scratch_bytes() const override {
    const std::size_t weights = problem_.constant_weights ? 0 : packed_floats();
    return (weights + static_cast<std::size_t>(threads_) * thread_floats()) * sizeof(float);
  }
  std::size_t packed_bytes() const override { return packed_.bytes(); }

  void bind(const ConvAddresses& a) override {
    x_ = planes(from_, backward_ ? a.y : a.x);
    y_ = planes(to_, backward_ ? a.x : a.y);
    weights_ = reinterpret_cast<const float*>(a.weights);
    plain_bias_ = reinterpret_cast<const float*>(a.bias);
    scratch_ = reinterpret_cast<float*>(a.scratch);
    float* packed = scratch_;
    if (problem_.constant_weights) {
      packed = packed_.data<float>().data();
    } else {
      scratch_ += packed_floats();
    }
    call_.x = x_;
    call_.y = y_;
    call_.packed = packed;
    call_.bias = plain_bias_ ? bias_.data() : nullptr;
    if (problem_.constant_weights) pack(packed);
  }

  void run() override {
    if (!problem_.constant_weights) pack(const_cast<float*>(call_.packed));
    if (plain_bias_) std::copy_n(plain_bias_, problem_.bias_size(), bias_.begin());
    const std::int64_t tiles = call_.tiles.count(), share = (tiles + threads_ - 1) / threads_;
    parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i)
        kernels_.forward(call_, std::min(tiles, i * share), std::min(tiles, (i + 1) * share),
                         scratch_ + static_cast<std::size_t>(i) * thread_floats());
    });
  }

 private:
  /// As many tiles at once as a thread's part of the second-level cache likes, in equal steps.
  void share_tiles() {
    constexpr std::int64_t kMost = 2 * kTileStep;
    const std::int64_t share = (call_.tiles.count() + threads_ - 1) / threads_;
    const std::int64_t steps = std::max<std::int64_t>(1, (share + kMost - 1) / kMost);
    const std::int64_t in_step = (share + steps - 1) / steps;
    call_.tiles_at_once = (in_step + kTileStep - 1) / kTileStep * kTileStep;
  }

  void pack(float* packed) const {
    const ConvGeometry& g = problem_.geometry;
    const WeightLayout layout = backward_ ? WeightLayout{9, g.c * 9, true} : WeightLayout{g.c * 9, 9, false};
    const PackCall call{weights_, layout, inputs_, outputs_, packed};
    parallel_ranges(std::ssize(inputs_),
                    [&](std::int64_t begin, std::int64_t end) { kernels_.pack(call, begin, end); });
  }

  std::size_t packed_floats() const { return kPoints * inputs_.size() * outputs_.size(); }
  std::size_t thread_floats() const {
    const int block = kernels_.block;
    const std::int64_t x_blocks = std::ssize(inputs_) / block, y_blocks = std::ssize(outputs_) / block;
    const std::int64_t group = std::min<std::int64_t>(kGroupChannels / block, y_blocks);
    return whole_lines(static_cast<std::size_t>(kPoints * (point_stride(x_blocks, block, call_.tiles_at_once) +
                                                           point_stride(group, block, call_.tiles_at_once))));
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  bool backward_;
  int threads_;
  Buffer from_, to_;
  Channels inputs_, outputs_;
  std::vector<Plane> x_, y_;
  std::vector<float> bias_;
  ForwardCall call_{};
  Tensor packed_;
  const float *weights_ = nullptr, *plain_bias_ = nullptr;
  float* scratch_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_winograd_conv(const ConvProblem& problem) {
  return std::make_unique<WinogradConv>(problem);
}

std::vector<ConvCandidate> winograd_candidates(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const bool fits = g.kh == 3 && g.kw == 3 && g.stride == Size2{1, 1} && g.dilation == Size2{1, 1} && g.groups == 1 &&
                    p.x_block == p.y_block && winograd::kernels(p.x_block) != nullptr;
  if (!fits) return {};
  const auto make = p.direction == ConvDirection::backward_weights ? make_winograd_gradient : make_winograd_conv;
  return {{"winograd", [p, make] { return make(p); }}};
}

}  // namespace inlay
