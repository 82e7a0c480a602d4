#include "runtime/cpu/patches/patches.h"

#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/epilogue.h"
#include "runtime/cpu/conv/sizes.h"

namespace inlay {
namespace {

using patches::Kernels;
using patches::Sizes;

Sizes sizes_of(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  return {g.n, g.oh, g.ow, g.kh, blocks_of(p.x()), blocks_of(p.y())};
}

std::size_t weight_floats(const Sizes& s, int block) {
  return static_cast<std::size_t>(s.units() * s.y_blocks * block * block);
}

/// Floats from the corner of a patch of x to its channel blocks: to its units.
std::vector<std::ptrdiff_t> units_of(const Sizes& s, int block) {
  std::vector<std::ptrdiff_t> result;
  for (std::int64_t row = 0; row < s.k; ++row)
    for (std::int64_t i = 0; i < s.x_blocks; ++i)
      for (std::int64_t column = 0; column < s.k; ++column)
        result.push_back(i * s.x_plane(block) + (row * s.k * s.ow + column) * block);
  return result;
}

/// Floats from a pixel of y to its channel blocks.
std::vector<std::ptrdiff_t> y_blocks_of(const Sizes& s, int block) {
  std::vector<std::ptrdiff_t> result;
  for (std::int64_t i = 0; i < s.y_blocks; ++i) result.push_back(i * s.y_plane(block));
  return result;
}

/// Floats from a unit of the result to the next while a strip of pixels is labelled.
std::vector<std::ptrdiff_t> strips_of(std::int64_t units, int block) {
  std::vector<std::ptrdiff_t> result;
  for (std::int64_t i = 0; i < units; ++i) result.push_back(i * patches::kPixels * block);
  return result;
}

/// Forward, or backward to the data; the result or its labels.
class Patches : public ConvAlgorithm {
 public:
  explicit Patches(const ConvProblem& p)
      : problem_(p),
        kernels_(*patches::kernels(p.x_block)),
        forward_(p.direction == ConvDirection::forward),
        slopes_(p) {
    const Buffer result = forward_ ? p.y() : p.x();
    call_.sizes = sizes_of(p);
    call_.to_y = forward_;
    call_.relu = p.activation == Activation::relu;
    call_.stream = !p.labels && worth_streaming(result.bytes());
    inputs_ = units_of(call_.sizes, kernels_.block);
    outputs_ = y_blocks_of(call_.sizes, kernels_.block);
    if (!forward_) std::swap(inputs_, outputs_);
    if (p.labels) outputs_ = strips_of(std::ssize(outputs_), kernels_.block);
    labels_.classes = result.type.shape[1];
    threads_ = std::min<std::int64_t>(thread_count(), call_.sizes.pixels());
    bias_.assign(outputs_.size() * block(), 0.0f);
    if (p.constant_weights) packed_ = Tensor(DType::f32, {static_cast<std::int64_t>(packed_floats())});
  }

  std::size_t scratch_bytes() const override {
    const std::size_t packed = problem_.constant_weights ? 0 : packed_floats();
    return (packed + static_cast<std::size_t>(threads_) * thread_floats()) * sizeof(float);
  }
  std::size_t packed_bytes() const override { return packed_.bytes(); }
  bool reads_weights() const override { return !problem_.constant_weights; }

  void bind(const ConvAddresses& a) override {
    call_.from = reinterpret_cast<const float*>(forward_ ? a.x[0] : a.y);
    std::byte* result = forward_ ? a.y : a.x[0];
    call_.to = problem_.labels ? nullptr : reinterpret_cast<float*>(result);
    labels_.to = reinterpret_cast<std::uint8_t*>(result);
    call_.inputs = inputs_;
    call_.outputs = outputs_;
    weights_ = reinterpret_cast<const float*>(a.weights);
    plain_bias_ = reinterpret_cast<const float*>(a.bias);
    scratch_ = reinterpret_cast<float*>(a.scratch);
    to_pack_ = problem_.constant_weights ? packed_.data<float>().data()
                                         : scratch_ + static_cast<std::size_t>(threads_) * thread_floats();
    call_.packed = to_pack_;
    call_.bias = plain_bias_ ? bias_.data() : nullptr;
    call_.other = reinterpret_cast<const float*>(a.other);
    call_.slopes = slopes_.data();
    slopes_.bind(a.slopes);
    if (problem_.constant_weights) pack();
  }

  void run() override {
    if (!problem_.constant_weights) pack();
    if (plain_bias_) spread_bias();
    slopes_.update();
    const std::int64_t pixels = call_.sizes.pixels();
    parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
      const std::int64_t first = pixels * begin / threads_, last = pixels * end / threads_;
      float* scratch = scratch_ + static_cast<std::size_t>(begin) * thread_floats();
      if (problem_.labels)
        kernels_.label(call_, labels_, first, last, scratch);
      else
        kernels_.multiply(call_, first, last, scratch);
    });
  }

 private:
  void pack() const {
    const patches::PackCall call{call_.sizes, problem_.geometry.c, problem_.geometry.m, weights_, forward_, to_pack_};
    parallel_ranges(kernels_.panels(std::ssize(outputs_)),
                    [&](std::int64_t begin, std::int64_t end) { kernels_.pack(call, begin, end); });
  }

  /// The units of the same channels have the same bias.
  void spread_bias() {
    const Sizes& s = call_.sizes;
    const std::int64_t count = problem_.bias_size(), k = forward_ ? 1 : s.k;
    const std::int64_t blocks = forward_ ? s.y_blocks : s.x_blocks;
    for (std::int64_t i = 0; i < std::ssize(outputs_); ++i) {
      const std::int64_t first = i / k % blocks * kernels_.block;
      std::copy_n(plain_bias_ + first, std::min<std::int64_t>(kernels_.block, count - first),
                  bias_.begin() + i * kernels_.block);
    }
  }

