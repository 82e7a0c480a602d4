#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/separable.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_subsample(const KernelSpec& spec) {
  const Size2 stride = from_attributes<Nails2dOptions>(spec.attributes).stride;
  const Shape &x = spec.inputs[0].type.shape, &y = spec.outputs[0].type.shape;
  return make_separable(spec, copy_table(x[2], y[2], [=](std::int64_t i) { return i * stride.h; }),
                        copy_table(x[3], y[3], [=](std::int64_t i) { return i * stride.w; }));
}

std::unique_ptr<Kernel> make_nails(const KernelSpec& spec) {
  const Size2 stride = from_attributes<Nails2dOptions>(spec.attributes).stride;
  const Shape &x = spec.inputs[0].type.shape, &y = spec.outputs[0].type.shape;
  const auto nail = [](std::int64_t step) {
    return [step](std::int64_t i) { return i % step == 0 ? i / step : std::int64_t{-1}; };
  };
  return make_separable(spec, copy_table(x[2], y[2], nail(stride.h)), copy_table(x[3], y[3], nail(stride.w)));
}

}  // namespace

const CpuKernel kSubsample2dKernel{.op = "subsample2d", .layout = follow_first, .make = make_subsample};
const CpuKernel kBedOfNails2dKernel{.op = "bed_of_nails2d", .layout = follow_first_but<1>, .make = make_nails};

}  // namespace inlay
