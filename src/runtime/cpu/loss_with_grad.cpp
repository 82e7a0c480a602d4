// Losses over the classes of each pixel together with their gradient, in one pass over the logits and in any layout.
#include "ops/loss_with_grad.h"

#include "graph/options.h"
#include "runtime/cpu/class_strip.h"
#include "runtime/cpu/exp_log.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/pixel_loss.h"

namespace inlay {
namespace {

/// Labels and weights of the pixels of a strip; `factor` times a weight is what a pixel's gradient is scaled by.
struct Targets {
  const std::uint8_t* labels;
  float weights[ClassStrip::kSize];
  float factor;
};

/// Logits become their gradient; returns the sum of the weighted losses.
using StripLoss = double (*)(ClassStrip&, const Targets&);

double softmax_strip(ClassStrip& strip, const Targets& t) {
  const std::int64_t size = strip.size;
  float largest[ClassStrip::kSize], at_label[ClassStrip::kSize], sum[ClassStrip::kSize] = {};
  std::copy_n(strip.row(0), size, largest);
  for (std::int64_t k = 1; k < strip.classes; ++k) {
    const float* x = strip.row(k);
    for (std::int64_t i = 0; i < size; ++i) largest[i] = x[i] > largest[i] ? x[i] : largest[i];
  }
  for (std::int64_t i = 0; i < size; ++i) at_label[i] = t.weights[i] == 0 ? 0 : strip.row(t.labels[i])[i];
  for (std::int64_t k = 0; k < strip.classes; ++k) {
    float* x = strip.row(k);
    for (std::int64_t i = 0; i < size; ++i) {
      x[i] = exp_f32(x[i] - largest[i]);
      sum[i] += x[i];
    }
  }
  float losses[ClassStrip::kSize], scale[ClassStrip::kSize];
  for (std::int64_t i = 0; i < size; ++i) {
    losses[i] = largest[i] + log_f32(sum[i]) - at_label[i];
    scale[i] = t.factor * t.weights[i] / sum[i];
  }
  for (std::int64_t k = 0; k < strip.classes; ++k) {
    float* x = strip.row(k);
    for (std::int64_t i = 0; i < size; ++i) x[i] *= scale[i];
  }
  double loss = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    if (t.weights[i] == 0) continue;
    strip.row(t.labels[i])[i] -= t.factor * t.weights[i];
    loss += t.weights[i] * losses[i];
  }
  return loss;
}

double sigmoid_strip(ClassStrip& strip, const Targets& t) {
  float* x = strip.row(0);
  float losses[ClassStrip::kSize];
  for (std::int64_t i = 0; i < strip.size; ++i) {
    const float label = t.labels[i] == 1 ? 1.0f : 0.0f;
    const float e = exp_f32(x[i] < 0 ? x[i] : -x[i]);
    losses[i] = (x[i] > 0 ? x[i] : 0.0f) + log_f32(1.0f + e) - label * x[i];
    x[i] = t.factor * t.weights[i] * ((x[i] < 0 ? e : 1.0f) / (1.0f + e) - label);
  }
  double loss = 0;
  for (std::int64_t i = 0; i < strip.size; ++i)
    if (t.weights[i] != 0) loss += t.weights[i] * losses[i];
  for (std::int64_t i = 0; i < strip.size; ++i)
    if (t.weights[i] == 0) x[i] = 0;
  return loss;
}

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
    strips_.for_each([&](const ClassStrips::Place& place) {
      double sum = 0;
      for (std::int64_t i = 0; i < place.size; ++i) sum += weights(place.pixel + i);
      sums[place.index] = {0, sum};
    });
    float total = 0;
    write_mean(sums, strips_.count(), nullptr, &total);
    const auto dy = static_cast<float>(options_.dy);
    const float factor = mean_factor(&dy, &total);
    strips_.for_each([&](const ClassStrips::Place& place) { sums[place.index].loss = loss(place, weights, factor); });
    write_mean(sums, strips_.count(), pointers_.out<float>(1), pointers_.out<float>(2));
  }

 private:
  double loss(const ClassStrips::Place& place, const PixelWeights& weights, float factor) const {
    ClassStrip strip;
    strips_.load(pointers_.in<float>(0), place, strip);
    Targets targets;
    targets.labels = weights.labels + place.pixel;
    for (std::int64_t i = 0; i < place.size; ++i) targets.weights[i] = weights(place.pixel + i);
    targets.factor = factor;
    const double loss = strip_loss_(strip, targets);
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
