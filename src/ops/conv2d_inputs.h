// Which input of conv2d is what: x, weight and bias, then those that its options ask for, then further sources.
#pragma once

#include <cstddef>

#include "inlay/options.h"
#include "ops/joined.h"

namespace inlay {

struct Conv2dInputs {
  explicit Conv2dInputs(const Conv2dOptions& o)
      : other(o.add ? 3 : 0),
        slope(o.activation == Activation::prelu ? (o.add ? 4 : 3) : 0),
        sources(3 + (other > 0 ? 1 : 0) + (slope > 0 ? 1 : 0), o.normalised, o.up_sampled, o.up_sampling) {}

  std::size_t other, slope;  // what is added, and prelu's slopes; 0: there is none
  Sources sources;
};

/// The sources of conv2d_weight_grad, which come after x and dy.
inline Sources weight_grad_sources(const Conv2dWeightGradOptions& o) {
  return {2, o.normalised, o.up_sampled, o.up_sampling};
}

}  // namespace inlay
