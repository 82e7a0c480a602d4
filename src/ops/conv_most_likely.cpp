#include "graph/operator.h"
#include "ops/operators.h"

namespace inlay {
namespace {

template <const Operator& kConv>
TensorType logits(const Attributes& attributes, TypeList in) {
  return kConv.shape(attributes, in)[0];
}

template <const Operator& kConv>
std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const TensorType type = logits<kConv>(attributes, in);
  return kMostLikely.shape({}, {&type, 1});
}

template <const Operator& kConv>
void reference(const ReferenceCall& call) {
  std::vector<TensorType> types;
  for (const ReferenceTensor* input : call.inputs) types.push_back(input ? input->type : absent_type());
  ReferenceTensor y{logits<kConv>(call.attributes, types), {}};
  y.data.resize(static_cast<std::size_t>(y.type.shape.elements()));
  kConv.reference({call.attributes, call.inputs, {&y, 1}, call.seed});
  const ReferenceTensor* const input = &y;
  kMostLikely.reference({{}, {&input, 1}, call.outputs, call.seed});
}

template <const Operator& kConv>
std::int64_t multiply_adds(const Attributes& attributes, TypeList in, TypeList) {
  const TensorType type = logits<kConv>(attributes, in);
  return kConv.multiply_adds(attributes, in, {&type, 1});
}

}  // namespace

/// Made by the pass fuse_most_likely alone: attributes and inputs of the convolution, of one source and one result;
/// output: labels as most_likely's.
const Operator kConv2dMostLikely{.name = "conv2d_most_likely",
                                 .shape = shape<kConv2d>,
                                 .reference = reference<kConv2d>,
                                 .multiply_adds = multiply_adds<kConv2d>};

const Operator kConvTranspose2dMostLikely{.name = "conv_transpose2d_most_likely",
                                          .shape = shape<kConvTranspose2d>,
                                          .reference = reference<kConvTranspose2d>,
                                          .multiply_adds = multiply_adds<kConvTranspose2d>};

}  // namespace inlay
