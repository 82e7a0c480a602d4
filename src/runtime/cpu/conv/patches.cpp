#include "runtime/cpu/patches/patches.h"

#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"

namespace inlay {
namespace {

using patches::Kernels;
using patches::Sizes;

Sizes sizes_of(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const std::int64_t x_blocks = blocks_of(p.x()), y_blocks = blocks_of(p.y());
  constexpr std::int64_t kShort = 64;  // pixels; short rows waste steps at their ends
  if (g.kh == 1 && g.ow < kShort) return {g.n, 1, g.oh * g.ow, 1, x_blocks, y_blocks};
  return {g.n, g.oh, g.ow, g.kh, x_blocks, y_blocks};
}

std::size_t weight_floats(const Sizes& s, int block) {
  return static_cast<std::size_t>(s.taps() * s.x_blocks * s.y_blocks * block * block);
}

/// Forward, or backward to the data.
class Patches : public ConvAlgorithm {
 public:
  explicit Patches(const ConvProblem& p)
      : problem_(p), kernels_(*patches::kernels(p.x_block)), forward_(p.direction == ConvDirection::forward) {
    const Buffer result = forward_ ? p.y() : p.x();
    call_.sizes = sizes_of(p);
    call_.relu = p.relu;
    call_.stream = worth_streaming(result.bytes());
    bias_.assign(static_cast<std::size_t>(blocks_of(result) * result.block), 0.0f);
    list_inputs();
    if (p.constant_weights) packed_ = Tensor(DType::f32, {static_cast<std::int64_t>(packed_floats())});
  }

  std::size_t scratch_bytes() const override { return problem_.constant_weights ? 0 : packed_floats() * sizeof(float); }
  std::size_t packed_bytes() const override { return packed_.bytes(); }
  bool reads_weights() const override { return !problem_.constant_weights; }

  void bind(const ConvAddresses& a) override {
    call_.x = reinterpret_cast<float*>(a.x[0]);
    call_.y = reinterpret_cast<float*>(a.y);
    weights_ = reinterpret_cast<const float*>(a.weights);
    plain_bias_ = reinterpret_cast<const float*>(a.bias);
    to_pack_ = problem_.constant_weights ? packed_.data<float>().data() : reinterpret_cast<float*>(a.scratch);
    call_.packed = to_pack_;
    call_.inputs = inputs_.data();
    call_.bias = plain_bias_ ? bias_.data() : nullptr;
    if (problem_.constant_weights) pack();
  }

  void run() override {
    if (!problem_.constant_weights) pack();
    if (plain_bias_) std::copy_n(plain_bias_, problem_.bias_size(), bias_.begin());
    parallel_ranges(call_.sizes.rows(), [&](std::int64_t begin, std::int64_t end) {
      forward_ ? kernels_.forward(call_, begin, end) : kernels_.backward(call_, begin, end);
    });
  }

 private:
  void pack() const {
    kernels_.pack({call_.sizes, problem_.geometry.c, problem_.geometry.m, weights_, forward_, to_pack_});
  }

  /// Offsets from a pixel: forward to all pixels of its patch, backward only to its own blocks.
  void list_inputs() {
    const Sizes& s = call_.sizes;
    const int block = kernels_.block;
    if (!forward_) {
      for (std::int64_t i = 0; i < s.y_blocks; ++i) inputs_.push_back(i * s.y_plane(block));
      return;
    }
    for (std::int64_t tap = 0; tap < s.taps(); ++tap)
      for (std::int64_t i = 0; i < s.x_blocks; ++i)
        inputs_.push_back(i * s.x_plane(block) + (tap / s.k * s.k * s.ow + tap % s.k) * block);
  }

  std::size_t packed_floats() const { return weight_floats(call_.sizes, kernels_.block); }

  ConvProblem problem_;
  const Kernels& kernels_;
  bool forward_;
  patches::Call call_{};
  std::vector<std::ptrdiff_t> inputs_;
  std::vector<float> bias_;
  Tensor packed_;
  const float *weights_ = nullptr, *plain_bias_ = nullptr;
  float* to_pack_ = nullptr;
};

/// Backward to the weights. Few channels: every thread sums its own rows; many: its own part of the sums.
class PatchGradient : public ConvAlgorithm {
 public:
  explicit PatchGradient(const ConvProblem& p) : problem_(p), kernels_(*patches::kernels(p.x_block)) {
    call_.sizes = sizes_of(p);
    parts_ = sums_floats() <= kOwnSums ? std::min<std::int64_t>(thread_count(), call_.sizes.rows()) : 1;
  }

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(parts_) * sums_floats() * sizeof(float) + bias_sums_bytes(problem_);
  }

  void bind(const ConvAddresses& a) override {
    call_.x = reinterpret_cast<const float*>(a.x[0]);
    call_.y = reinterpret_cast<const float*>(a.y);
    call_.sums = reinterpret_cast<float*>(a.scratch);
    weights_ = reinterpret_cast<float*>(a.weights);
    bias_ = reinterpret_cast<float*>(a.bias);
  }

  void run() override {
    const Sizes& s = call_.sizes;
    const std::int64_t units = s.taps() * s.x_blocks, rows = s.rows();
    if (parts_ == 1) {
      parallel_ranges(units,
                      [&](std::int64_t begin, std::int64_t end) { kernels_.gradient(call_, 0, rows, begin, end); });
    } else {
      parallel_ranges(parts_, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t part = begin; part < end; ++part) {
          patches::GradientCall call = call_;
          call.sums += static_cast<std::size_t>(part) * sums_floats();
          kernels_.gradient(call, rows * part / parts_, rows * (part + 1) / parts_, 0, units);
        }
      });
    }
    write_weights();
    if (bias_) sum_bias(problem_, call_.y, call_.sums + static_cast<std::size_t>(parts_) * sums_floats(), bias_);
  }

 private:
  void write_weights() const {
    const Sizes& s = call_.sizes;
    const ConvGeometry& g = problem_.geometry;
    const std::int64_t c_all = s.x_blocks * kernels_.block, m_all = s.y_blocks * kernels_.block;
    parallel_ranges(g.m, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t m = begin; m < end; ++m)
        for (std::int64_t c = 0; c < g.c; ++c)
          for (std::int64_t tap = 0; tap < s.taps(); ++tap) {
            const float* from = call_.sums + (tap * c_all + c) * m_all + m;
            float sum = 0;
            for (std::int64_t part = 0; part < parts_; ++part)
              sum += from[static_cast<std::size_t>(part) * sums_floats()];
            weights_[(m * g.c + c) * s.taps() + tap] = sum;
          }
    });
  }

  std::size_t sums_floats() const { return weight_floats(call_.sizes, kernels_.block); }

  ConvProblem problem_;
  const Kernels& kernels_;
  std::int64_t parts_ = 1;
  patches::GradientCall call_{};
  float *weights_ = nullptr, *bias_ = nullptr;
};

}  // namespace

std::vector<ConvCandidate> patch_candidates(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const bool fits = g.kh == g.kw && g.stride == Size2{g.kh, g.kw} && g.dilation == Size2{1, 1} && g.groups == 1 &&
                    g.h == g.oh * g.kh && g.w == g.ow * g.kw && g.padding == Padding{0} && p.x_block == p.y_block &&
                    patches::kernels(p.x_block) != nullptr;
  if (!fits) return {};
  if (p.direction == ConvDirection::backward_weights)
    return {{"patches", [p] { return std::make_unique<PatchGradient>(p); }}};
  return {{"patches", [p] { return std::make_unique<Patches>(p); }}};
}

}  // namespace inlay
