// The attributes of the losses that give their gradient at once.
#pragma once

#include <cstdint>

namespace inlay {

struct LossWithGradOptions {
  double dy = 1;  // the gradient of the loss itself
  std::int64_t ignore = 255;
  static void visit(auto& self, auto&& field) {
    field("dy", self.dy);
    field("ignore", self.ignore);
  }
};

}  // namespace inlay
