#include <algorithm>
#include <cmath>

#include "graph/options.h"
#include "inlay/loss_ops.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  from_attributes<LovaszOptions>(attributes);
  expect_picture("scores", in[0]);
  const Shape& s = in[0].shape;
  if (s[1] < 1 || s[1] > 256) fail_input("scores is {}, expected 1 to 256 channels", to_string(in[0]));
  expect_type("labels", in[1], DType::u8, Shape{s[0], s[2], s[3]});
  return {{DType::f32, {1}}, in[0]};
}

std::vector<Value> gradient(const GradientCall& call) {
  if (call.output_gradients[1]) fail_input("'{}': the slopes have no gradient", call.node.name);
  return {mul(reshape(call.output_gradients[0], {1, 1, 1, 1}), call.node.outputs[1]), Value()};
}

struct ErrorOfPixel {
  double error;
  std::size_t at;  // in the scores
  bool foreground;
};

/// Of one class in the images first to last - 1.
std::vector<ErrorOfPixel> errors_of(const ReferenceCall& call, std::int64_t ignore, std::int64_t first,
                                    std::int64_t last, std::int64_t k) {
  const Shape& s = call.inputs[0]->type.shape;
  const std::int64_t plane = s[2] * s[3], outcomes = std::max<std::int64_t>(2, s[1]);
  std::vector<ErrorOfPixel> errors;
  for (std::int64_t i = first * plane; i < last * plane; ++i) {
    const auto label = static_cast<std::int64_t>(call.inputs[1]->data[static_cast<std::size_t>(i)]);
    if (label == ignore || label >= outcomes) continue;
    const auto at = static_cast<std::size_t>((i / plane * s[1] + k) * plane + i % plane);
    const double x = call.inputs[0]->data[at];
    const bool foreground = label == (s[1] == 1 ? 1 : k);
    if (s[1] > 1)
      errors.push_back({foreground ? 1 - x : x, at, foreground});
    else
      errors.push_back({std::max(0.0, foreground ? 1 - x : 1 + x), at, foreground});
  }
  return errors;
}

/// The loss of one class; the slopes times `share`.
double lovasz(std::vector<ErrorOfPixel> errors, double share, std::vector<double>& slopes) {
  std::ranges::stable_sort(errors, std::ranges::greater{}, &ErrorOfPixel::error);
  const auto wanted = static_cast<double>(std::ranges::count(errors, true, &ErrorOfPixel::foreground));
  double missed = 0, added = 0, before = 0, loss = 0;
  for (const ErrorOfPixel& e : errors) {
    (e.foreground ? missed : added) += 1;
    const double jaccard = 1 - (wanted - missed) / (wanted + added);
    loss += e.error * (jaccard - before);
    if (e.error > 0) slopes[e.at] = (e.foreground ? -share : share) * (jaccard - before);
    before = jaccard;
  }
  return loss * share;
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<LovaszOptions>(call.attributes);
  const Shape& s = call.inputs[0]->type.shape;
  const std::int64_t group = o.per_image ? 1 : s[0];
  const double groups = static_cast<double>(s[0] / group);
  for (std::int64_t first = 0; first < s[0]; first += group) {
    std::vector<std::vector<ErrorOfPixel>> of_class;
    for (std::int64_t k = 0; k < s[1]; ++k) {
      auto errors = errors_of(call, o.ignore, first, first + group, k);
      const bool present = std::ranges::any_of(errors, &ErrorOfPixel::foreground);
      if (present || (s[1] == 1 && !errors.empty())) of_class.push_back(std::move(errors));
    }
    for (auto& errors : of_class)
      call.outputs[0].data[0] +=
          lovasz(std::move(errors), 1 / (groups * static_cast<double>(of_class.size())), call.outputs[1].data);
  }
}

}  // namespace

/// Inputs: scores, which are probabilities of K > 1 classes or logits of one, and labels. Outputs: the loss and the
/// slopes, its derivative with respect to the scores, which the one sort gives as well.
const Operator kLovaszLoss{.name = "lovasz_loss", .shape = shape, .gradient = gradient, .reference = reference};

Value lovasz_loss(Value logits, Value labels, const LovaszOptions& options) {
  if (logits.shape().rank() != 4)
    fail_input("lovasz_loss: logits is {}, expected f32 with shape NxCxHxW", to_string(logits.type()));
  const Value scores = logits.shape()[1] > 1 ? softmax(logits) : logits;
  return logits.graph().add_node(kLovaszLoss, to_attributes(options), {scores, labels})[0];
}

}  // namespace inlay
