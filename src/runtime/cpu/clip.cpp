#include <algorithm>

#include "graph/options.h"
#include "runtime/cpu/kernels.h"
#include "runtime/cpu/rows.h"

namespace inlay {
namespace {

struct Bounds {
  explicit Bounds(const KernelSpec& spec) {
    const auto o = from_attributes<ClipOptions>(spec.attributes);
    low = static_cast<float>(o.low), high = static_cast<float>(o.high);
  }
  float low, high;
};

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  return make_pointwise(spec, [b = Bounds(spec)](float x) { return std::min(std::max(x, b.low), b.high); });
}

std::unique_ptr<Kernel> make_grad(const KernelSpec& spec) {
  return make_pointwise2(spec, [b = Bounds(spec)](float dy, float y) { return y > b.low && y < b.high ? dy : 0.0f; });
}

}  // namespace

const CpuKernel kClipKernel{.op = "clip", .layout = follow_first, .make = make, .in_place = 0b1};
const CpuKernel kClipGradKernel{.op = "clip_grad", .layout = follow_first, .make = make_grad, .in_place = 0b11};

}  // namespace inlay
