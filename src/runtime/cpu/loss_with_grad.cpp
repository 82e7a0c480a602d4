// Losses over the classes of each pixel together with their gradient, in one pass over the logits and in any layout.
#include "ops/loss_with_grad.h"

#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/strip_loss.h"

namespace inlay {
namespace {

class LossWithGrad : public Kernel {
 public:
  LossWithGrad(const KernelSpec& spec, std::int64_t outcomes, StripLoss strip_loss)
      : strips_(spec.inputs[0]),
        options_(from_attributes<LossWithGradOptions>(spec.attributes)),
        outcomes_(outcomes),
        strip_loss_(strip_loss) {}

  std::size_t scratch_bytes() const override { return static_cast<std::size_t>(strips_.count()) * sizeof(ChunkLoss); }

  /// What the gradient is divided by depends on the labels alone, so it is known before the logits are read.
  void run(std::uint64_t) override {
    const PixelWeights weights(pointers_, 1, outcomes_, options_.ignore);
    auto* sums = reinterpret_cast<ChunkLoss*>(pointers_.scratch);
    const float total = sum_weights(strips_, weights, sums);
    const auto dy = static_cast<float>(options_.dy);
    const float factor = mean_factor(&dy, &total);
    strips_.for_each([&](const ClassStrips::Place& place) { sums[place.index].loss = loss(place, weights, factor); });
    write_mean(sums, strips_.count(), pointers_.out<float>(1), pointers_.out<float>(2));
  }

 private:
  double loss(const ClassStrips::Place& place, const PixelWeights& weights, float factor) const {
    ClassStrip strip;
    strips_.load(pointers_.in<float>(0), place, strip);
    const double loss = strip_loss_(strip, {weights, place, factor});
    strips_.store(strip, place, pointers_.out<float>(0));
    return loss;
  }

  ClassStrips strips_;
  LossWithGradOptions options_;
  std::int64_t outcomes_;
  StripLoss strip_loss_;
};

std::unique_ptr<Kernel> make_softmax(const KernelSpec& spec) {
  return std::make_unique<LossWithGrad>(spec, spec.inputs[0].type.shape[1], softmax_strip);
}

std::unique_ptr<Kernel> make_sigmoid(const KernelSpec& spec) {
  return std::make_unique<LossWithGrad>(spec, 2, sigmoid_strip);
}

}  // namespace

const CpuKernel kCrossEntropyWithGradKernel{
    .op = "cross_entropy_with_grad", .layout = follow_first, .make = make_softmax, .in_place = 0b1};
const CpuKernel kBinaryCrossEntropyWithGradKernel{
    .op = "binary_cross_entropy_with_grad", .layout = follow_first, .make = make_sigmoid, .in_place = 0b1};

}  // namespace inlay
