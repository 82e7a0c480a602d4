// What losses of overlap (Dice, Tversky) are made of.
#pragma once

#include "inlay/graph.h"

namespace inlay {

/// Sums over the batch's pixels that count, each (1, K, 1, 1): p the softmax (the sigmoid when K is 1), y the truth as
/// 0 and 1 (that of class 1 when K is 1).
struct Overlap {
  Value both;    // sum(p y)
  Value found;   // sum(p)
  Value wanted;  // sum(y)
};

/// `what` is the loss that an error message names.
Overlap overlap(std::string_view what, Value logits, Value labels, std::int64_t ignore);

/// 1 - the mean of (1, K, 1, 1), as a scalar.
Value one_minus_mean(Value x);

}  // namespace inlay
