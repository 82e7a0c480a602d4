#include "runtime/cpu/simd/targets.h"

#include <hwy/targets.h>

#include <cstdlib>
#include <string_view>

#include "base/fail.h"

namespace inlay::simd {

namespace {

/// INLAY_ISA, "amx" where it is not set.
std::string_view allowed() {
  const char* value = std::getenv("INLAY_ISA");
  const std::string_view isa = value ? value : "";
  if (isa.empty()) return "amx";
  if (isa != "avx2" && isa != "avx512" && isa != "amx")
    fail_input("INLAY_ISA is '{}'; expected avx2, avx512 or amx", isa);
  return isa;
}

}  // namespace

bool avx512_allowed() { return allowed() != "avx2"; }
bool amx_allowed() { return allowed() == "amx"; }

bool has(std::int64_t target) {
  const bool allowed = target != HWY_AVX3 || avx512_allowed();
  return allowed && (hwy::SupportedTargets() & target) != 0;
}

}  // namespace inlay::simd
