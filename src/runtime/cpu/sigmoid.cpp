#include "runtime/cpu/exp_log.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return make_pointwise(spec, [](float x) { return sigmoid_f32(x); });
}

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  return make_pointwise2(spec, [](float dy, float y) { return dy * y * (1 - y); });
}

}  // namespace

const CpuKernel kSigmoidKernel{.op = "sigmoid", .layout = follow_first, .make = make, .in_place = 0b1};
const CpuKernel kSigmoidGradKernel{.op = "sigmoid_grad", .layout = follow_first, .make = make_grad, .in_place = 0b11};

}  // namespace inlay