  std::size_t packed_floats() const { return weight_floats(call_.sizes, kernels_.block); }
  std::size_t thread_floats() const {
    const auto floats = problem_.labels ? patches::label_scratch : patches::multiply_scratch;
    return whole_lines(static_cast<std::size_t>(floats(std::ssize(inputs_), std::ssize(outputs_), kernels_.block)));
  }
  std::size_t block() const { return static_cast<std::size_t>(kernels_.block); }

  ConvProblem problem_;
  const Kernels& kernels_;
  bool forward_;
  std::int64_t threads_ = 1;
  patches::Call call_{};
  patches::Labels labels_{};
  std::vector<std::ptrdiff_t> inputs_, outputs_;
  std::vector<float> bias_;
  Slopes slopes_;
  Tensor packed_;
  const float *weights_ = nullptr, *plain_bias_ = nullptr;
  float *scratch_ = nullptr, *to_pack_ = nullptr;
};

/// Backward to the weights. Few channels: every thread sums its own pixels; many: its own part of the sums.
class PatchGradient : public ConvAlgorithm {
 public:
  explicit PatchGradient(const ConvProblem& p) : problem_(p), kernels_(*patches::kernels(p.x_block)) {
    call_.sizes = sizes_of(p);
    units_ = units_of(call_.sizes, kernels_.block);
    y_blocks_ = y_blocks_of(call_.sizes, kernels_.block);
    threads_ = thread_count();
    parts_ = sums_floats() <= kOwnSums ? std::min<std::int64_t>(threads_, call_.sizes.pixels()) : 1;
  }

  std::size_t scratch_bytes() const override {
    return (sums_sets_floats() + static_cast<std::size_t>(threads_) * thread_floats()) * sizeof(float) +
           bias_sums_bytes(problem_);
  }

  void bind(const ConvAddresses& a) override {
    call_.x = reinterpret_cast<const float*>(a.x[0]);
    call_.y = reinterpret_cast<const float*>(a.y);
    call_.units = units_;
    call_.y_blocks = y_blocks_;
    call_.sums = reinterpret_cast<float*>(a.scratch);
    copies_ = call_.sums + sums_sets_floats();
    weights_ = reinterpret_cast<float*>(a.weights);
    bias_ = reinterpret_cast<float*>(a.bias);
  }

  void run() override {
    const std::int64_t units = std::ssize(units_), pixels = call_.sizes.pixels();
    const std::int64_t shares = std::min(parts_ == 1 ? units : parts_, threads_);
    parallel_ranges(shares, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t share = begin; share < end; ++share) {
        float* copies = copies_ + static_cast<std::size_t>(share) * thread_floats();
        patches::GradientCall call = call_;
        if (parts_ == 1) {
          kernels_.gradient(call, 0, pixels, units * share / shares, units * (share + 1) / shares, copies);
        } else {
          call.sums += static_cast<std::size_t>(share) * sums_floats();
          kernels_.gradient(call, pixels * share / shares, pixels * (share + 1) / shares, 0, units, copies);
        }
      }
    });
    write_weights();
    if (bias_) sum_bias(problem_, call_.y, copies_ + static_cast<std::size_t>(threads_) * thread_floats(), bias_);
  }

 private:
  /// Some rows of weights at a time, so that each line of the sums is read once.
  void write_weights() const {
    constexpr std::int64_t kRows = 16;
    const std::int64_t m = problem_.geometry.m;
    parallel_ranges((m + kRows - 1) / kRows, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t first = begin * kRows; first < std::min(m, end * kRows); first += kRows)
        write_rows(first, std::min(m, first + kRows));
    });
  }

  void write_rows(std::int64_t first, std::int64_t last) const {
    const Sizes& s = call_.sizes;
    const std::int64_t channels = problem_.geometry.c, columns = s.y_blocks * kernels_.block;
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t tap = 0; tap < s.taps(); ++tap) {
        const std::int64_t unit = (tap / s.k * s.x_blocks + c / kernels_.block) * s.k + tap % s.k;
        const float* from = call_.sums + (unit * kernels_.block + c % kernels_.block) * columns;
        for (std::int64_t m = first; m < last; ++m) {
          float sum = 0;
          for (std::int64_t part = 0; part < parts_; ++part)
            sum += from[static_cast<std::size_t>(part) * sums_floats() + static_cast<std::size_t>(m)];
          weights_[(m * channels + c) * s.taps() + tap] = sum;
        }
      }
  }

  std::size_t sums_floats() const { return weight_floats(call_.sizes, kernels_.block); }
  std::size_t sums_sets_floats() const { return static_cast<std::size_t>(parts_) * sums_floats(); }
  std::size_t thread_floats() const {
    return whole_lines(static_cast<std::size_t>(patches::gradient_scratch(call_.sizes.y_blocks, kernels_.block)));
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  std::int64_t parts_ = 1, threads_ = 1;
  patches::GradientCall call_{};
  std::vector<std::ptrdiff_t> units_, y_blocks_;
  float *copies_ = nullptr, *weights_ = nullptr, *bias_ = nullptr;
};

}  // namespace

std::vector<ConvCandidate> patch_candidates(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const bool fits = side_by_side(g) && g.kh == g.kw && g.groups == 1 && p.x_block == p.y_block &&
                    patches::kernels(p.x_block) != nullptr;
  if (!fits) return {};
  if (p.direction == ConvDirection::backward_weights)
    return {{"patches", [p] { return std::make_unique<PatchGradient>(p); }}};
  return {{"patches", [p] { return std::make_unique<Patches>(p); }}};
}

}  // namespace inlay
