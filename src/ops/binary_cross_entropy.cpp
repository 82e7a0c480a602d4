#include <algorithm>
#include <cmath>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/operators.h"
#include "ops/pixel_loss.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  from_attributes<LossOptions>(attributes);
  expect_picture("logits", in[0]);
  check_pixel_loss(in, 1, 2);
  const TensorType scalar{DType::f32, {1}};
  return {scalar, scalar};
}

std::vector<Value> gradient(const GradientCall& call) { return pixel_loss_gradient(call, kBinaryCrossEntropyGrad); }

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<LossOptions>(call.attributes);
  weighted_mean(counted_pixels(call.inputs, 2, o.ignore), call.outputs, [&](const WeightedPixel& p) {
    const double x = call.inputs[0]->data[static_cast<std::size_t>(p.index)];
    return std::max(x, 0.0) - x * static_cast<double>(p.label) + std::log1p(std::exp(-std::abs(x)));
  });
}

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  expect_type("dy", in[0], DType::f32, {1});
  expect_type("weight", in[5], DType::f32, {1});
  shape(attributes, in.subspan(1, 4));
  return {in[1]};
}

void grad_reference(const ReferenceCall& call) {
  const auto o = from_attributes<LossOptions>(call.attributes);
  const double total = call.inputs[5]->data[0];
  if (!(total > 0)) return;
  for (const WeightedPixel& p : counted_pixels(call.inputs.subspan(1, 4), 2, o.ignore)) {
    const auto i = static_cast<std::size_t>(p.index);
    const double probability = 1 / (1 + std::exp(-call.inputs[1]->data[i]));
    call.outputs[0].data[i] = call.inputs[0]->data[0] * p.weight / total * (probability - static_cast<double>(p.label));
  }
}

}  // namespace

/// Outputs and labels as cross_entropy's. -log sigmoid(x) = log(1 + e^-x) and -log(1 - sigmoid(x)) = x + log(1 + e^-x),
/// written so that no exponent is positive.
const Operator kBinaryCrossEntropy{
    .name = "binary_cross_entropy", .shape = shape, .gradient = gradient, .reference = reference};

/// w / sum(w) * dy * (sigmoid - label). Inputs as cross_entropy_grad's.
const Operator kBinaryCrossEntropyGrad{
    .name = "binary_cross_entropy_grad", .shape = grad_shape, .reference = grad_reference};

Value binary_cross_entropy(Value logits, Value labels, Value class_weights, Value pixel_weights,
                           const LossOptions& options) {
  return logits.graph().add_node(kBinaryCrossEntropy, to_attributes(options),
                                 {logits, labels, class_weights, pixel_weights})[0];
}

}  // namespace inlay
