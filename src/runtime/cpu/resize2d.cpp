#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/separable.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_resize(const KernelSpec& spec) {
  const Shape &x = spec.inputs[0].type.shape, &y = spec.outputs[0].type.shape;
  const auto g = resize_geometry(x, y, from_attributes<Resize2dOptions>(spec.attributes));
  return make_separable(spec, {g.rows, g.h}, {g.columns, g.w});
}

std::unique_ptr<Kernel> make_transpose(const KernelSpec& spec) {
  const Shape &x = spec.inputs[0].type.shape, &y = spec.outputs[0].type.shape;
  const auto g = resize_geometry(y, x, from_attributes<Resize2dOptions>(spec.attributes));
  return make_separable(spec, transposed({g.rows, g.h}), transposed({g.columns, g.w}));
}

}  // namespace

const CpuKernel kResize2dKernel{.op = "resize2d", .layout = follow_first, .make = make_resize};
const CpuKernel kResize2dLikeKernel{.op = "resize2d_like", .layout = follow_first_but<1>, .make = make_resize};
const CpuKernel kResize2dTransposeKernel{
    .op = "resize2d_transpose", .layout = follow_first_but<1>, .make = make_transpose};

}  // namespace inlay
