#include <cmath>

#include "graph/options.h"
#include "runtime/cpu/batch_moments.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// What a channel's numbers become. The forward and the backward kernel share it: they must agree on the sign.
struct Normalisation {
  const float *mean, *factor, *shift;
  float operator()(float x, std::int64_t c) const { return std::fma(x - mean[c], factor[c], shift[c]); }
};

/// Scratch: the strips' sums, then some numbers a channel, zeros beyond the last one.
class PerChannel {
 public:
  PerChannel(const Strips& strips, std::int64_t arrays)
      : block_sums_(strip_sums_size(strips, {0, 1})),
        sums_(strip_sums_size(strips, strips.all())),
        padded_(strips.blocks * strips.block),
        arrays_(arrays) {}
  std::size_t bytes() const {
    return static_cast<std::size_t>(sums_) * sizeof(double) +
           static_cast<std::size_t>(arrays_ * padded_) * sizeof(float);
  }
  double* sums(const Pointers& p, const BlockRange& blocks) const {
    return reinterpret_cast<double*>(p.scratch) + blocks.begin * block_sums_;
  }
  float* array(const Pointers& p, std::int64_t i) const {
    return reinterpret_cast<float*>(reinterpret_cast<double*>(p.scratch) + sums_) + i * padded_;
  }
  void clear(const Pointers& p) const { std::fill_n(array(p, 0), arrays_ * padded_, 0.0f); }

 private:
  std::int64_t block_sums_, sums_, padded_, arrays_;
};

/// What the two kernels have in common.
class BatchNormKernel : public Kernel {
 public:
  BatchNormKernel(const KernelSpec& spec, const Buffer& x, std::int64_t arrays)
      : options_(from_attributes<BatchNormOptions>(spec.attributes)), strips_(x), scratch_(strips_, arrays) {}

  std::size_t scratch_bytes() const override { return scratch_.bytes(); }

 protected:
  bool relu() const { return options_.activation == Activation::relu; }
  double count() const { return static_cast<double>(strips_.images * strips_.pixels); }
  float* array(std::int64_t i) const { return scratch_.array(pointers_, i); }

  float inverse_deviation(double variance) const {
    return static_cast<float>(1 / std::sqrt(variance + options_.epsilon));
  }

  /// Calls body(blocks) until all blocks are done. Where every thread has blocks of its own, it takes them one by one:
  /// what a body goes over twice may still be in cache the second time.
  template <class Body>
  void for_blocks(const Body& body) const {
    if (strips_.blocks < 2 * thread_count()) return body(strips_.all());
    parallel_ranges(
        strips_.blocks,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t b = begin; b < end; ++b) body(BlockRange{b, b + 1});
        },
        strips_.elements(strips_.all()));
  }

  /// Calls body(c) for the channels of some blocks.
  template <class Body>
  void for_channels(const BlockRange& blocks, const Body& body) const {
    const std::int64_t end = std::min(blocks.end * strips_.block, strips_.channels);
    for (std::int64_t c = blocks.begin * strips_.block; c < end; ++c) body(c);
  }

  void write(std::size_t output, std::int64_t c, double value) {
    if (float* out = pointers_.out<float>(output)) out[c] = static_cast<float>(value);
  }

  /// y from the numbers of Normalisation: arrays 0 to 2.
  template <int B>
  void normalise(const BlockRange& blocks) {
    const float* x = pointers_.in<float>(0);
    float* y = pointers_.out<float>(0);
    if (!y) return;
    const bool streamed = x != y && worth_streaming(static_cast<std::size_t>(strips_.elements(strips_.all())) * 4);
    const Normalisation normal{array(0), array(1), array(2)};
    const auto linear = [=](std::int64_t i, std::int64_t c) { return normal(x[i], c); };
    const auto rectified = [=](std::int64_t i, std::int64_t c) {
      const float value = normal(x[i], c);
      return value > 0 ? value : 0.0f;
    };
    relu() ? for_each_element<B>(strips_, blocks, y, rectified, streamed)
           : for_each_element<B>(strips_, blocks, y, linear, streamed);
  }

  BatchNormOptions options_;
  Strips strips_;
  PerChannel scratch_;
};

template <int B>
class BatchNorm : public BatchNormKernel {
 public:
  explicit BatchNorm(const KernelSpec& spec) : BatchNormKernel(spec, spec.inputs[0], 3) {}

  /// With statistics that are given and a y that nobody reads, x is of no use.
  bool reads(std::size_t input) const override {
    return input != 0 || !options_.given || pointers_.outputs.empty() || pointers_.outputs[0] != nullptr;
  }

  void run(std::uint64_t) override {
    scratch_.clear(pointers_);
    for_blocks([&](const BlockRange& blocks) {
      prepare(blocks);
      normalise<B>(blocks);
    });
  }

 private:
  /// The numbers of Normalisation.
  void prepare(const BlockRange& blocks) {
    float *mean = array(0), *factor = array(1), *shift = array(2);
    if (options_.training)
      batch_statistics(blocks, mean, factor);
    else
      for_channels(blocks, [&](std::int64_t c) {
        mean[c] = pointers_.in<float>(3)[c];
        factor[c] = inverse_deviation(pointers_.in<float>(4)[c]);
      });
    for_channels(blocks, [&](std::int64_t c) {
      factor[c] *= pointers_.in<float>(1)[c];
      shift[c] = pointers_.in<float>(2)[c];
    });
  }

