#include <algorithm>

#include "graph/options.h"
#include "ops/joined.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::size_t whole_line_bytes(std::size_t bytes) { return whole_lines(bytes / sizeof(float)) * sizeof(float); }

/// A source as the convolution is to see it.
struct Preparation {
  std::size_t source;
  std::unique_ptr<Kernel> kernel;
  std::size_t bytes;    // of the result
  std::size_t normals;  // numbers a channel that the kernel takes besides
};

/// Writes sources to scratch memory before the convolution.
class Prepared : public ConvAlgorithm {
 public:
  Prepared(std::vector<Preparation> preparations, std::unique_ptr<ConvAlgorithm> plain)
      : plain_(std::move(plain)), preparations_(std::move(preparations)) {
    for (const Preparation& one : preparations_) kernel_bytes_ = std::max(kernel_bytes_, one.kernel->scratch_bytes());
    kernel_bytes_ = whole_line_bytes(kernel_bytes_ + sizeof(float));
  }

  std::size_t scratch_bytes() const override {
    std::size_t bytes = kernel_bytes_ + plain_->scratch_bytes();
    for (const Preparation& one : preparations_) bytes += one.bytes;
    return bytes;
  }
  std::size_t packed_bytes() const override { return plain_->packed_bytes(); }
  bool reads_weights() const override { return plain_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    ConvAddresses inner = a;
    std::byte* scratch = a.scratch + kernel_bytes_;
    std::span<std::byte* const> normals = a.normals;
    for (const Preparation& one : preparations_) {
      std::byte*& x = inner.x[one.source];
      std::vector<std::byte*> inputs{x};
      inputs.insert(inputs.end(), normals.begin(), normals.begin() + static_cast<std::ptrdiff_t>(one.normals));
      normals = normals.subspan(one.normals);
      one.kernel->bind({std::move(inputs), {scratch}, a.scratch});
      x = scratch;
      scratch += one.bytes;
    }
    inner.scratch = scratch;
    plain_->bind(inner);
  }

  void run() override {
    for (const Preparation& one : preparations_) one.kernel->run(0);
    plain_->run();
  }

 private:
  std::unique_ptr<ConvAlgorithm> plain_;
  std::vector<Preparation> preparations_;
  std::size_t kernel_bytes_ = 0;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_normalised(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain) {
  const Attributes relu = to_attributes(BatchNormOptions{.training = true, .activation = Activation::relu});
  const std::vector<Buffer> pictures = problem.x_pictures();
  std::vector<Preparation> preparations;
  for (const std::int64_t source : problem.normalised) {
    const auto i = static_cast<std::size_t>(source);
    const Buffer &x = pictures[i], number{{DType::f32, {x.type.shape[1]}}};
    preparations.push_back({i,
                            kBatchNormAgainKernel.make(
                                {.attributes = relu, .inputs = {x, number, number, number, number}, .outputs = {x}}),
                            whole_line_bytes(x.bytes()), Sources::kNormalInputs});
  }
  return std::make_unique<Prepared>(std::move(preparations), std::move(plain));
}

std::unique_ptr<ConvAlgorithm> make_up_sampled(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> plain) {
  const Attributes twice = to_attributes(Resize2dOptions{.scale = 2, .mode = problem.up_sampling});
  ConvProblem as_read = problem;
  as_read.up_sampled.clear();
  const std::vector<Buffer> from = problem.x_pictures(), to = as_read.x_pictures();
  std::vector<Preparation> preparations;
  for (const std::int64_t source : problem.up_sampled) {
    const auto i = static_cast<std::size_t>(source);
    preparations.push_back({i, kResize2dKernel.make({.attributes = twice, .inputs = {from[i]}, .outputs = {to[i]}}),
                            whole_line_bytes(to[i].bytes()), 0});
  }
  return std::make_unique<Prepared>(std::move(preparations), std::move(plain));
}

}  // namespace inlay
