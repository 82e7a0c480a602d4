// A head and its loss in one: a 1x1 convolution, a loss over its logits, and the gradients of all.
#pragma once

#include "ops/joined.h"
#include "ops/loss_with_grad.h"

namespace inlay {

struct ConvLossWithGradOptions {
  double dy = 1;  // the gradient of the loss itself
  std::int64_t ignore = 255;
  std::vector<std::int64_t> normalised;  // x is read through batch norm and ReLU: [0], else empty
  static void visit(auto& self, auto&& field) {
    field("dy", self.dy);
    field("ignore", self.ignore);
    field("normalised", self.normalised);
  }
  LossWithGradOptions loss() const { return {dy, ignore}; }
};

/// Inputs: x, weight, bias or absent, labels, class weights or absent, pixel weights or absent, then what normalises x.
struct ConvLossInputs {
  static constexpr std::size_t kWeight = 1, kBias = 2, kLabels = 3, kClassWeights = 4, kPixelWeights = 5, kCount = 6;
};
/// Outputs: the gradients of x (normalised), weight and bias, the loss, the sum of the weights.
struct ConvLossOutputs {
  static constexpr std::size_t kX = 0, kWeight = 1, kBias = 2, kLoss = 3, kSum = 4;
};

inline Sources sources_of(const ConvLossWithGradOptions& o) { return {ConvLossInputs::kCount, o.normalised}; }

}  // namespace inlay
