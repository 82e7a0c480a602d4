// Which input of conv2d is what: x, weight and bias, then those that its options ask for, then further sources.
#pragma once

#include <cstddef>

#include "inlay/options.h"

namespace inlay {

struct Conv2dInputs {
  explicit Conv2dInputs(const Conv2dOptions& o) {
    if (o.add) other = sources++;
    if (o.activation == Activation::prelu) slope = sources++;
  }

  std::size_t sources = 3;           // the first of those that are joined with x
  std::size_t other = 0, slope = 0;  // what is added, and prelu's slopes; 0: there is none
};

}  // namespace inlay