  void batch_statistics(const BlockRange& blocks, float* mean, float* inverse) {
    const auto keep = [&](std::int64_t c, const Moments& of) {
      const double old_variance = pointers_.in<float>(4)[c];
      const double unbiased = count() > 1 ? of.variance * count() / (count() - 1) : old_variance;
      mean[c] = static_cast<float>(of.mean);
      inverse[c] = inverse_deviation(of.variance);
      write(1, c, mean[c]);
      write(2, c, inverse[c]);
      write(3, c, moved(pointers_.in<float>(3)[c], of.mean));
      write(4, c, moved(old_variance, unbiased));
    };
    if (options_.given)
      return for_channels(blocks, [&](std::int64_t c) {
        keep(c, {pointers_.in<float>(5)[c], pointers_.in<float>(6)[c]});
      });
    batch_moments<B>(strips_, blocks, pointers_.in<float>(0), mean, scratch_.sums(pointers_, blocks), keep);
  }

  double moved(double old, double now) const { return (1 - options_.momentum) * old + options_.momentum * now; }
};

/// y once more, with the same sums in the same order as the first time: the same bits.
template <int B>
class BatchNormAgain : public BatchNormKernel {
 public:
  explicit BatchNormAgain(const KernelSpec& spec) : BatchNormKernel(spec, spec.inputs[0], 3) {}

  void run(std::uint64_t) override {
    scratch_.clear(pointers_);
    for_blocks([&](const BlockRange& blocks) {
      for_channels(blocks, [&](std::int64_t c) {
        array(0)[c] = pointers_.in<float>(3)[c];
        array(1)[c] = pointers_.in<float>(4)[c] * pointers_.in<float>(1)[c];
        array(2)[c] = pointers_.in<float>(2)[c];
      });
      normalise<B>(blocks);
    });
  }
};

template <int B>
class BatchNormGrad : public BatchNormKernel {
 public:
  explicit BatchNormGrad(const KernelSpec& spec) : BatchNormKernel(spec, spec.inputs[1], 5) {}

  void run(std::uint64_t) override { relu() ? run_through<true>() : run_through<false>(); }

 private:
  /// dx = factor * (dy - level - (x - mean) * slope); the last two terms go through the batch's statistics. Relu: dy
  /// counts only where y > 0.
  template <bool Relu>
  void run_through() {
    const float *dy = pointers_.in<float>(0), *x = pointers_.in<float>(1);
    scratch_.clear(pointers_);
    const float *mean = array(0), *factor = array(1), *slope = array(3), *level = array(4);
    const Normalisation normal{mean, factor, array(2)};
    const auto kept = [=](std::int64_t i, std::int64_t c) {
      const float d = dy[i];  // read always: a conditional read is not vectorised
      if constexpr (Relu)
        return normal(x[i], c) > 0 ? d : 0.0f;
      else
        return d;
    };
    for_blocks([&](const BlockRange& blocks) {
      prepare(blocks);
      if (options_.given) {
        for_channels(blocks, [&](std::int64_t c) { finish(c, pointers_.in<float>(6)[c], pointers_.in<float>(7)[c]); });
      } else {
        double* sums = scratch_.sums(pointers_, blocks);
        strip_sums<B>(strips_, blocks, sums, [=](std::int64_t i, std::int64_t c) {
          const float d = kept(i, c);
          return TwoTerms{d * (x[i] - mean[c]), d};
        });
        for_channels(blocks, [&](std::int64_t c) {
          const TwoSums total = channel_sums(strips_, blocks, sums, c);
          finish(c, total.first * static_cast<double>(inverse(c)), total.second);
        });
      }
      if (float* dx = pointers_.out<float>(0))
        for_each_element<B>(strips_, blocks, dx, [=](std::int64_t i, std::int64_t c) {
          return factor[c] * (kept(i, c) - level[c] - (x[i] - mean[c]) * slope[c]);
        });
    });
  }

  float inverse(std::int64_t c) const {
    const float spread = pointers_.in<float>(4)[c];
    return options_.training ? spread : inverse_deviation(spread);
  }

  void prepare(const BlockRange& blocks) {
    for_channels(blocks, [&](std::int64_t c) {
      array(0)[c] = pointers_.in<float>(3)[c];
      array(1)[c] = inverse(c) * pointers_.in<float>(2)[c];
      if (relu()) array(2)[c] = pointers_.in<float>(5)[c];
    });
  }

  void finish(std::int64_t c, double dscale, double dshift) {
    if (options_.training) {
      array(3)[c] = static_cast<float>(static_cast<double>(inverse(c)) * dscale / count());
      array(4)[c] = static_cast<float>(dshift / count());
    }
    write(1, c, dscale);
    write(2, c, dshift);
  }
};

template <template <int> class K>
std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return with_block(spec.inputs[0].block,
                    [&]<int B>() -> std::unique_ptr<Kernel> { return std::make_unique<K<B>>(spec); });
}

}  // namespace

const CpuKernel kBatchNormKernel{.op = "batch_norm", .layout = follow_first, .make = make<BatchNorm>, .in_place = 0b1};
const CpuKernel kBatchNormGradKernel{
    .op = "batch_norm_grad", .layout = follow_first, .make = make<BatchNormGrad>, .in_place = 0b11};
const CpuKernel kBatchNormAgainKernel{.op = "batch_norm_again", .layout = follow_first, .make = make<BatchNormAgain>};

}  // namespace inlay
