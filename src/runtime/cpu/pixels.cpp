#include "runtime/cpu/pixels.h"

#include "runtime/cpu/exp_log.h"

namespace inlay {

void chunk_exponentials(const Pixels& pixels, const Pixels::Chunk& chunk, const float* x, float* e, float* largest,
                        float* sum) {
  const float* first = x + chunk.value;
  std::copy_n(first, chunk.size, largest);
  for (std::int64_t k = 1; k < pixels.channels; ++k) {
    const float* xk = first + k * pixels.plane;
    for (std::int64_t i = 0; i < chunk.size; ++i) largest[i] = xk[i] > largest[i] ? xk[i] : largest[i];
  }
  std::fill_n(sum, chunk.size, 0.0f);
  for (std::int64_t k = 0; k < pixels.channels; ++k) {
    const float* xk = first + k * pixels.plane;
    if (e) {
      float* ek = e + chunk.value + k * pixels.plane;
      for (std::int64_t i = 0; i < chunk.size; ++i) {
        const float value = exp_f32(xk[i] - largest[i]);
        ek[i] = value;
        sum[i] += value;
      }
    } else {
      for (std::int64_t i = 0; i < chunk.size; ++i) sum[i] += exp_f32(xk[i] - largest[i]);
    }
  }
}

}  // namespace inlay
