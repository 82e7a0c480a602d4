// Finite differences and the adjoint identity, in double, against the references.
#pragma once

#include <string>

#include "support/op_case.h"

namespace inlay::testing {

/// Compares the gradient rules' graph with central differences, for every f32 input, along sum(y * r) for a fixed
/// random r. The largest difference relative to the largest gradient; `worst` names the input.
double gradient_error(const OpCase& op_case, std::string* worst = nullptr);

/// |<A x, y> - <x, A' y>| / (|A x| |y|), A' the gradient rule with respect to the first input.
double adjoint_error(const OpCase& op_case);

}  // namespace inlay::testing
