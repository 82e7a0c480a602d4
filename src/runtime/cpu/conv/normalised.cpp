#include <algorithm>

#include "graph/options.h"
#include "ops/joined.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Normalises the sources into scratch memory before the convolution.
class Normalised : public ConvAlgorithm {
 public:
  Normalised(const ConvProblem& p, std::unique_ptr<ConvAlgorithm> plain)
      : plain_(std::move(plain)), sources_(p.normalised) {
    const Attributes relu = to_attributes(BatchNormOptions{.training = true, .activation = Activation::relu});
    const std::vector<Buffer> pictures = p.x_pictures();
    for (const std::int64_t source : sources_) {
      const Buffer& x = pictures[static_cast<std::size_t>(source)];
      const Buffer number{{DType::f32, {x.type.shape[1]}}};
      norms_.push_back(kBatchNormAgainKernel.make(
          {.attributes = relu, .inputs = {x, number, number, number, number}, .outputs = {x}}));
      pictures_bytes_.push_back(whole_lines(x.bytes() / sizeof(float)) * sizeof(float));
      norm_scratch_ = std::max(norm_scratch_, norms_.back()->scratch_bytes());
    }
    norm_scratch_ = whole_lines(norm_scratch_ / sizeof(float) + 1) * sizeof(float);
  }

  std::size_t scratch_bytes() const override {
    std::size_t bytes = norm_scratch_ + plain_->scratch_bytes();
    for (const std::size_t picture : pictures_bytes_) bytes += picture;
    return bytes;
  }
  std::size_t packed_bytes() const override { return plain_->packed_bytes(); }
  bool reads_weights() const override { return plain_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    ConvAddresses inner = a;
    std::byte* scratch = a.scratch + norm_scratch_;
    for (std::size_t i = 0; i < norms_.size(); ++i) {
      std::byte*& x = inner.x[static_cast<std::size_t>(sources_[i])];
      const std::span normal = std::span(a.normals).subspan(i * Sources::kNormalInputs, Sources::kNormalInputs);
      std::vector<std::byte*> inputs{x};
      inputs.insert(inputs.end(), normal.begin(), normal.end());
      norms_[i]->bind({std::move(inputs), {scratch}, a.scratch});
      x = scratch;
      scratch += pictures_bytes_[i];
    }
    inner.scratch = scratch;
    plain_->bind(inner);
  }

  void run() override {
    for (const auto& norm : norms_) norm->run(0);
    plain_->run();
  }

 private:
  std::unique_ptr<ConvAlgorithm> plain_;
  std::vector<std::int64_t> sources_;
  std::vector<std::unique_ptr<Kernel>> norms_;
  std::vector<std::size_t> pictures_bytes_;
  std::size_t norm_scratch_ = 0;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_normalised(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain) {
  return std::make_unique<Normalised>(problem, std::move(plain));
}

}  // namespace inlay
