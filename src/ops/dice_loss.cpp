#include "inlay/ops.h"
#include "ops/overlap.h"

namespace inlay {

Value dice_loss(Value logits, Value labels, const LossOptions& options) {
  const Overlap sums = overlap("dice_loss", logits, labels, options.ignore);
  return one_minus_mean(div(affine(sums.both, 2, 1), affine(add(sums.found, sums.wanted), 1, 1)));
}

}  // namespace inlay
