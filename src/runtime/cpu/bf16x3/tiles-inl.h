// The instructions of the matrix units, with the numbers of tiles as constants. To be included between INLAY_BEGIN_AMX
// and INLAY_END_AMX. The compiler does not know that tiles are read from memory: see tiles_see_memory().
#pragma once

namespace inlay::bf16x3 {
namespace {

template <int Tile>
inline void load_tile(const void* from, std::ptrdiff_t line) {
  asm volatile("tileloadd (%1,%2,1), %%tmm%c0" ::"i"(Tile), "r"(from), "r"(line));
}
template <int Tile>
inline void store_tile(void* to, std::ptrdiff_t line) {
  asm volatile("tilestored %%tmm%c0, (%1,%2,1)" ::"i"(Tile), "r"(to), "r"(line) : "memory");
}
template <int Tile>
inline void clear_tile() {
  asm volatile("tilezero %%tmm%c0" ::"i"(Tile));
}
/// Sum += First * Second.
template <int Sum, int First, int Second>
inline void multiply_tiles() {
  asm volatile("tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0" ::"i"(Sum), "i"(First), "i"(Second));
}

/// All that was written before is in memory.
inline void tiles_see_memory() { asm volatile("" ::: "memory"); }

/// body(0), body(1), ..., as constants.
template <int Count, class Body>
inline void unrolled(Body body) {
  [&]<int... i>(std::integer_sequence<int, i...>) { (body(std::integral_constant<int, i>()), ...); }
  (std::make_integer_sequence<int, Count>());
}

}  // namespace
}  // namespace inlay::bf16x3
