#include <cmath>

#include "graph/options.h"
#include "runtime/cpu/channel_sums.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Scratch: the rows' sums, then some numbers a channel, zeros beyond the last one.
class PerChannel {
 public:
  PerChannel(const Rows& rows, std::int64_t arrays)
      : sums_(row_sums_size(rows)), padded_(rows.blocks * rows.block), arrays_(arrays) {}
  std::size_t bytes() const {
    return static_cast<std::size_t>(sums_) * sizeof(double) +
           static_cast<std::size_t>(arrays_ * padded_) * sizeof(float);
  }
  double* sums(const Pointers& p) const { return reinterpret_cast<double*>(p.scratch); }
  float* array(const Pointers& p, std::int64_t i) const {
    return reinterpret_cast<float*>(sums(p) + sums_) + i * padded_;
  }
  void clear(const Pointers& p) const { std::fill_n(array(p, 0), arrays_ * padded_, 0.0f); }

 private:
  std::int64_t sums_, padded_, arrays_;
};

template <int B>
class BatchNorm : public Kernel {
 public:
  explicit BatchNorm(const KernelSpec& spec)
      : options_(from_attributes<BatchNormOptions>(spec.attributes)), rows_(spec.inputs[0]), scratch_(rows_, 3) {}

  std::size_t scratch_bytes() const override { return scratch_.bytes(); }

  /// y = (x - mean) * factor + shift.
  void run(std::uint64_t) override {
    scratch_.clear(pointers_);
    float *mean = scratch_.array(pointers_, 0), *factor = scratch_.array(pointers_, 1),
          *shift = scratch_.array(pointers_, 2);
    if (options_.training) {
      batch_statistics(mean, factor);
    } else {
      for (std::int64_t c = 0; c < rows_.channels; ++c) {
        mean[c] = pointers_.in<float>(3)[c];
        factor[c] = inverse_deviation(pointers_.in<float>(4)[c]);
      }
    }
    for (std::int64_t c = 0; c < rows_.channels; ++c) {
      factor[c] *= pointers_.in<float>(1)[c];
      shift[c] = pointers_.in<float>(2)[c];
    }
    const float* x = pointers_.in<float>(0);
    float* y = pointers_.out<float>(0);
    if (!y) return;
    for_each_element<B>(rows_, y,
                        [=](std::int64_t i, std::int64_t c) { return (x[i] - mean[c]) * factor[c] + shift[c]; });
  }

 private:
  float inverse_deviation(double variance) const {
    return static_cast<float>(1 / std::sqrt(variance + options_.epsilon));
  }

  /// Sums are taken about the channel's first number, so that a mean far from 0 costs no digits.
  void batch_statistics(float* mean, float* inverse) {
    const float* x = pointers_.in<float>(0);
    const std::int64_t plane = rows_.height * rows_.width;
    for (std::int64_t c = 0; c < rows_.channels; ++c) mean[c] = x[c / B * plane * B + c % B];
    double* sums = scratch_.sums(pointers_);
    row_sums<B>(rows_, sums, [x, mean](std::int64_t i, std::int64_t c) {
      const float d = x[i] - mean[c];
      return TwoTerms{d, d * d};
    });
    const double count = static_cast<double>(rows_.images * plane);
    for (std::int64_t c = 0; c < rows_.channels; ++c) {
      const TwoSums total = channel_sums(rows_, sums, c);
      const double offset = total.first / count;
      const double variance = std::max(total.second / count - offset * offset, 0.0);
      const double unbiased = variance * (count > 1 ? count / (count - 1) : 1);
      const double batch_mean = static_cast<double>(mean[c]) + offset;
      mean[c] = static_cast<float>(batch_mean);
      inverse[c] = inverse_deviation(variance);
      write(1, c, mean[c]);
      write(2, c, inverse[c]);
      write(3, c, moved(pointers_.in<float>(3)[c], batch_mean));
      write(4, c, moved(pointers_.in<float>(4)[c], unbiased));
    }
  }

  float moved(double old, double now) const {
    return static_cast<float>((1 - options_.momentum) * old + options_.momentum * now);
  }

  void write(std::size_t output, std::int64_t c, float value) {
    if (float* out = pointers_.out<float>(output)) out[c] = value;
  }

  BatchNormOptions options_;
  Rows rows_;
  PerChannel scratch_;
};

template <int B>
class BatchNormGrad : public Kernel {
 public:
  explicit BatchNormGrad(const KernelSpec& spec)
      : options_(from_attributes<BatchNormOptions>(spec.attributes)), rows_(spec.inputs[1]), scratch_(rows_, 4) {}

  std::size_t scratch_bytes() const override { return scratch_.bytes(); }

  /// dx = factor * (dy - level - (x - mean) * slope); the last two terms go through the batch's statistics.
  void run(std::uint64_t) override {
    const float *dy = pointers_.in<float>(0), *x = pointers_.in<float>(1);
    scratch_.clear(pointers_);
    float *mean = scratch_.array(pointers_, 0), *factor = scratch_.array(pointers_, 1);
    float *slope = scratch_.array(pointers_, 2), *level = scratch_.array(pointers_, 3);
    std::copy_n(pointers_.in<float>(3), rows_.channels, mean);
    double* sums = scratch_.sums(pointers_);
    row_sums<B>(rows_, sums, [=](std::int64_t i, std::int64_t c) { return TwoTerms{dy[i] * (x[i] - mean[c]), dy[i]}; });
    const double count = static_cast<double>(rows_.images * rows_.height * rows_.width);
    for (std::int64_t c = 0; c < rows_.channels; ++c) {
      const double spread = pointers_.in<float>(4)[c];
      const double inverse = options_.training ? spread : 1 / std::sqrt(spread + options_.epsilon);
      const TwoSums total = channel_sums(rows_, sums, c);
      const double dscale = total.first * inverse;
      factor[c] = static_cast<float>(pointers_.in<float>(2)[c] * inverse);
      if (options_.training) {
        slope[c] = static_cast<float>(inverse * dscale / count);
        level[c] = static_cast<float>(total.second / count);
      }
      write(1, c, dscale);
      write(2, c, total.second);
    }
    float* dx = pointers_.out<float>(0);
    if (!dx) return;
    for_each_element<B>(rows_, dx, [=](std::int64_t i, std::int64_t c) {
      return factor[c] * (dy[i] - level[c] - (x[i] - mean[c]) * slope[c]);
    });
  }

 private:
  void write(std::size_t output, std::int64_t c, double value) {
    if (float* out = pointers_.out<float>(output)) out[c] = static_cast<float>(value);
  }

  BatchNormOptions options_;
  Rows rows_;
  PerChannel scratch_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return with_block(spec.inputs[0].block,
                    [&]<int B>() -> std::unique_ptr<Kernel> { return std::make_unique<BatchNorm<B>>(spec); });
}

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  return with_block(spec.inputs[0].block,
                    [&]<int B>() -> std::unique_ptr<Kernel> { return std::make_unique<BatchNormGrad<B>>(spec); });
}

}  // namespace

const CpuKernel kBatchNormKernel{.op = "batch_norm", .layout = follow_first, .make = make, .in_place = 0b1};
const CpuKernel kBatchNormGradKernel{
    .op = "batch_norm_grad", .layout = follow_first, .make = make_grad, .in_place = 0b11};

}  // namespace inlay
