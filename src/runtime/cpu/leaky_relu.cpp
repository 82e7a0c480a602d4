#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

float slope(const KernelSpec& spec) {
  return static_cast<float>(from_attributes<LeakyReluOptions>(spec.attributes).slope);
}

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return make_pointwise(spec, [slope = slope(spec)](float x) { return (x > 0 ? 1.0f : slope) * x; });
}

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  return make_pointwise2(spec, [slope = slope(spec)](float dy, float x) { return (x > 0 ? 1.0f : slope) * dy; });
}

}  // namespace

const CpuKernel kLeakyReluKernel{.op = "leaky_relu", .layout = follow_first, .make = make, .in_place = 0b1};
const CpuKernel kLeakyReluGradKernel{
    .op = "leaky_relu_grad", .layout = follow_first, .make = make_grad, .in_place = 0b11};

}  // namespace inlay
