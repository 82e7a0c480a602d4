// What the logits of a picture say, class by class and pixel by pixel.
#pragma once

#include <span>

#include "inlay/image.h"

namespace inlay {

/// K is the number of classes: 2 where there is one logit z, which counts as z for class 1 and -z for class 0.
struct Evidence {
  Mask labels;
  Tensor logits, probabilities;  // (K, H, W)
  Tensor entropy;                // (H, W): of the probabilities, over log K: 0..1
  Tensor margin;                 // (H, W): from the largest probability to the next
};

/// `logits` (K, H, W) or (1, H, W).
Evidence evidence_of(const Tensor& logits);

/// Plane `index` of (K, H, W).
std::span<const float> plane(const Tensor& planes, std::int64_t index);

double mean(std::span<const float> numbers);

}  // namespace inlay
