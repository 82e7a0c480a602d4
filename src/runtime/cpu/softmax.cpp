#include "runtime/cpu/kernels.h"
#include "runtime/cpu/pixels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return make_kernel([pixels = Pixels(spec.inputs[0].type.shape)](const Pointers& p, std::uint64_t) {
    const float* x = p.in<float>(0);
    float* y = p.out<float>(0);
    pixels.for_each_chunk([&](const Pixels::Chunk& chunk) {
      float largest[Pixels::kChunk], sum[Pixels::kChunk];
      chunk_exponentials(pixels, chunk, x, y, largest, sum);
      for (std::int64_t i = 0; i < chunk.size; ++i) sum[i] = 1 / sum[i];
      for (std::int64_t k = 0; k < pixels.channels; ++k) {
        float* yk = y + chunk.value + k * pixels.plane;
        for (std::int64_t i = 0; i < chunk.size; ++i) yk[i] *= sum[i];
      }
    });
  });
}

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  return make_kernel([pixels = Pixels(spec.inputs[0].type.shape)](const Pointers& p, std::uint64_t) {
    const float *dy = p.in<float>(0), *y = p.in<float>(1);
    float* dx = p.out<float>(0);
    pixels.for_each_chunk([&](const Pixels::Chunk& chunk) {
      float dot[Pixels::kChunk] = {};
      for (std::int64_t k = 0; k < pixels.channels; ++k) {
        const std::int64_t at = chunk.value + k * pixels.plane;
        for (std::int64_t i = 0; i < chunk.size; ++i) dot[i] += dy[at + i] * y[at + i];
      }
      for (std::int64_t k = 0; k < pixels.channels; ++k) {
        const std::int64_t at = chunk.value + k * pixels.plane;
        for (std::int64_t i = 0; i < chunk.size; ++i) dx[at + i] = y[at + i] * (dy[at + i] - dot[i]);
      }
    });
  });
}

}  // namespace

const CpuKernel kSoftmaxKernel{.op = "softmax", .layout = plain_layout, .make = make, .in_place = 0b1};
const CpuKernel kSoftmaxGradKernel{.op = "softmax_grad", .layout = plain_layout, .make = make_grad, .in_place = 0b11};

}  // namespace inlay
