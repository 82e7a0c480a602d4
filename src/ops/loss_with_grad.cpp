#include "ops/loss_with_grad.h"

#include <cmath>

#include "graph/options.h"
#include "ops/checks.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// The loss and its gradient as single operators.
struct Parts {
  const Operator &loss, &gradient;
};

template <const Operator& kLoss>
std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<LossWithGradOptions>(attributes);
  if (!std::isfinite(o.dy)) fail_input("dy is {}, expected a finite number", o.dy);
  std::vector<TensorType> types = kLoss.shape(to_attributes(LossOptions{o.ignore}), in);
  types.insert(types.begin(), in[0]);
  return types;
}

void reference(const ReferenceCall& call, const Parts& parts) {
  const auto o = from_attributes<LossWithGradOptions>(call.attributes);
  const Attributes attributes = to_attributes(LossOptions{o.ignore});
  parts.loss.reference({attributes, call.inputs, call.outputs.subspan(1), call.seed});
  const ReferenceTensor dy{{DType::f32, {1}}, {o.dy}};
  std::vector<const ReferenceTensor*> inputs{&dy};
  inputs.insert(inputs.end(), call.inputs.begin(), call.inputs.end());
  inputs.push_back(&call.outputs[2]);
  parts.gradient.reference({attributes, inputs, call.outputs.first(1), call.seed});
}

}  // namespace

/// Made by the pass fuse_loss_grad alone. Inputs as cross_entropy's; outputs: the gradient of the logits, the loss, the
/// sum of the weights.
const Operator kCrossEntropyWithGrad{
    .name = "cross_entropy_with_grad", .shape = shape<kCrossEntropy>, .reference = [](const ReferenceCall& call) {
      reference(call, {kCrossEntropy, kCrossEntropyGrad});
    }};

const Operator kBinaryCrossEntropyWithGrad{.name = "binary_cross_entropy_with_grad",
                                           .shape = shape<kBinaryCrossEntropy>,
                                           .reference = [](const ReferenceCall& call) {
                                             reference(call, {kBinaryCrossEntropy, kBinaryCrossEntropyGrad});
                                           }};

}  // namespace inlay
