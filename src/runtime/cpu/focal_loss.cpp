#include "inlay/loss_ops.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/outcomes.h"
#include "runtime/cpu/pixel_loss.h"

namespace inlay {
namespace {

/// (1 - p)^gamma and the slope of the loss, as functions of log p.
struct Focus {
  float gamma;

  float power(float base, float exponent) const {
    if (exponent == 0) return 1;
    if (exponent == 1) return base;
    if (exponent == 2) return base * base;
    return base > 0 ? exp_f32(exponent * log_f32(base)) : 0.0f;
  }
  float loss(float log_p) const { return -power(1.0f - exp_f32(log_p), gamma) * log_p; }
  /// p times the loss's derivative with respect to p.
  float slope(float log_p) const {
    if (gamma == 0) return -1;
    const float p = exp_f32(log_p), rest = 1.0f - p;
    if (rest <= 0) return 0;
    return power(rest, gamma - 1) * (gamma * p * log_p - rest);
  }
};

/// y_k: `hit` at the label, and `spread` everywhere.
struct Target {
  explicit Target(const FocalOptions& o, std::int64_t outcomes)
      : hit(static_cast<float>(1 - o.smoothing)),
        spread(static_cast<float>(o.smoothing / static_cast<double>(outcomes))) {}
  float hit, spread;
};

class FocalLoss : public Kernel {
 public:
  explicit FocalLoss(const KernelSpec& spec)
      : options_(from_attributes<FocalOptions>(spec.attributes)),
        outcomes_(spec.inputs[0].type.shape),
        focus_{static_cast<float>(options_.gamma)},
        target_(options_, outcomes_.count()) {}

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(outcomes_.pixels.chunk_count()) * sizeof(ChunkLoss);
  }

  void run(std::uint64_t) override {
    const PixelWeights weights(pointers_, 1, outcomes_.count(), options_.ignore);
    auto* chunks = reinterpret_cast<ChunkLoss*>(pointers_.scratch);
    outcomes_.pixels.for_each_chunk([&](const Pixels::Chunk& chunk) { chunks[chunk.index] = loss(chunk, weights); });
    write_mean(chunks, outcomes_.pixels.chunk_count(), pointers_.out<float>(0), pointers_.out<float>(1));
  }

 private:
  ChunkLoss loss(const Pixels::Chunk& chunk, const PixelWeights& weights) const {
    const float* logits = pointers_.in<float>(0);
    float sums[Pixels::kChunk], loss[Pixels::kChunk] = {};
    outcomes_.log_sums(chunk, logits, sums);
    if (target_.spread > 0)
      for (std::int64_t k = 0; k < outcomes_.count(); ++k) {
        const float* x = outcomes_.row(chunk, logits, k);
        for (std::int64_t i = 0; i < chunk.size; ++i) loss[i] += target_.spread * focus_.loss(x[i] - sums[i]);
      }
    ChunkLoss total;
    for (std::int64_t i = 0; i < chunk.size; ++i) {
      const float weight = weights(chunk.pixel + i);
      if (weight == 0) continue;
      const float x = outcomes_.row(chunk, logits, weights.labels[chunk.pixel + i])[i];
      total.loss += weight * (loss[i] + target_.hit * focus_.loss(x - sums[i]));
      total.weight += weight;
    }
    return total;
  }

  FocalOptions options_;
  OutcomeRows outcomes_;
  Focus focus_;
  Target target_;
};

/// One chunk of the gradient: factor * (y_k h_k - p_k sum over j of y_j h_j).
struct ChunkGradient {
  const OutcomeRows& outcomes;
  Focus focus;
  Target target;
  const float* logits;

  void write(const Pixels::Chunk& chunk, const PixelWeights& weights, float factor, float* dx) const {
    float sums[Pixels::kChunk], factors[Pixels::kChunk], hits[Pixels::kChunk], total[Pixels::kChunk];
    outcomes.log_sums(chunk, logits, sums);
    for (std::int64_t i = 0; i < chunk.size; ++i) {
      factors[i] = factor * weights(chunk.pixel + i);
      const std::int64_t label = factors[i] == 0 ? 0 : weights.labels[chunk.pixel + i];
      hits[i] = target.hit * focus.slope(outcomes.row(chunk, logits, label)[i] - sums[i]);
      total[i] = hits[i];
    }
    if (target.spread > 0)
      for (std::int64_t k = 0; k < outcomes.count(); ++k) {
        const float* x = outcomes.row(chunk, logits, k);
        for (std::int64_t i = 0; i < chunk.size; ++i) total[i] += target.spread * focus.slope(x[i] - sums[i]);
      }
    for (std::int64_t k = outcomes.first_with_logit(); k < outcomes.count(); ++k) {
      const float* x = outcomes.row(chunk, logits, k);
      float* dk = dx + outcomes.place(chunk, k);
      for (std::int64_t i = 0; i < chunk.size; ++i) dk[i] = -factors[i] * exp_f32(x[i] - sums[i]) * total[i];
      if (target.spread > 0)
        for (std::int64_t i = 0; i < chunk.size; ++i) dk[i] += factors[i] * target.spread * focus.slope(x[i] - sums[i]);
    }
    for (std::int64_t i = 0; i < chunk.size; ++i) {
      if (factors[i] == 0) continue;
      const std::int64_t label = weights.labels[chunk.pixel + i];
      if (label >= outcomes.first_with_logit()) dx[outcomes.place(chunk, label) + i] += factors[i] * hits[i];
    }
  }
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) { return std::make_unique<FocalLoss>(spec); }

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  const auto options = from_attributes<FocalOptions>(spec.attributes);
  const OutcomeRows outcomes(spec.inputs[1].type.shape);
  return make_kernel([options, outcomes](const Pointers& p, std::uint64_t) {
    const PixelWeights weights(p, 2, outcomes.count(), options.ignore);
    const ChunkGradient gradient{
        outcomes, {static_cast<float>(options.gamma)}, Target(options, outcomes.count()), p.in<float>(1)};
    const float factor = mean_factor(p.in<float>(0), p.in<float>(5));
    outcomes.pixels.for_each_chunk(
        [&](const Pixels::Chunk& chunk) { gradient.write(chunk, weights, factor, p.out<float>(0)); });
  });
}

}  // namespace

const CpuKernel kFocalLossKernel{.op = "focal_loss", .layout = plain_layout, .make = make};
const CpuKernel kFocalLossGradKernel{.op = "focal_loss_grad", .layout = plain_layout, .make = make_grad};

}  // namespace inlay
