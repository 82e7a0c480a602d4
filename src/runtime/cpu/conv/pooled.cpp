#include "graph/options.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Pools the result, which lies in scratch memory where nothing else wants it.
class Pooled : public ConvAlgorithm {
 public:
  Pooled(const ConvProblem& p, std::unique_ptr<ConvAlgorithm> plain)
      : plain_(std::move(plain)), y_bytes_(whole_lines(p.y().bytes() / sizeof(float)) * sizeof(float)) {
    const Attributes windows = to_attributes(Pool2dOptions{.kernel = 2, .stride = 2});
    Buffer positions = p.pooled();
    positions.type.dtype = DType::i32;
    pool_ = kMaxPool2dKernel.make({.attributes = windows, .inputs = {p.y()}, .outputs = {p.pooled(), positions}});
  }

  std::size_t scratch_bytes() const override { return y_bytes_ + plain_->scratch_bytes(); }
  std::size_t packed_bytes() const override { return plain_->packed_bytes(); }
  bool reads_weights() const override { return plain_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    ConvAddresses inner = a;
    if (!a.y) inner.y = a.scratch;
    inner.scratch += y_bytes_;
    plain_->bind(inner);
    pool_->bind({{inner.y}, {a.pooled, nullptr}});
  }

  void run() override {
    plain_->run();
    pool_->run(0);
  }

 private:
  std::unique_ptr<ConvAlgorithm> plain_;
  std::size_t y_bytes_;
  std::unique_ptr<Kernel> pool_;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_pooled(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain) {
  return std::make_unique<Pooled>(problem, std::move(plain));
}

}  // namespace inlay
