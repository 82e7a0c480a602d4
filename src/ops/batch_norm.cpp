#include <array>
#include <cmath>

#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/joined.h"
#include "ops/onnx_mapping.h"
#include "ops/operators.h"

namespace inlay {
namespace {

TensorType per_channel(const TensorType& x) { return {DType::f32, {x.shape[1]}}; }

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<BatchNormOptions>(attributes);
  if (!(o.epsilon > 0)) fail_input("epsilon is {}, expected > 0", o.epsilon);
  if (!(o.momentum >= 0 && o.momentum <= 1)) fail_input("momentum is {}, expected 0 to 1", o.momentum);
  if (o.activation != Activation::none && o.activation != Activation::relu)
    fail_input("activation is {}, expected none or relu",
               enum_names(o.activation)[static_cast<std::size_t>(o.activation)]);
  expect_picture("x", in[0]);
  const TensorType statistic = per_channel(in[0]);
  constexpr std::array<std::string_view, 5> kNames{"x", "scale", "shift", "mean", "variance"};
  for (std::size_t i = 1; i < kNames.size(); ++i) expect_type(kNames[i], in[i], DType::f32, statistic.shape);
  if (!o.training) return {in[0]};
  if (o.given && in.size() != kNames.size() + 2)
    fail_input("there are {} inputs, expected {}", in.size(), kNames.size() + 2);
  if (o.given)
    for (std::size_t i = kNames.size(); i < kNames.size() + 2; ++i)
      expect_type("the batch's mean or variance", in[i], DType::f32, statistic.shape);
  return {in[0], statistic, statistic, statistic, statistic};
}

std::vector<Value> gradient(const GradientCall& call) {
  const Node& node = call.node;
  constexpr std::size_t kPlain = 5;
  expect_unfused(node, kPlain, kPlain);
  for (std::size_t i = 1; i < call.output_gradients.size(); ++i)
    if (call.output_gradients[i])
      fail_input("'{}': the batch's statistics have no gradient, only y has one", node.name);
  const auto o = from_attributes<BatchNormOptions>(node.attributes);
  const Value mean = o.training ? node.outputs[1] : node.inputs[3];
  const Value spread = o.training ? node.outputs[2] : node.inputs[4];
  std::vector<Value> inputs{call.output_gradients[0], node.inputs[0], node.inputs[1], mean, spread};
  if (o.activation != Activation::none) inputs.push_back(node.inputs[2]);
  return mean.graph().add_node(kBatchNormGrad, node.attributes, std::move(inputs));
}

/// Calls f(i) for the elements of channel c.
template <class F>
void for_channel(const Shape& s, std::int64_t c, F f) {
  const std::int64_t plane = s[2] * s[3];
  for (std::int64_t n = 0; n < s[0]; ++n)
    for (std::int64_t p = 0; p < plane; ++p) f(static_cast<std::size_t>((n * s[1] + c) * plane + p));
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<BatchNormOptions>(call.attributes);
  const auto& [x, scale, shift] = std::tie(*call.inputs[0], *call.inputs[1], *call.inputs[2]);
  const Shape& s = x.type.shape;
  const double count = static_cast<double>(s[0] * s[2] * s[3]);
  for (std::size_t c = 0; c < scale.data.size(); ++c) {
    const auto channel = static_cast<std::int64_t>(c);
    const double old_mean = call.inputs[3]->data[c], old_variance = call.inputs[4]->data[c];
    double mean = old_mean, variance = old_variance;
    if (o.training) {
      mean = variance = 0;
      if (o.given) {
        mean = call.inputs[5]->data[c];
        variance = call.inputs[6]->data[c];
      } else {
        for_channel(s, channel, [&](std::size_t i) { mean += x.data[i] / count; });
        for_channel(s, channel, [&](std::size_t i) { variance += (x.data[i] - mean) * (x.data[i] - mean) / count; });
      }
      // One value says nothing of the spread: the running variance stays.
      const double unbiased = count > 1 ? variance * count / (count - 1) : old_variance;
      call.outputs[1].data[c] = mean;
      call.outputs[2].data[c] = 1 / std::sqrt(variance + o.epsilon);
      call.outputs[3].data[c] = (1 - o.momentum) * old_mean + o.momentum * mean;
      call.outputs[4].data[c] = (1 - o.momentum) * old_variance + o.momentum * unbiased;
    }
    const double factor = scale.data[c] / std::sqrt(variance + o.epsilon);
    for_channel(s, channel, [&](std::size_t i) {
      const double value = (x.data[i] - mean) * factor + shift.data[c];
      call.outputs[0].data[i] = o.activation == Activation::relu ? std::max(value, 0.0) : value;
    });
  }
}

/// Inputs when the gradients of scale and shift are given.
constexpr std::size_t kGivenGrad = 8;

std::vector<TensorType> grad_shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<BatchNormOptions>(attributes);
  expect_picture("x", in[1]);
  expect_same("dy", in[0], "x", in[1]);
  const TensorType statistic = per_channel(in[1]);
  expect_type("scale", in[2], DType::f32, statistic.shape);
  expect_type("mean", in[3], DType::f32, statistic.shape);
  expect_type(o.training ? "inverse deviation" : "variance", in[4], DType::f32, statistic.shape);
  if (o.activation != Activation::none) expect_type("shift", in[5], DType::f32, statistic.shape);
  if (o.given) {
    if (!o.training || in.size() != kGivenGrad)
      fail_input("there are {} inputs, expected {} in training", in.size(), kGivenGrad);
    for (std::size_t i = kGivenGrad - 2; i < kGivenGrad; ++i) expect_type("a sum", in[i], DType::f32, statistic.shape);
  }
  return {in[1], statistic, statistic};
}

