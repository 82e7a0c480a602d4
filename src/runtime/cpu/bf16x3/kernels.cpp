#include "runtime/cpu/bf16x3/intrinsics.h"
#include "runtime/cpu/simd/targets.h"

#if INLAY_HAS_AMX

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace inlay::bf16x3 {
namespace {

/// The processor's bits of CPUID; and the registers of the matrix units, which Linux gives to a process on demand.
bool find_units() {
  unsigned a = 0, b = 0, c = 0, d = 0;
  constexpr unsigned kAmx = 1U << 22 | 1U << 24;  // bf16 and tiles, of leaf 7's edx
  if (__get_cpuid_count(7, 0, &a, &b, &c, &d) == 0 || (d & kAmx) != kAmx) return false;
  constexpr unsigned kAvx512Bf16 = 1U << 5;  // of leaf 7.1's eax
  if (__get_cpuid_count(7, 1, &a, &b, &c, &d) == 0 || (a & kAvx512Bf16) == 0) return false;
  constexpr long kRequestPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}

constexpr Kernels kKernels{split_pixels, pack_weights, split_channels, split_pairs, multiply};

}  // namespace

const Kernels* kernels(int block) {
  static const bool found = find_units();
  return found && block == kBlock && simd::amx_allowed() ? &kKernels : nullptr;
}

}  // namespace inlay::bf16x3

#else

namespace inlay::bf16x3 {

const Kernels* kernels(int) { return nullptr; }

}  // namespace inlay::bf16x3

#endif
