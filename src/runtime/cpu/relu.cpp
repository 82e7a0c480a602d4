#include "base/threads.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_relu(const KernelSpec& spec) {
  const auto count = static_cast<std::int64_t>(spec.inputs[0].bytes() / sizeof(float));
  return make_kernel([count](const Pointers& p, std::uint64_t) {
    const float* x = p.in<float>(0);
    float* y = p.out<float>(0);
    parallel_ranges(
        count,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) y[i] = x[i] > 0 ? x[i] : 0;
        },
        count);
  });
}

std::unique_ptr<Kernel> make_relu_grad(const KernelSpec& spec) {
  const auto count = static_cast<std::int64_t>(spec.inputs[0].bytes() / sizeof(float));
  return make_kernel([count](const Pointers& p, std::uint64_t) {
    const float* dy = p.in<float>(0);
    const float* y = p.in<float>(1);
    float* dx = p.out<float>(0);
    parallel_ranges(
        count,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            const float kept = dy[i];  // read always: a conditional read is not vectorised
            dx[i] = y[i] > 0 ? kept : 0;
          }
        },
        count);
  });
}

}  // namespace

const CpuKernel kReluKernel{.op = "relu", .layout = follow_first, .make = make_relu, .in_place = 0b1};
const CpuKernel kReluGradKernel{.op = "relu_grad", .layout = follow_first, .make = make_relu_grad, .in_place = 0b1};

}  // namespace inlay
