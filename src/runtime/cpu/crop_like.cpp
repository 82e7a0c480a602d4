#include "graph/options.h"
#include "ops/crop_like_geometry.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/like_layout.h"
#include "runtime/cpu/separable.h"

namespace inlay {
namespace {

/// What the large picture shows of the small one along one axis.
AxisTable amid_zeros(std::int64_t small, std::int64_t large, std::int64_t start) {
  return copy_table(small, large, [=](std::int64_t i) { return i >= start && i - start < small ? i - start : -1; });
}

std::unique_ptr<Kernel> make_crop(const KernelSpec& spec) {
  const Shape &large = spec.inputs[0].type.shape, &small = spec.outputs[0].type.shape;
  const Size2 start = crop_like_start(from_attributes<CropLikeOptions>(spec.attributes), large, small);
  return make_separable(spec, transposed(amid_zeros(small[2], large[2], start.h)),
                        transposed(amid_zeros(small[3], large[3], start.w)));
}

std::unique_ptr<Kernel> make_pad(const KernelSpec& spec) {
  const Shape &small = spec.inputs[0].type.shape, &large = spec.outputs[0].type.shape;
  const Size2 start = crop_like_start(from_attributes<CropLikeOptions>(spec.attributes), large, small);
  return make_separable(spec, amid_zeros(small[2], large[2], start.h), amid_zeros(small[3], large[3], start.w));
}

}  // namespace

const CpuKernel kCropLikeKernel{.op = "crop_like", .layout = follow_first_but<1>, .make = make_crop};
const CpuKernel kPadLikeKernel{.op = "pad_like", .layout = follow_first_but<1>, .make = make_pad};

}  // namespace inlay
