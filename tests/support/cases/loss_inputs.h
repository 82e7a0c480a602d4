// The inputs of losses.
#pragma once

#include "support/op_case.h"

namespace inlay::testing {

enum class Weights { none, classes, pixels, both };

/// Logits, labels and weights; the weights as state, since losses are constant in them.
inline std::vector<CaseInput> loss_inputs(Shape logits, std::int64_t classes, Weights weights = Weights::none) {
  const Shape pixels{logits[0], logits[2], logits[3]};
  std::vector<CaseInput> in{picture("logits", logits), {"labels", {DType::u8, pixels}, Fill::labels, classes}};
  if (weights == Weights::classes || weights == Weights::both)
    in.push_back({"class_weights", {DType::f32, {classes}}, Fill::positive, 2, LeafKind::state});
  if (weights == Weights::pixels || weights == Weights::both)
    in.push_back({"pixel_weights", {DType::f32, pixels}, Fill::positive, 2, LeafKind::state});
  return in;
}

inline Value class_weights_of(std::span<const Value> in, Weights weights) {
  return weights == Weights::classes || weights == Weights::both ? in[2] : Value();
}
inline Value pixel_weights_of(std::span<const Value> in, Weights weights) {
  return weights == Weights::pixels || weights == Weights::both ? in.back() : Value();
}

}  // namespace inlay::testing
