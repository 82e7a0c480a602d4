#include "onnx/fold_shapes.h"

#include <algorithm>

#include "base/fail.h"

namespace inlay {
namespace {

/// Positions count from the end when negative; past either end they are moved to it.
std::int64_t clamp_position(std::int64_t at, std::int64_t size) {
  return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
}

std::optional<WholeNumbers> slice(OnnxImporter& onnx, const OnnxNode& node, const WholeNumbers& numbers) {
  const auto begin = onnx.integers(input_name(node, 1)), end = onnx.integers(input_name(node, 2));
  const auto step = onnx.integers(input_name(node, 4));
  if (!begin || !end || begin->size() != 1 || end->size() != 1 || (step && *step != WholeNumbers{1}))
    return std::nullopt;
  const auto size = static_cast<std::int64_t>(numbers.size());
  const std::int64_t first = clamp_position(begin->front(), size),
                     last = std::max(first, clamp_position(end->front(), size));
  return WholeNumbers(numbers.begin() + first, numbers.begin() + last);
}

std::optional<WholeNumbers> gather(OnnxImporter& onnx, const OnnxNode& node, const WholeNumbers& numbers) {
  const auto positions = onnx.integers(input_name(node, 1));
  if (!positions) return std::nullopt;
  WholeNumbers result;
  const auto size = static_cast<std::int64_t>(numbers.size());
  for (std::int64_t at : *positions) {
    if (at < -size || at >= size) fail_input("position {} is asked for, but there are {} numbers", at, size);
    result.push_back(numbers[static_cast<std::size_t>(at < 0 ? at + size : at)]);
  }
  return result;
}

}  // namespace

std::optional<WholeNumbers> fold_shapes(OnnxImporter& onnx, const OnnxNode& node) {
  if (node.type == "Shape") {
    const Shape shape = onnx.value(node.inputs.at(0)).shape();
    return WholeNumbers(shape.begin(), shape.end());
  }
  if (node.type == "Concat") {
    WholeNumbers all;
    for (const std::string& name : node.inputs) {
      const auto part = onnx.integers(name);
      if (!part) return std::nullopt;
      all.insert(all.end(), part->begin(), part->end());
    }
    return all;
  }
  const auto numbers = onnx.integers(input_name(node, 0));
  if (!numbers) return std::nullopt;
  if (node.type == "Cast" || node.type == "Unsqueeze") return numbers;
  if (node.type == "Slice") return slice(onnx, node, *numbers);
  if (node.type == "Gather") return gather(onnx, node, *numbers);
  return std::nullopt;
}

}  // namespace inlay