void grad_reference(const ReferenceCall& call) {
  const auto o = from_attributes<BatchNormOptions>(call.attributes);
  const auto& [dy, x, scale] = std::tie(*call.inputs[0], *call.inputs[1], *call.inputs[2]);
  const Shape& s = x.type.shape;
  const double count = static_cast<double>(s[0] * s[2] * s[3]);
  for (std::size_t c = 0; c < scale.data.size(); ++c) {
    const auto channel = static_cast<std::int64_t>(c);
    const double mean = call.inputs[3]->data[c];
    const double inverse = o.training ? call.inputs[4]->data[c] : 1 / std::sqrt(call.inputs[4]->data[c] + o.epsilon);
    const auto at_norm = [&](std::size_t i) {  // the gradient in front of the activation
      if (o.activation == Activation::none) return dy.data[i];
      return (x.data[i] - mean) * inverse * scale.data[c] + call.inputs[5]->data[c] > 0 ? dy.data[i] : 0.0;
    };
    double& dscale = call.outputs[1].data[c];
    double& dshift = call.outputs[2].data[c];
    if (o.given) {
      dscale = call.inputs[kGivenGrad - 2]->data[c];
      dshift = call.inputs[kGivenGrad - 1]->data[c];
    } else {
      for_channel(s, channel, [&](std::size_t i) { dscale += at_norm(i) * (x.data[i] - mean) * inverse; });
      for_channel(s, channel, [&](std::size_t i) { dshift += at_norm(i); });
    }
    for_channel(s, channel, [&](std::size_t i) {
      const double through_statistics = o.training ? (dshift + (x.data[i] - mean) * inverse * dscale) / count : 0;
      call.outputs[0].data[i] = scale.data[c] * inverse * (at_norm(i) - through_statistics);
    });
  }
}

std::vector<TensorType> again_shape(const Attributes&, TypeList in) {
  expect_picture("x", in[0]);
  constexpr std::array<std::string_view, 5> kNames{"x", "scale", "shift", "mean", "inverse deviation"};
  for (std::size_t i = 1; i < kNames.size(); ++i) expect_type(kNames[i], in[i], DType::f32, per_channel(in[0]).shape);
  return {in[0]};
}

