// Reverse-mode differentiation: the backward pass is more graph.
#pragma once

#include <span>
#include <vector>

#include "inlay/graph.h"

namespace inlay {

/// Appends the nodes that compute d `y` / d `x` for each x in `wrt`, y a scalar of shape 1. An x that y does not depend
/// on gives an empty Value. Throws InputError when an operator on the way has no gradient.
std::vector<Value> gradients(Value y, std::span<const Value> wrt);

/// The same from a given gradient `dy` of y (of y's shape).
std::vector<Value> gradients(Value y, Value dy, std::span<const Value> wrt);

}  // namespace inlay
