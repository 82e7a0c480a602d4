#include <cmath>

#include "base/fail.h"
#include "inlay/loss_ops.h"
#include "inlay/ops.h"
#include "ops/overlap.h"

namespace inlay {

Value tversky_loss(Value logits, Value labels, const TverskyOptions& o) {
  for (const auto& [name, cost] : {std::pair("alpha", o.alpha), std::pair("beta", o.beta)})
    if (!(cost >= 0 && std::isfinite(cost))) fail_input("tversky_loss: {} is {}, expected 0 or more", name, cost);
  if (o.alpha + o.beta == 0) fail_input("tversky_loss: alpha and beta are 0, expected one above");
  constexpr double kSmooth = 0.5;
  const Overlap sums = overlap("tversky_loss", logits, labels, o.ignore);
  // FP = found - both, FN = wanted - both.
  const Value wrong = add(affine(sums.found, o.alpha), affine(sums.wanted, o.beta));
  const Value all = affine(add(affine(sums.both, 1 - o.alpha - o.beta), wrong), 1, kSmooth);
  return one_minus_mean(div(affine(sums.both, 1, kSmooth), all));
}

}  // namespace inlay