void again_reference(const ReferenceCall& call) {
  const auto& [x, scale, shift] = std::tie(*call.inputs[0], *call.inputs[1], *call.inputs[2]);
  const bool relu = from_attributes<BatchNormOptions>(call.attributes).activation == Activation::relu;
  for (std::size_t c = 0; c < scale.data.size(); ++c)
    for_channel(x.type.shape, static_cast<std::int64_t>(c), [&](std::size_t i) {
      const double normal = (x.data[i] - call.inputs[3]->data[c]) * call.inputs[4]->data[c];
      const double value = normal * scale.data[c] + shift.data[c];
      call.outputs[0].data[i] = relu ? std::max(value, 0.0) : value;
    });
}

std::vector<StateUpdate> state(const Attributes& attributes) {
  if (!from_attributes<BatchNormOptions>(attributes).training) return {};
  return {{3, 3}, {4, 4}};
}

void to_onnx(OnnxExporter& onnx, const Node& node) {
  const auto o = from_attributes<BatchNormOptions>(node.attributes);
  if (o.training) fail_input("'{}' is in training, only inference has an ONNX form", node.name);
  const bool relu = o.activation == Activation::relu;
  const std::string y = onnx.name(node.outputs[0]), normal = relu ? onnx.fresh("normal") : y;
  OnnxNode norm{"BatchNormalization", {}, {normal}, {}};
  for (const Value& input : node.inputs) norm.inputs.push_back(onnx.name(input));
  norm.attributes.set("epsilon", o.epsilon);
  norm.attributes.set("momentum", 1 - o.momentum);
  onnx.add(std::move(norm));
  if (relu) onnx.add({"Relu", {normal}, {y}, {}});
}

/// ONNX's momentum is the share of the old value.
std::vector<Value> from_onnx(OnnxImporter& onnx, const OnnxNode& node) {
  BatchNormOptions o;
  if (const auto* a = node.attributes.find("epsilon")) from_attribute("epsilon", *a, o.epsilon);
  if (const auto* a = node.attributes.find("momentum")) {
    from_attribute("momentum", *a, o.momentum);
    o.momentum = 1 - o.momentum;
  }
  std::array<Value, 5> in;
  for (std::size_t i = 0; i < in.size(); ++i) in[i] = onnx.value(node.inputs.at(i));
  return {batch_norm(in[0], in[1], in[2], in[3], in[4], o)};
}

constexpr OnnxImport kImports[] = {{"BatchNormalization", from_onnx}};

}  // namespace

/// Inputs: x, scale, shift, running mean and variance, and the batch's own when they are given. Outputs in training: y,
/// the batch's mean, 1 / sqrt(its biased variance + epsilon), and the running mean and variance as they become. In
/// inference: y.
const Operator kBatchNorm{.name = "batch_norm",
                          .shape = shape,
                          .gradient = gradient,
                          .reference = reference,
                          .has_training_mode = true,
                          .state = state,
                          .to_onnx = to_onnx,
                          .from_onnx = kImports};

/// The gradients with respect to x, scale and shift. Inputs: dy, x, scale, then in training the batch's mean and
/// inverse deviation (through which the gradient flows too), in inference the running mean and variance, held fixed;
/// with an activation also shift: where y is 0, dy does not count. The last two outputs may be given, behind shift.
const Operator kBatchNormGrad{.name = "batch_norm_grad", .shape = grad_shape, .reference = grad_reference};

/// What batch_norm in training gave as y, once more, of its x, scale, shift and the mean and inverse deviation that it
/// gave out; with its attributes.
const Operator kBatchNormAgain{.name = "batch_norm_again", .shape = again_shape, .reference = again_reference};

Value batch_norm(Value x, Value scale, Value shift, Value mean, Value variance, const BatchNormOptions& options) {
  return x.graph().add_node(kBatchNorm, to_attributes(options), {x, scale, shift, mean, variance})[0];
}

}  // namespace inlay
