#include "base/threads.h"
#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const auto o = from_attributes<AffineOptions>(spec.attributes);
  return make_pointwise(spec, [scale = static_cast<float>(o.scale), shift = static_cast<float>(o.shift)](float x) {
    return x * scale + shift;
  });
}

}  // namespace

const CpuKernel kAffineKernel{.op = "affine", .layout = follow_first, .make = make, .in_place = 0b1};

}  // namespace inlay
