#include "graph/operator.h"
#include "ops/checks.h"
#include "ops/operators.h"

namespace inlay {
namespace {

constexpr std::int64_t kMostClasses = 255;  // a label is a byte, and 255 means none

std::vector<TensorType> shape(const Attributes&, TypeList in) {
  expect_picture("logits", in[0]);
  const Shape& s = in[0].shape;
  if (s[1] > kMostClasses) fail_input("a mask holds at most {} classes, the logits have {}", kMostClasses, s[1]);
  return {{DType::u8, {s[0], s[2], s[3]}}};
}

void reference(const ReferenceCall& call) {
  const ReferenceTensor& logits = *call.inputs[0];
  const Shape& s = logits.type.shape;
  const std::int64_t plane = s[2] * s[3];
  for (std::int64_t i = 0; i < s[0] * plane; ++i) {
    const double* first = logits.data.data() + i / plane * s[1] * plane + i % plane;
    std::int64_t best = s[1] == 1 && *first > 0 ? 1 : 0;
    for (std::int64_t k = 1; k < s[1]; ++k)
      if (first[k * plane] > first[best * plane]) best = k;
    call.outputs[0].data[static_cast<std::size_t>(i)] = static_cast<double>(best);
  }
}

}  // namespace

/// The labels (N, H, W) u8 of logits (N, K, H, W): the channel with the largest, the first of equal ones; with K = 1, 1
/// where the logit is above 0. Made where labels alone are wanted (infer/ready_nets.cpp).
const Operator kMostLikely{.name = "most_likely", .shape = shape, .reference = reference};

}  // namespace inlay
