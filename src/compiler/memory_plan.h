// Where each intermediate result lies in one shared arena.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace inlay {

/// A buffer is needed from step `first` to step `last`, both included.
struct Lifetime {
  std::size_t bytes = 0;
  int first = 0;
  int last = 0;
};

struct MemoryPlan {
  std::vector<std::size_t> offsets;  // one a lifetime, multiples of 64
  std::size_t bytes = 0;             // of the arena
};

/// Largest first, each into the smallest gap that fits among those that live at the same time (greedy by size:
/// Pisarchyk and Lee 2020, "Efficient memory management for deep neural net inference").
MemoryPlan plan_memory(std::span<const Lifetime> lifetimes);

}  // namespace inlay
