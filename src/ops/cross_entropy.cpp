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
  const std::int64_t classes = in[0].shape[1];
  if (classes < 1 || classes > 256) fail_input("logits is {}, expected 1 to 256 classes", to_string(in[0]));
  check_pixel_loss(in, classes, classes);
  const TensorType scalar{DType::f32, {1}};
  return {scalar, scalar};
}

std::vector<Value> gradient(const GradientCall& call) { return pixel_loss_gradient(call, kCrossEntropyGrad); }

/// The logits of one pixel.
struct Pixel {
  Pixel(const ReferenceTensor& logits, std::int64_t index)
      : plane(logits.type.shape[2] * logits.type.shape[3]),
        classes(logits.type.shape[1]),
        first(index / plane * classes * plane + index % plane),
        data(logits.data) {
    for (std::int64_t k = 0; k < classes; ++k) largest = std::max(largest, logit(k));
    for (std::int64_t k = 0; k < classes; ++k) sum += std::exp(logit(k) - largest);
  }
  std::size_t at(std::int64_t k) const { return static_cast<std::size_t>(first + k * plane); }
  double logit(std::int64_t k) const { return data[at(k)]; }
  double log_probability(std::int64_t k) const { return logit(k) - largest - std::log(sum); }

  std::int64_t plane, classes, first;
  const std::vector<double>& data;
  double largest = -INFINITY, sum = 0;
};

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<LossOptions>(call.attributes);
  const ReferenceTensor& logits = *call.inputs[0];
  weighted_mean(counted_pixels(call.inputs, logits.type.shape[1], o.ignore), call.outputs,
                [&](const WeightedPixel& p) { return -Pixel(logits, p.index).log_probability(p.label); });
}

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  expect_type("dy", in[0], DType::f32, {1});
  expect_type("weight", in[5], DType::f32, {1});
  shape(attributes, in.subspan(1, 4));
  return {in[1]};
}

void grad_reference(const ReferenceCall& call) {
  const auto o = from_attributes<LossOptions>(call.attributes);
  const ReferenceTensor& logits = *call.inputs[1];
  const double total = call.inputs[5]->data[0];
  if (!(total > 0)) return;
  for (const WeightedPixel& p : counted_pixels(call.inputs.subspan(1, 4), logits.type.shape[1], o.ignore)) {
    const Pixel pixel(logits, p.index);
    const double factor = call.inputs[0]->data[0] * p.weight / total;
    for (std::int64_t k = 0; k < pixel.classes; ++k)
      call.outputs[0].data[pixel.at(k)] = factor * (std::exp(pixel.log_probability(k)) - (k == p.label ? 1 : 0));
  }
}

}  // namespace

/// Outputs: the loss and the sum of the weights, which the gradient divides by. Constant in the weights. A label that
/// is neither a class nor `ignore` does not count: the loader has refused it already.
const Operator kCrossEntropy{.name = "cross_entropy", .shape = shape, .gradient = gradient, .reference = reference};

/// w / sum(w) * dy * (softmax - 1 at the label). Inputs: dy, logits, labels, class weights, pixel weights, sum(w).
const Operator kCrossEntropyGrad{.name = "cross_entropy_grad", .shape = grad_shape, .reference = grad_reference};

Value cross_entropy(Value logits, Value labels, Value class_weights, Value pixel_weights, const LossOptions& options) {
  return logits.graph().add_node(kCrossEntropy, to_attributes(options),
                                 {logits, labels, class_weights, pixel_weights})[0];
}

}  // namespace inlay
