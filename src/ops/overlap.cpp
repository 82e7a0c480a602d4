#include "ops/overlap.h"

#include "base/fail.h"
#include "inlay/ops.h"

namespace inlay {

Overlap overlap(std::string_view what, Value logits, Value labels, std::int64_t ignore) {
  if (logits.shape().rank() != 4)
    fail_input("{}: logits is {}, expected f32 with shape NxCxHxW", what, to_string(logits.type()));
  const std::int64_t channels = logits.shape()[1];
  const bool binary = channels == 1;
  const Value truth = one_hot(labels, binary ? 2 : channels, ignore);
  const Value y = binary ? slice(truth, {.axis = 1, .begin = 1, .end = 2}) : truth;
  const Value counts = reduce_sum(truth, {1});  // (N, 1, H, W): 1 where the pixel counts
  const Value p = mul(binary ? sigmoid(logits) : softmax(logits), counts);
  const auto over_pixels = [](Value x) { return reduce_sum(x, {0, 2, 3}); };
  return {over_pixels(mul(p, y)), over_pixels(p), over_pixels(y)};
}

Value one_minus_mean(Value x) {
  return reshape(affine(reduce_sum(x, {1}), -1.0 / static_cast<double>(x.shape()[1]), 1), {1});
}

}  // namespace inlay
