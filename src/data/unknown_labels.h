// A mask that holds values which are no class, for those who can go on with the rest of it.
#pragma once

#include <utility>

#include "inlay/error.h"
#include "inlay/image.h"

namespace inlay {

/// What LabelMap::apply() throws for such a mask; the message names the first of the pixels and its value.
class UnknownLabels : public InputError {
 public:
  UnknownLabels(const std::string& message, Mask rest, std::int64_t count)
      : InputError(message), mask(std::move(rest)), pixels(count) {}

  Mask mask;            // with these values ignored
  std::int64_t pixels;  // that hold one
};

}  // namespace inlay
