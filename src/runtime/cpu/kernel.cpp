#include "runtime/cpu/kernel.h"

#include <algorithm>

namespace inlay {

bool is_picture(const TensorType& type) { return type.shape.rank() == 4 && type.dtype != DType::u8; }

std::size_t Buffer::bytes() const {
  Shape shape = type.shape;
  if (block > 1) shape[1] = padded_channels(shape[1], block);
  return static_cast<std::size_t>(shape.elements()) * size_of(type.dtype);
}

LayoutChoice plain_layout(const LayoutQuery& query) {
  return {std::vector<int>(query.inputs.size(), 1), std::vector<int>(query.outputs.size(), 1)};
}

LayoutChoice follow_first(const LayoutQuery& query) {
  LayoutChoice choice = plain_layout(query);
  const auto first = std::ranges::find_if(query.inputs, [](const Buffer& b) { return is_picture(b.type); });
  if (first == query.inputs.end()) return choice;
  for (std::size_t i = 0; i < query.inputs.size(); ++i)
    if (is_picture(query.inputs[i].type)) choice.inputs[i] = first->block;
  for (std::size_t i = 0; i < query.outputs.size(); ++i)
    if (is_picture(query.outputs[i])) choice.outputs[i] = first->block;
  return choice;
}

}  // namespace inlay
