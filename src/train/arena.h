// Many tensors in one piece of memory, so that an optimiser's step is one pass over it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "inlay/tensor.h"

namespace inlay {

/// Where each tensor begins: 64-byte aligned, zeros in between.
struct ArenaLayout {
  struct Slot {
    std::string name;
    Shape shape;
    std::size_t offset = 0;  // in elements
  };

  /// In the given order.
  void add(std::string name, const Shape& shape);

  std::vector<Slot> slots;
  std::size_t elements = 0;  // gaps included
};

/// The numbers of a layout's slots, in its order, wherever they lie.
using SlotValues = std::vector<std::span<const float>>;

/// f32 numbers, zeros at first. Copies share the memory.
class Arena {
 public:
  explicit Arena(const ArenaLayout& layout);

  std::span<float> all() { return storage_.data<float>(); }
  std::span<const float> all() const { return storage_.data<float>(); }
  SlotValues values(const ArenaLayout& layout) const;
  /// The slot's tensor, which keeps the arena's memory alive.
  Tensor view(const ArenaLayout::Slot& slot) const;
  /// PREFIX + name -> view.
  std::map<std::string, Tensor> views(const ArenaLayout& layout, const std::string& prefix = "") const;

 private:
  Tensor storage_;
};

/// sum += values * factor.
void add_scaled(Arena& sum, const ArenaLayout& layout, const SlotValues& values, float factor);

/// The Euclidean norm of all together, in double. Does not depend on the number of threads.
double norm(const SlotValues& values);

}  // namespace inlay
