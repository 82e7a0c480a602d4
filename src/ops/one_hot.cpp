#include "graph/options.h"
#include "inlay/ops.h"
#include "ops/checks.h"
#include "ops/operators.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<OneHotOptions>(attributes);
  if (o.classes < 1 || o.classes > 256) fail_input("classes is {}, expected 1 to 256", o.classes);
  if (in[0].dtype != DType::u8 || in[0].shape.rank() != 3)
    fail_input("labels is {}, expected u8 with shape NxHxW", to_string(in[0]));
  const Shape& s = in[0].shape;
  return {{DType::f32, {s[0], o.classes, s[1], s[2]}}};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<OneHotOptions>(call.attributes);
  const auto& labels = *call.inputs[0];
  const std::int64_t plane = labels.type.shape[1] * labels.type.shape[2];
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(labels.data.size()); ++i) {
    const auto label = static_cast<std::int64_t>(labels.data[static_cast<std::size_t>(i)]);
    if (label == o.ignore || label >= o.classes) continue;
    call.outputs[0].data[static_cast<std::size_t>((i / plane * o.classes + label) * plane + i % plane)] = 1;
  }
}

}  // namespace

const Operator kOneHot{.name = "one_hot", .shape = shape, .reference = reference};

Value one_hot(Value labels, std::int64_t classes, std::int64_t ignore) {
  return labels.graph().add_node(kOneHot, to_attributes(OneHotOptions{classes, ignore}), {labels})[0];
}

}  // namespace inlay
