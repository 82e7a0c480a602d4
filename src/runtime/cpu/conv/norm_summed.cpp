#include "graph/options.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Sums over the result, by the gradient of the batch norm without its dx.
class NormSummed : public ConvAlgorithm {
 public:
  NormSummed(const ConvProblem& p, std::unique_ptr<ConvAlgorithm> plain) : plain_(std::move(plain)) {
    const Attributes relu = to_attributes(BatchNormOptions{.training = true, .activation = Activation::relu});
    const Buffer x = p.x(), number{{DType::f32, {p.geometry.c}}};
    sums_ = kBatchNormGradKernel.make(
        {.attributes = relu, .inputs = {x, x, number, number, number, number}, .outputs = {x, number, number}});
    sums_bytes_ = whole_lines(sums_->scratch_bytes() / sizeof(float) + 1) * sizeof(float);
  }

  std::size_t scratch_bytes() const override { return sums_bytes_ + plain_->scratch_bytes(); }
  std::size_t packed_bytes() const override { return plain_->packed_bytes(); }
  bool reads_weights() const override { return plain_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    std::byte *scale = a.normals[0], *shift = a.normals[1], *mean = a.normals[2], *inverse = a.normals[3];
    sums_->bind({{a.x[0], a.other, scale, mean, inverse, shift}, {nullptr, a.dscale, a.dshift}, a.scratch});
    ConvAddresses inner = a;
    inner.scratch += sums_bytes_;
    plain_->bind(inner);
  }

  void run() override {
    plain_->run();
    sums_->run(0);
  }

 private:
  std::unique_ptr<ConvAlgorithm> plain_;
  std::unique_ptr<Kernel> sums_;
  std::size_t sums_bytes_ = 0;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_norm_summed(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain) {
  return std::make_unique<NormSummed>(problem, std::move(plain));
}

}  // namespace inlay
