#include "graph/options.h"
#include "ops/adaptive_bins.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/separable.h"

namespace inlay {
namespace {

AxisTable mean_table(std::int64_t extent, std::int64_t bins) {
  AxisTable table{std::vector<std::vector<Tap>>(static_cast<std::size_t>(bins)), extent};
  for (std::int64_t i = 0; i < bins; ++i) {
    const AdaptiveBin bin = adaptive_bin(i, extent, bins);
    for (std::int64_t at = bin.begin; at < bin.end; ++at)
      table.taps[static_cast<std::size_t>(i)].push_back({at, 1.0 / static_cast<double>(bin.end - bin.begin)});
  }
  return table;
}

std::unique_ptr<Kernel> make_pool(const KernelSpec& spec) {
  const Shape &x = spec.inputs[0].type.shape, &y = spec.outputs[0].type.shape;
  return make_separable(spec, mean_table(x[2], y[2]), mean_table(x[3], y[3]));
}

std::unique_ptr<Kernel> make_transpose(const KernelSpec& spec) {
  const Shape &x = spec.inputs[0].type.shape, &y = spec.outputs[0].type.shape;
  return make_separable(spec, transposed(mean_table(y[2], x[2])), transposed(mean_table(y[3], x[3])));
}

}  // namespace

const CpuKernel kAdaptiveAvgPool2dKernel{.op = "adaptive_avg_pool2d", .layout = follow_first, .make = make_pool};
const CpuKernel kAdaptiveAvgPool2dTransposeKernel{
    .op = "adaptive_avg_pool2d_transpose", .layout = follow_first_but<1>, .make = make_transpose};

}  // namespace inlay
