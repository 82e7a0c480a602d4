#include "runtime/cpu/channel_sums.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Slopes of whole blocks in scratch: zeros beyond the last channel.
const float* padded_slopes(const Rows& rows, const float* slope, float* padded) {
  std::fill_n(std::copy_n(slope, rows.channels, padded), rows.blocks * rows.block - rows.channels, 0.0f);
  return padded;
}

std::size_t slopes_bytes(const Rows& rows) {
  return static_cast<std::size_t>(rows.blocks * rows.block) * sizeof(float);
}

template <int B>
class Prelu : public Kernel {
 public:
  explicit Prelu(const KernelSpec& spec) : rows_(spec.inputs[0]) {}
  std::size_t scratch_bytes() const override { return slopes_bytes(rows_); }
  void run(std::uint64_t) override {
    const float* x = pointers_.in<float>(0);
    const float* slope = padded_slopes(rows_, pointers_.in<float>(1), reinterpret_cast<float*>(pointers_.scratch));
    for_each_element<B>(rows_, pointers_.out<float>(0), [x, slope](std::int64_t i, std::int64_t c) {
      const float value = x[i], scaled = slope[c] * value;
      return value > 0 ? value : scaled;
    });
  }

 private:
  Rows rows_;
};

template <int B>
class PreluGrad : public Kernel {
 public:
  explicit PreluGrad(const KernelSpec& spec) : rows_(spec.inputs[1]) {}
  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(row_sums_size(rows_)) * sizeof(double) + slopes_bytes(rows_);
  }
  void run(std::uint64_t) override {
    const float *dy = pointers_.in<float>(0), *x = pointers_.in<float>(1);
    auto* sums = reinterpret_cast<double*>(pointers_.scratch);
    if (float* dslope = pointers_.out<float>(1)) {
      row_sums<B>(rows_, sums, [dy, x](std::int64_t i, std::int64_t) {
        const float product = dy[i] * x[i];
        return TwoTerms{x[i] > 0 ? 0.0f : product, 0.0f};
      });
      for (std::int64_t c = 0; c < rows_.channels; ++c)
        dslope[c] = static_cast<float>(channel_sums(rows_, sums, c).first);
    }
    if (float* dx = pointers_.out<float>(0)) {
      const float* slope =
          padded_slopes(rows_, pointers_.in<float>(2), reinterpret_cast<float*>(sums + row_sums_size(rows_)));
      for_each_element<B>(rows_, dx, [=](std::int64_t i, std::int64_t c) {
        const float value = dy[i], scaled = slope[c] * value;
        return x[i] > 0 ? value : scaled;
      });
    }
  }

 private:
  Rows rows_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return with_block(spec.inputs[0].block,
                    [&]<int B>() -> std::unique_ptr<Kernel> { return std::make_unique<Prelu<B>>(spec); });
}

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  return with_block(spec.inputs[0].block,
                    [&]<int B>() -> std::unique_ptr<Kernel> { return std::make_unique<PreluGrad<B>>(spec); });
}

}  // namespace

const CpuKernel kPreluKernel{.op = "prelu", .layout = follow_first, .make = make, .in_place = 0b1};
const CpuKernel kPreluGradKernel{.op = "prelu_grad", .layout = follow_first, .make = make_grad, .in_place = 0b11};

}  // namespace inlay
