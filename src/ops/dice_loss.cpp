#include "base/fail.h"
#include "inlay/ops.h"

namespace inlay {

Value dice_loss(Value logits, Value labels, const LossOptions& options) {
  if (logits.shape().rank() != 4)
    fail_input("dice_loss: logits is {}, expected f32 with shape NxCxHxW", to_string(logits.type()));
  const std::int64_t channels = logits.shape()[1];
  const bool binary = channels == 1;
  const Value truth = one_hot(labels, binary ? 2 : channels, options.ignore);
  const Value y = binary ? slice(truth, {.axis = 1, .begin = 1, .end = 2}) : truth;
  const Value counts = reduce_sum(truth, {1});  // (N, 1, H, W): 1 where the pixel counts
  const Value p = mul(binary ? sigmoid(logits) : softmax(logits), counts);
  const auto over_pixels = [](Value x) { return reduce_sum(x, {0, 2, 3}); };  // (1, K, 1, 1)
  const Value dice = div(affine(over_pixels(mul(p, y)), 2, 1), affine(add(over_pixels(p), over_pixels(y)), 1, 1));
  return reshape(affine(reduce_sum(dice, {1}), -1.0 / static_cast<double>(channels), 1), {1});
}

}  // namespace inlay
