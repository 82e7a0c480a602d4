#include "runtime/cpu/broadcast.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return make_broadcast(spec, [](float a, float b) { return a * b; });
}

}  // namespace

const CpuKernel kMulKernel{.op = "mul", .layout = follow_largest, .make = make, .in_place = 0b11};

}  // namespace inlay
