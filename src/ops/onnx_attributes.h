// Reading the attributes of an ONNX node.
#pragma once

#include "base/fail.h"
#include "graph/options.h"
#include "ops/onnx_mapping.h"

namespace inlay {

/// The attribute `name` of the node, or `fallback` when it has none.
template <class T>
T onnx_attribute(const OnnxNode& node, std::string_view name, T fallback) {
  const Attribute* a = node.attributes.find(name);
  if (a == nullptr) return fallback;
  if constexpr (std::is_same_v<T, std::string>)
    return detail::attribute_as<std::string>(name, *a);
  else
    from_attribute(name, *a, fallback);
  return fallback;
}

/// A negative axis counts from the end.
inline std::int64_t onnx_axis(std::int64_t axis, const Shape& shape) { return axis < 0 ? axis + shape.rank() : axis; }

/// The whole numbers of input `i`, or else of the attribute `name` (where older opsets had them); nothing when both are
/// absent. Throws InputError when the input is computed.
inline std::optional<std::vector<std::int64_t>> onnx_integers(OnnxImporter& onnx, const OnnxNode& node, std::size_t i,
                                                              std::string_view name) {
  if (const std::string input = input_name(node, i); !input.empty()) {
    auto numbers = onnx.integers(input);
    if (!numbers) fail_input("the input '{}' ({}) is computed by the network, expected constant numbers", input, name);
    return numbers;
  }
  if (const Attribute* a = node.attributes.find(name)) {
    std::vector<std::int64_t> numbers;
    from_attribute(name, *a, numbers);
    return numbers;
  }
  return std::nullopt;
}

}  // namespace inlay
