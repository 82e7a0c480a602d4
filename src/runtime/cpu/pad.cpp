#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/separable.h"

namespace inlay {
namespace {

AxisTable pad_table(std::int64_t size, std::int64_t before, std::int64_t after, PadMode mode) {
  return copy_table(size, size + before + after, [=](std::int64_t i) {
    const std::int64_t at = i - before;
    if (at >= 0 && at < size) return at;
    if (mode == PadMode::zero) return std::int64_t{-1};
    return at < 0 ? -at : 2 * size - 2 - at;
  });
}

std::unique_ptr<Kernel> make_pad(const KernelSpec& spec) {
  const auto o = from_attributes<PadOptions>(spec.attributes);
  const Shape& x = spec.inputs[0].type.shape;
  return make_separable(spec, pad_table(x[2], o.padding.top, o.padding.bottom, o.mode),
                        pad_table(x[3], o.padding.left, o.padding.right, o.mode));
}

std::unique_ptr<Kernel> make_transpose(const KernelSpec& spec, const PadOptions& o) {
  const Shape& y = spec.outputs[0].type.shape;
  return make_separable(spec, transposed(pad_table(y[2], o.padding.top, o.padding.bottom, o.mode)),
                        transposed(pad_table(y[3], o.padding.left, o.padding.right, o.mode)));
}

std::unique_ptr<Kernel> make_pad_transpose(const KernelSpec& spec) {
  return make_transpose(spec, from_attributes<PadOptions>(spec.attributes));
}

std::unique_ptr<Kernel> make_crop(const KernelSpec& spec) {
  return make_transpose(spec, {from_attributes<CropOptions>(spec.attributes).amounts});
}

}  // namespace

const CpuKernel kPadKernel{.op = "pad", .layout = follow_first, .make = make_pad};
const CpuKernel kPadTransposeKernel{.op = "pad_transpose", .layout = follow_first, .make = make_pad_transpose};
const CpuKernel kCropKernel{.op = "crop", .layout = follow_first, .make = make_crop};

}  // namespace inlay
