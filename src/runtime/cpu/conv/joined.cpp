#include "graph/options.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

/// Copies the parts together before the convolution, or its result apart after it.
class Joined : public ConvAlgorithm {
 public:
  Joined(const ConvProblem& p, std::unique_ptr<ConvAlgorithm> whole)
      : whole_(std::move(whole)),
        apart_(p.direction == ConvDirection::backward_data),
        joined_bytes_(whole_lines(p.x().bytes() / sizeof(float)) * sizeof(float)) {
    const std::vector<Buffer> parts = p.x_pictures();
    if (!apart_) {
      const Attributes channels = to_attributes(AxisOptions{.axis = 1});
      copies_.push_back(kConcatKernel.make({.attributes = channels, .inputs = parts, .outputs = {p.x()}}));
      return;
    }
    std::int64_t begin = 0;
    for (const Buffer& part : parts) {
      const std::int64_t end = begin + part.type.shape[1];
      const Attributes range = to_attributes(SliceOptions{.axis = 1, .begin = begin, .end = end});
      copies_.push_back(kSliceKernel.make({.attributes = range, .inputs = {p.x()}, .outputs = {part}}));
      begin = end;
    }
  }

  std::size_t scratch_bytes() const override { return joined_bytes_ + whole_->scratch_bytes(); }
  std::size_t packed_bytes() const override { return whole_->packed_bytes(); }
  bool reads_weights() const override { return whole_->reads_weights(); }

  void bind(const ConvAddresses& a) override {
    std::byte* joined = a.scratch;
    ConvAddresses inner = a;
    inner.x = {joined};
    inner.scratch += joined_bytes_;
    whole_->bind(inner);
    if (!apart_) return copies_[0]->bind({a.x, {joined}});
    for (std::size_t i = 0; i < copies_.size(); ++i) copies_[i]->bind({{joined}, {a.x[i]}});
  }

  void run() override {
    if (apart_) whole_->run();
    for (const auto& copy : copies_) copy->run(0);
    if (!apart_) whole_->run();
  }

 private:
  std::unique_ptr<ConvAlgorithm> whole_;
  bool apart_;
  std::size_t joined_bytes_;
  std::vector<std::unique_ptr<Kernel>> copies_;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_joined(const ConvProblem& problem, std::unique_ptr<ConvAlgorithm> whole) {
  return std::make_unique<Joined>(problem, std::move(whole));
}

}  // namespace inlay
