#include <algorithm>
#include <cmath>

#include "graph/options.h"
#include "inlay/loss_ops.h"
#include "ops/checks.h"
#include "ops/operators.h"
#include "ops/outcomes.h"
#include "ops/pixel_loss.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<FocalOptions>(attributes);
  if (!(o.gamma >= 0 && o.gamma <= 10)) fail_input("gamma is {}, expected 0 to 10", o.gamma);
  if (!(o.smoothing >= 0 && o.smoothing < 1))
    fail_input("smoothing is {}, expected 0 or more and below 1", o.smoothing);
  check_outcomes(in);
  const TensorType scalar{DType::f32, {1}};
  return {scalar, scalar};
}

std::vector<Value> gradient(const GradientCall& call) { return pixel_loss_gradient(call, kFocalLossGrad); }

/// The target of outcome k.
double target(const FocalOptions& o, const PixelOutcomes& outcomes, std::int64_t k, std::int64_t label) {
  return (k == label ? 1 - o.smoothing : 0) + o.smoothing / static_cast<double>(outcomes.count());
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<FocalOptions>(call.attributes);
  const ReferenceTensor& logits = *call.inputs[0];
  weighted_mean(counted_pixels(call.inputs, outcome_count(logits.type.shape[1]), o.ignore), call.outputs,
                [&](const WeightedPixel& p) {
                  const PixelOutcomes outcomes(logits, p.index);
                  double loss = 0;
                  for (std::int64_t k = 0; k < outcomes.count(); ++k)
                    loss -= target(o, outcomes, k, p.label) * std::pow(1 - outcomes.probability(k), o.gamma) *
                            outcomes.log_probability(k);
                  return loss;
                });
}

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  expect_type("dy", in[0], DType::f32, {1});
  expect_type("weight", in[5], DType::f32, {1});
  shape(attributes, in.subspan(1, 4));
  return {in[1]};
}

/// p times the derivative of (1 - p)^gamma * -log p.
double slope(double gamma, double p, double log_p) {
  const double rest = 1 - p;
  if (gamma == 0 || rest <= 0) return gamma == 0 ? -1 : 0;
  return gamma * p * std::pow(rest, gamma - 1) * log_p - std::pow(rest, gamma);
}

void grad_reference(const ReferenceCall& call) {
  const auto o = from_attributes<FocalOptions>(call.attributes);
  const ReferenceTensor& logits = *call.inputs[1];
  const double total = call.inputs[5]->data[0];
  if (!(total > 0)) return;
  for (const WeightedPixel& p :
       counted_pixels(call.inputs.subspan(1, 4), outcome_count(logits.type.shape[1]), o.ignore)) {
    const PixelOutcomes outcomes(logits, p.index);
    const auto part = [&](std::int64_t k) {
      return target(o, outcomes, k, p.label) * slope(o.gamma, outcomes.probability(k), outcomes.log_probability(k));
    };
    double sum = 0;
    for (std::int64_t k = 0; k < outcomes.count(); ++k) sum += part(k);
    const double factor = call.inputs[0]->data[0] * p.weight / total;
    for (std::int64_t k = outcomes.first_with_logit(); k < outcomes.count(); ++k)
      call.outputs[0].data[outcomes.at(k)] = factor * (part(k) - outcomes.probability(k) * sum);
  }
}

}  // namespace

/// Outputs as cross_entropy's.
const Operator kFocalLoss{.name = "focal_loss", .shape = shape, .gradient = gradient, .reference = reference};

/// w / sum(w) * dy * (y_k h_k - p_k sum over j of y_j h_j), h = gamma p (1 - p)^(gamma - 1) log p - (1 - p)^gamma.
/// Inputs as cross_entropy_grad's.
const Operator kFocalLossGrad{.name = "focal_loss_grad", .shape = grad_shape, .reference = grad_reference};

Value focal_loss(Value logits, Value labels, Value class_weights, Value pixel_weights, const FocalOptions& options) {
  return logits.graph().add_node(kFocalLoss, to_attributes(options), {logits, labels, class_weights, pixel_weights})[0];
}

}  // namespace inlay
