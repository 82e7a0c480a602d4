#include "onnx/fold_shapes.h"

#include <algorithm>

#include "ops/onnx_attributes.h"

namespace inlay {
namespace {

using Kind = SizeTerm::Kind;

/// Positions count from the end when negative; past either end they are moved to it.
std::int64_t clamp_position(std::int64_t at, std::int64_t size) {
  return std::clamp<std::int64_t>(at < 0 ? at + size : at, 0, size);
}

SizeTerms part(const SizeTerms& terms, std::int64_t begin, std::int64_t end) {
  const auto size = static_cast<std::int64_t>(terms.size());
  const std::int64_t first = clamp_position(begin, size), last = std::max(first, clamp_position(end, size));
  return {terms.begin() + first, terms.begin() + last};
}

SizeTerms shape(OnnxImporter& onnx, const OnnxNode& node) {
  const Value value = onnx.value(node.inputs.at(0));
  SizeTerms terms;
  for (int axis = 0; axis < value.shape().rank(); ++axis)
    terms.push_back({.kind = Kind::extent, .number = value.shape()[axis], .of = value, .axis = axis});
  return part(terms, onnx_attribute<std::int64_t>(node, "start", 0),
              onnx_attribute<std::int64_t>(node, "end", INT64_MAX));
}

std::optional<SizeTerms> concat(OnnxImporter& onnx, const OnnxNode& node) {
  SizeTerms all;
  for (const std::string& name : node.inputs) {
    const auto terms = onnx.sizes(name);
    if (!terms) return std::nullopt;
    all.insert(all.end(), terms->begin(), terms->end());
  }
  return all;
}

std::optional<SizeTerms> slice(OnnxImporter& onnx, const OnnxNode& node, const SizeTerms& terms) {
  const auto begin = onnx.integers(input_name(node, 1)), end = onnx.integers(input_name(node, 2));
  const auto step = onnx.integers(input_name(node, 4));
  if (!begin || !end || begin->size() != 1 || end->size() != 1 || (step && *step != std::vector<std::int64_t>{1}))
    return std::nullopt;
  return part(terms, begin->front(), end->front());
}

std::optional<SizeTerms> gather(OnnxImporter& onnx, const OnnxNode& node, const SizeTerms& terms) {
  const auto positions = onnx.integers(input_name(node, 1));
  if (!positions) return std::nullopt;
  SizeTerms result;
  const auto size = static_cast<std::int64_t>(terms.size());
  for (std::int64_t at : *positions) {
    if (at < -size || at >= size) fail_input("position {} is asked for, but there are {} numbers", at, size);
    result.push_back(terms[static_cast<std::size_t>(at < 0 ? at + size : at)]);
  }
  return result;
}

struct Arithmetic {
  std::string_view type;
  Kind kind;  // number: how it was made is not kept
  bool (*overflows)(std::int64_t a, std::int64_t b, std::int64_t* result);
};

constexpr Arithmetic kArithmetic[] = {
    {"Add", Kind::sum, [](auto a, auto b, auto* result) { return __builtin_add_overflow(a, b, result); }},
    {"Sub", Kind::difference, [](auto a, auto b, auto* result) { return __builtin_sub_overflow(a, b, result); }},
    {"Mul", Kind::number, [](auto a, auto b, auto* result) { return __builtin_mul_overflow(a, b, result); }},
    {"Div", Kind::quotient,
     [](auto a, auto b, auto* result) {
       if (b == 0 || (b == -1 && a == INT64_MIN)) return true;
       *result = a / b;
       return false;
     }},
};

SizeTerm combine(const Arithmetic& arithmetic, const SizeTerm& a, const SizeTerm& b) {
  SizeTerm result;
  if (arithmetic.overflows(a.number, b.number, &result.number))
    fail_input("the size {} of {} and {} is no whole number that can be", arithmetic.type, a.number, b.number);
  if (arithmetic.kind == Kind::number || (a.kind == Kind::number && b.kind == Kind::number)) return result;
  result.kind = arithmetic.kind;
  result.terms = {a, b};
  return result;
}

/// Element by element; one number goes with each of the others.
std::optional<SizeTerms> apply(const Arithmetic& arithmetic, OnnxImporter& onnx, const OnnxNode& node) {
  const auto a = onnx.sizes(input_name(node, 0)), b = onnx.sizes(input_name(node, 1));
  if (!a || !b) return std::nullopt;
  if (a->size() != b->size() && a->size() != 1 && b->size() != 1)
    fail_input("{} and {} sizes cannot be put together", a->size(), b->size());
  SizeTerms result;
  const std::size_t count = a->size() == 1 ? b->size() : a->size();
  for (std::size_t i = 0; i < count; ++i)
    result.push_back(combine(arithmetic, (*a)[a->size() == 1 ? 0 : i], (*b)[b->size() == 1 ? 0 : i]));
  return result;
}

}  // namespace

std::optional<SizeTerms> fold_shapes(OnnxImporter& onnx, const OnnxNode& node) {
  if (node.type == "Shape") return shape(onnx, node);
  if (node.type == "Concat") return concat(onnx, node);
  const auto arithmetic = std::ranges::find(kArithmetic, node.type, &Arithmetic::type);
  if (arithmetic != std::end(kArithmetic)) return apply(*arithmetic, onnx, node);
  const auto terms = onnx.sizes(input_name(node, 0));
  if (!terms) return std::nullopt;
  if (node.type == "Cast" || node.type == "Unsqueeze" || node.type == "Squeeze") return terms;
  if (node.type == "Slice") return slice(onnx, node, *terms);
  if (node.type == "Gather") return gather(onnx, node, *terms);
  return std::nullopt;
}

}  // namespace inlay
