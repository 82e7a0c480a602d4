#include "runtime/cpu/simd/targets.h"

#include <hwy/targets.h>

#include <cstdlib>
#include <string_view>

#include "base/fail.h"

namespace inlay::simd {

bool avx512_allowed() {
  const char* value = std::getenv("INLAY_ISA");
  const std::string_view isa = value ? value : "";
  if (!isa.empty() && isa != "avx2" && isa != "avx512") fail_input("INLAY_ISA is '{}'; expected avx2 or avx512", isa);
  return isa != "avx2";
}

bool has(std::int64_t target) {
  const bool allowed = target != HWY_AVX3 || avx512_allowed();
  return allowed && (hwy::SupportedTargets() & target) != 0;
}

}  // namespace inlay::simd
