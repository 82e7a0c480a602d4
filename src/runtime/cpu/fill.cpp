#include <algorithm>

#include "base/threads.h"
#include "graph/options.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_fill(const KernelSpec& spec) {
  const std::int64_t count = spec.outputs[0].type.shape.elements();
  const auto value = static_cast<float>(from_attributes<FillOptions>(spec.attributes).value);
  return make_kernel([count, value](const Pointers& p, std::uint64_t) {
    parallel_ranges(
        count,
        [&](std::int64_t begin, std::int64_t end) { std::fill(p.out<float>(0) + begin, p.out<float>(0) + end, value); },
        count);
  });
}

}  // namespace

const CpuKernel kFillKernel{.op = "fill", .layout = plain_layout, .make = make_fill};

}  // namespace inlay
