#include <cstring>

#include "base/threads.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_reshape(const KernelSpec& spec) {
  const auto bytes = static_cast<std::int64_t>(spec.inputs[0].bytes());
  return make_kernel([bytes](const Pointers& p, std::uint64_t) {
    const std::byte* x = p.in<std::byte>(0);
    std::byte* y = p.out<std::byte>(0);
    if (x == y) return;
    parallel_ranges(
        bytes,
        [&](std::int64_t begin, std::int64_t end) {
          std::memcpy(y + begin, x + begin, static_cast<std::size_t>(end - begin));
        },
        bytes);
  });
}

}  // namespace

const CpuKernel kReshapeKernel{.op = "reshape", .layout = plain_layout, .make = make_reshape, .in_place = 0b1};

}  // namespace inlay
