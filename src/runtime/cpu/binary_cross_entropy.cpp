#include "runtime/cpu/exp_log.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/pixel_loss.h"

namespace inlay {
namespace {

class BinaryCrossEntropy : public Kernel {
 public:
  explicit BinaryCrossEntropy(const KernelSpec& spec)
      : pixels_(spec.inputs[0].type.shape), ignore_(from_attributes<LossOptions>(spec.attributes).ignore) {}

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(pixels_.chunk_count()) * sizeof(ChunkLoss);
  }

  void run(std::uint64_t) override {
    const PixelWeights weights(pointers_, 1, 2, ignore_);
    auto* chunks = reinterpret_cast<ChunkLoss*>(pointers_.scratch);
    pixels_.for_each_chunk([&](const Pixels::Chunk& chunk) { chunks[chunk.index] = loss(chunk, weights); });
    write_mean(chunks, pixels_.chunk_count(), pointers_.out<float>(0), pointers_.out<float>(1));
  }

 private:
  ChunkLoss loss(const Pixels::Chunk& chunk, const PixelWeights& weights) const {
    const float* x = pointers_.in<float>(0) + chunk.value;
    float softplus[Pixels::kChunk];
    for (std::int64_t i = 0; i < chunk.size; ++i)
      softplus[i] = (x[i] > 0 ? x[i] : 0.0f) + log_f32(1.0f + exp_f32(x[i] > 0 ? -x[i] : x[i]));
    ChunkLoss total;
    for (std::int64_t i = 0; i < chunk.size; ++i) {
      const float weight = weights(chunk.pixel + i);
      if (weight == 0) continue;
      total.loss += weight * (softplus[i] - (weights.labels[chunk.pixel + i] == 1 ? x[i] : 0.0f));
      total.weight += weight;
    }
    return total;
  }

  Pixels pixels_;
  std::int64_t ignore_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) { return std::make_unique<BinaryCrossEntropy>(spec); }

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  const Pixels pixels(spec.inputs[1].type.shape);
  return make_kernel([pixels, ignore = from_attributes<LossOptions>(spec.attributes).ignore](const Pointers& p,
                                                                                             std::uint64_t) {
    const PixelWeights weights(p, 2, 2, ignore);
    const float factor = mean_factor(p.in<float>(0), p.in<float>(5));
    pixels.for_each_chunk([&](const Pixels::Chunk& chunk) {
      const float* x = p.in<float>(1) + chunk.value;
      float* dx = p.out<float>(0) + chunk.value;
      for (std::int64_t i = 0; i < chunk.size; ++i) dx[i] = sigmoid_f32(x[i]);
      for (std::int64_t i = 0; i < chunk.size; ++i) {
        const float weight = weights(chunk.pixel + i);
        dx[i] = weight == 0 ? 0.0f : factor * weight * (dx[i] - static_cast<float>(weights.labels[chunk.pixel + i]));
      }
    });
  });
}

}  // namespace

const CpuKernel kBinaryCrossEntropyKernel{.op = "binary_cross_entropy", .layout = plain_layout, .make = make};
const CpuKernel kBinaryCrossEntropyGradKernel{
    .op = "binary_cross_entropy_grad", .layout = plain_layout, .make = make_grad};

}  // namespace inlay
