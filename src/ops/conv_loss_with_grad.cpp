#include "ops/conv_loss_with_grad.h"

#include "graph/options.h"
#include "inlay/options.h"
#include "ops/checks.h"
#include "ops/operators.h"

namespace inlay {
namespace {

using In = ConvLossInputs;

struct Parts {
  TensorType x, logits;
  TensorType weight, bias;
};

Parts parts_of(const ConvLossWithGradOptions& o, TypeList in) {
  const Sources sources = sources_of(o);
  if (in.size() != sources.more) fail_input("there are {} inputs, expected {}", in.size(), sources.more);
  const TensorType x = sources.joined(in), &w = in[In::kWeight];
  if (w.shape.rank() != 4 || w.shape[2] != 1 || w.shape[3] != 1)
    fail_input("the weight is {}, expected f32 with shape MxCx1x1", to_string(w));
  const std::vector<TensorType> conv{x, w, in[In::kBias]};
  return {x, kConv2d.shape(Attributes(), conv)[0], w, {DType::f32, {w.shape[0]}}};
}

template <const Operator& kLoss>
std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<ConvLossWithGradOptions>(attributes);
  const Parts parts = parts_of(o, in);
  const std::vector<TensorType> loss{parts.logits, in[In::kLabels], in[In::kClassWeights], in[In::kPixelWeights]};
  const std::vector<TensorType> outcome = kLoss.shape(to_attributes(o.loss()), loss);
  return {parts.x, parts.weight, parts.bias, outcome[1], outcome[2]};
}

ReferenceTensor zeros(const TensorType& type) {
  return {type, std::vector<double>(static_cast<std::size_t>(type.shape.elements()), 0.0)};
}

template <const Operator& kLoss>
void reference(const ReferenceCall& call) {
  const auto o = from_attributes<ConvLossWithGradOptions>(call.attributes);
  const auto run = [&](const Operator& op, const Attributes& attributes, std::vector<const ReferenceTensor*> inputs,
                       std::span<ReferenceTensor> outputs) {
    op.reference({attributes, inputs, outputs, call.seed});
  };
  const ReferenceTensor x = sources_of(o).joined(call.inputs), *w = call.inputs[In::kWeight];
  Shape logits = x.type.shape;
  logits[1] = w->type.shape[0];
  ReferenceTensor y = zeros({DType::f32, logits});
  run(kConv2d, {}, {&x, w, call.inputs[In::kBias]}, {&y, 1});

  std::vector<ReferenceTensor> outcome{zeros(y.type), zeros({DType::f32, {1}}), zeros({DType::f32, {1}})};
  run(kLoss, to_attributes(o.loss()),
      {&y, call.inputs[In::kLabels], call.inputs[In::kClassWeights], call.inputs[In::kPixelWeights]}, outcome);
  const ReferenceTensor& dy = outcome[0];
  run(kConvTranspose2d, {}, {&dy, w, nullptr}, call.outputs.subspan(ConvLossOutputs::kX, 1));
  run(kConv2dWeightGrad, to_attributes(Conv2dWeightGradOptions{.bias = true}), {&x, &dy},
      call.outputs.subspan(ConvLossOutputs::kWeight, 2));
  call.outputs[ConvLossOutputs::kLoss] = outcome[1];
  call.outputs[ConvLossOutputs::kSum] = outcome[2];
}

std::int64_t multiply_adds(const Attributes&, TypeList in, TypeList) {
  constexpr std::int64_t kDirections = 3;
  const Shape& x = in[0].shape;
  return kDirections * x[0] * x[2] * x[3] * in[In::kWeight].shape.elements();
}

}  // namespace

/// Made by the pass fuse_head_loss alone; see ConvLossInputs and ConvLossOutputs.
const Operator kConv2dCrossEntropyWithGrad{.name = "conv2d_cross_entropy",
                                           .shape = shape<kCrossEntropyWithGrad>,
                                           .reference = reference<kCrossEntropyWithGrad>,
                                           .multiply_adds = multiply_adds};

const Operator kConv2dBinaryCrossEntropyWithGrad{.name = "conv2d_binary_cross_entropy",
                                                 .shape = shape<kBinaryCrossEntropyWithGrad>,
                                                 .reference = reference<kBinaryCrossEntropyWithGrad>,
                                                 .multiply_adds = multiply_adds};

}  // namespace inlay
