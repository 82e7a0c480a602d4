#include "compiler/normalised.h"

#include "graph/options.h"
#include "ops/operators.h"

namespace inlay {

bool is_normalised(const Value& value) {
  if (!value.node() || value.node()->op != &kBatchNorm || value.output() != 0) return false;
  const auto options = from_attributes<BatchNormOptions>(value.node()->attributes);
  return options.training && options.activation == Activation::relu;
}

std::vector<Value> normal_inputs(const Node& batch_norm) {
  return {batch_norm.inputs[1], batch_norm.inputs[2], batch_norm.outputs[1], batch_norm.outputs[2]};
}

}  // namespace inlay
