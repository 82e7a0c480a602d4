#include "data/cells.h"

#include <vector>

namespace inlay {

Tensor number_cells(const Mask& mask) {
  const std::int64_t height = mask.height(), width = mask.width();
  const std::span<const std::uint8_t> labels = mask.labels.data<std::uint8_t>();
  Tensor result(DType::i32, {height, width});
  const std::span<std::int32_t> numbers = result.data<std::int32_t>();
  std::int32_t cells = 0;
  std::vector<std::size_t> open;  // pixels of the cell whose neighbours were not looked at
  const auto take = [&](std::size_t at, std::uint8_t label) {
    if (numbers[at] != 0 || labels[at] != label) return;
    numbers[at] = cells;
    open.push_back(at);
  };
  const auto columns = static_cast<std::size_t>(width);
  for (std::size_t first = 0; first < labels.size(); ++first) {
    const std::uint8_t label = labels[first];
    if (label == 0 || label == kIgnore || numbers[first] != 0) continue;
    ++cells;
    take(first, label);
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if (at >= columns) take(at - columns, label);
      if (at + columns < labels.size()) take(at + columns, label);
      if (at % columns > 0) take(at - 1, label);
      if (at % columns + 1 < columns) take(at + 1, label);
    }
  }
  return result;
}

}  // namespace inlay
