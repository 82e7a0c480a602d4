// Between the plain and the blocked layout.
#pragma once

#include "runtime/cpu/kernel.h"

namespace inlay {

/// Copies `from` to `to`: the same type, another block (or the same). One of the two blocks must be 1, or both the
/// same.
std::unique_ptr<Kernel> make_reorder(const Buffer& from, const Buffer& to);

}  // namespace inlay
