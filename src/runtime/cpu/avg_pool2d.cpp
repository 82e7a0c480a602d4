#include <algorithm>

#include "graph/options.h"
#include "ops/pool_geometry.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/separable.h"

namespace inlay {
namespace {

/// The number of pixels in a window is the product of its height and width, so the mean is one over the rows of one
/// over the columns.
AxisTable mean_table(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride, std::int64_t before,
                     std::int64_t after, bool with_padding) {
  AxisTable table{std::vector<std::vector<Tap>>(static_cast<std::size_t>(out)), in};
  for (std::int64_t i = 0; i < out; ++i) {
    const std::int64_t start = i * stride - before, begin = std::max<std::int64_t>(start, 0),
                       end = std::min(start + kernel, in);
    const std::int64_t pixels = with_padding ? std::min(start + kernel, in + after) - start : end - begin;
    for (std::int64_t k = begin; k < end; ++k)
      table.taps[static_cast<std::size_t>(i)].push_back({k, 1.0 / static_cast<double>(pixels)});
  }
  return table;
}

struct Tables {
  AxisTable rows, columns;
};

Tables tables(const Attributes& attributes, const TensorType& x) {
  const auto o = from_attributes<Pool2dOptions>(attributes);
  const auto g = pool_geometry(o, x);
  return {mean_table(g.h, g.oh, g.kernel.h, g.stride.h, g.padding.top, g.padding.bottom, o.count_include_pad),
          mean_table(g.w, g.ow, g.kernel.w, g.stride.w, g.padding.left, g.padding.right, o.count_include_pad)};
}

std::unique_ptr<Kernel> make_pool(const KernelSpec& spec) {
  const Tables t = tables(spec.attributes, spec.inputs[0].type);
  return make_separable(spec, t.rows, t.columns);
}

std::unique_ptr<Kernel> make_transpose(const KernelSpec& spec) {
  const Tables t = tables(spec.attributes, spec.outputs[0].type);
  return make_separable(spec, transposed(t.rows), transposed(t.columns));
}

}  // namespace

const CpuKernel kAvgPool2dKernel{.op = "avg_pool2d", .layout = follow_first, .make = make_pool};
const CpuKernel kAvgPool2dTransposeKernel{
    .op = "avg_pool2d_transpose", .layout = follow_first_but<1>, .make = make_transpose};

}  // namespace inlay
