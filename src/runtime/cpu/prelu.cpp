#include "runtime/cpu/channel_sums.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Slopes of whole blocks in scratch: zeros beyond the last channel.
const float* padded_slopes(const Strips& strips, const float* slope, float* padded) {
  std::fill_n(std::copy_n(slope, strips.channels, padded), strips.blocks * strips.block - strips.channels, 0.0f);
  return padded;
}

std::size_t slopes_bytes(const Strips& strips) {
  return static_cast<std::size_t>(strips.blocks * strips.block) * sizeof(float);
}

template <int B>
class Prelu : public Kernel {
 public:
  explicit Prelu(const KernelSpec& spec) : strips_(spec.inputs[0]) {}
  std::size_t scratch_bytes() const override { return slopes_bytes(strips_); }
  void run(std::uint64_t) override {
    const float* x = pointers_.in<float>(0);
    const float* slope = padded_slopes(strips_, pointers_.in<float>(1), reinterpret_cast<float*>(pointers_.scratch));
    for_each_element<B>(strips_, strips_.all(), pointers_.out<float>(0), [x, slope](std::int64_t i, std::int64_t c) {
      const float value = x[i], scaled = slope[c] * value;
      return value > 0 ? value : scaled;
    });
  }

 private:
  Strips strips_;
};

template <int B>
class PreluGrad : public Kernel {
 public:
  explicit PreluGrad(const KernelSpec& spec) : strips_(spec.inputs[1]) {}
  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(strip_sums_size(strips_, strips_.all())) * sizeof(double) + slopes_bytes(strips_);
  }
  void run(std::uint64_t) override {
    const float *dy = pointers_.in<float>(0), *x = pointers_.in<float>(1);
    auto* sums = reinterpret_cast<double*>(pointers_.scratch);
    if (float* dslope = pointers_.out<float>(1)) {
      strip_sums<B>(strips_, strips_.all(), sums, [dy, x](std::int64_t i, std::int64_t) {
        const float product = dy[i] * x[i];
        return TwoTerms{x[i] > 0 ? 0.0f : product, 0.0f};
      });
      for (std::int64_t c = 0; c < strips_.channels; ++c)
        dslope[c] = static_cast<float>(channel_sums(strips_, strips_.all(), sums, c).first);
    }
    if (float* dx = pointers_.out<float>(0)) {
      const float* slope = padded_slopes(strips_, pointers_.in<float>(2),
                                         reinterpret_cast<float*>(sums + strip_sums_size(strips_, strips_.all())));
      for_each_element<B>(strips_, strips_.all(), dx, [=](std::int64_t i, std::int64_t c) {
        const float value = dy[i], scaled = slope[c] * value;
        return x[i] > 0 ? value : scaled;
      });
    }
  }

 private:
  Strips strips_;
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
