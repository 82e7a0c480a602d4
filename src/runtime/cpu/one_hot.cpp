#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/pixels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const Pixels pixels(spec.outputs[0].type.shape);
  return make_kernel(
      [pixels, ignore = from_attributes<OneHotOptions>(spec.attributes).ignore](const Pointers& p, std::uint64_t) {
        pixels.for_each_chunk([&](const Pixels::Chunk& chunk) {
          const std::uint8_t* labels = p.in<std::uint8_t>(0) + chunk.pixel;
          for (std::int64_t k = 0; k < pixels.channels; ++k) {
            float* yk = p.out<float>(0) + chunk.value + k * pixels.plane;
            if (k == ignore)
              std::fill_n(yk, chunk.size, 0.0f);
            else
              for (std::int64_t i = 0; i < chunk.size; ++i) yk[i] = labels[i] == k ? 1.0f : 0.0f;
          }
        });
      });
}

}  // namespace

const CpuKernel kOneHotKernel{.op = "one_hot", .layout = plain_layout, .make = make};

}  // namespace inlay
