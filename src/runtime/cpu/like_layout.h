// Layouts of kernels with an input of which only the shape is read: it stays as it lies.
#pragma once

#include "runtime/cpu/kernel.h"

namespace inlay {

/// All pictures as the first input lies, but input `I` as it is.
template <std::size_t I>
LayoutChoice follow_first_but(const LayoutQuery& query) {
  LayoutChoice choice = follow_first(query);
  if (I < query.inputs.size()) choice.inputs[I] = query.inputs[I].block;
  return choice;
}

}  // namespace inlay
