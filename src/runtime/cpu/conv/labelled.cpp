#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Logits into scratch memory, then their labels.
class Labelled : public ConvAlgorithm {
 public:
  Labelled(const ConvProblem& p, std::unique_ptr<ConvAlgorithm> logits)
      : logits_(std::move(logits)), forward_(p.direction == ConvDirection::forward) {
    const Buffer result = forward_ ? p.y() : p.x();
    const Shape& s = result.type.shape;
    logits_bytes_ = whole_lines(result.bytes() / sizeof(float)) * sizeof(float);
    const Attributes none;
    labels_ = kMostLikelyKernel.make(
        {.attributes = none, .inputs = {result}, .outputs = {{{DType::u8, {s[0], s[2], s[3]}}, 1}}});
  }

  std::size_t scratch_bytes() const override { return logits_bytes_ + logits_->scratch_bytes(); }
  std::size_t packed_bytes() const override { return logits_->packed_bytes(); }
  bool reads_weights() const override { return logits_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    ConvAddresses inner = a;
    std::byte*& result = forward_ ? inner.y : inner.x[0];
    labels_->bind({{a.scratch}, {result}});
    result = a.scratch;
    inner.scratch = a.scratch + logits_bytes_;
    logits_->bind(inner);
  }

  void run() override {
    logits_->run();
    labels_->run(0);
  }

 private:
  std::unique_ptr<ConvAlgorithm> logits_;
  std::unique_ptr<Kernel> labels_;
  bool forward_;
  std::size_t logits_bytes_ = 0;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_labelled(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> logits) {
  return std::make_unique<Labelled>(problem, std::move(logits));
}

}  // namespace inlay
