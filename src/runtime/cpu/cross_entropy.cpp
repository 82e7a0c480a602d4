#include "runtime/cpu/exp_log.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/pixel_loss.h"

namespace inlay {
namespace {

class CrossEntropy : public Kernel {
 public:
  explicit CrossEntropy(const KernelSpec& spec)
      : pixels_(spec.inputs[0].type.shape), ignore_(from_attributes<LossOptions>(spec.attributes).ignore) {}

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(pixels_.chunk_count()) * sizeof(ChunkLoss);
  }

  void run(std::uint64_t) override {
    const PixelWeights weights(pointers_, 1, pixels_.channels, ignore_);
    auto* chunks = reinterpret_cast<ChunkLoss*>(pointers_.scratch);
    pixels_.for_each_chunk([&](const Pixels::Chunk& chunk) { chunks[chunk.index] = loss(chunk, weights); });
    write_mean(chunks, pixels_.chunk_count(), pointers_.out<float>(0), pointers_.out<float>(1));
  }

 private:
  ChunkLoss loss(const Pixels::Chunk& chunk, const PixelWeights& weights) const {
    const float* x = pointers_.in<float>(0);
    float largest[Pixels::kChunk], sum[Pixels::kChunk];
    chunk_exponentials(pixels_, chunk, x, nullptr, largest, sum);
    for (std::int64_t i = 0; i < chunk.size; ++i) largest[i] += log_f32(sum[i]);
    ChunkLoss total;
    for (std::int64_t i = 0; i < chunk.size; ++i) {
      const float weight = weights(chunk.pixel + i);
      if (weight == 0) continue;
      total.loss += weight * (largest[i] - x[chunk.value + weights.labels[chunk.pixel + i] * pixels_.plane + i]);
      total.weight += weight;
    }
    return total;
  }

  Pixels pixels_;
  std::int64_t ignore_;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) { return std::make_unique<CrossEntropy>(spec); }

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  const Pixels pixels(spec.inputs[1].type.shape);
  return make_kernel(
      [pixels, ignore = from_attributes<LossOptions>(spec.attributes).ignore](const Pointers& p, std::uint64_t) {
        const PixelWeights weights(p, 2, pixels.channels, ignore);
        const float factor = mean_factor(p.in<float>(0), p.in<float>(5));
        float* dx = p.out<float>(0);
        pixels.for_each_chunk([&](const Pixels::Chunk& chunk) {
          float largest[Pixels::kChunk], sum[Pixels::kChunk], pixel_factor[Pixels::kChunk];
          chunk_exponentials(pixels, chunk, p.in<float>(1), dx, largest, sum);
          for (std::int64_t i = 0; i < chunk.size; ++i) pixel_factor[i] = factor * weights(chunk.pixel + i);
          for (std::int64_t i = 0; i < chunk.size; ++i) sum[i] = pixel_factor[i] / sum[i];
          for (std::int64_t k = 0; k < pixels.channels; ++k) {
            float* dk = dx + chunk.value + k * pixels.plane;
            for (std::int64_t i = 0; i < chunk.size; ++i) dk[i] *= sum[i];
          }
          for (std::int64_t i = 0; i < chunk.size; ++i)
            if (pixel_factor[i] != 0)
              dx[chunk.value + weights.labels[chunk.pixel + i] * pixels.plane + i] -= pixel_factor[i];
        });
      });
}

}  // namespace

const CpuKernel kCrossEntropyKernel{.op = "cross_entropy", .layout = plain_layout, .make = make};
const CpuKernel kCrossEntropyGradKernel{.op = "cross_entropy_grad", .layout = plain_layout, .make = make_grad};

}  // namespace inlay
