// One operator on planes of one channel, run by its graph.
#pragma once

#include <functional>
#include <optional>

#include "inlay/graph.h"
#include "workflow/explain/grids.h"

namespace inlay {

struct PlaneOperator {
  /// x (N, 1, H, W); weights (1, 1, h, w), an empty Value where there are none.
  std::function<Value(Value x, Value weights)> build;
  std::optional<Grid> weights = {};
};

/// By the operators' references, in double. Throws InputError for what the operator refuses.
Grid apply(const PlaneOperator& op, const Grid& x);

/// By the fast kernels, in single precision.
Grid apply_fast(const PlaneOperator& op, const Grid& x);

/// The matrix (outputs, inputs) of a linear operator: column i is what it makes of the unit vector i. Throws InputError
/// when that would be more than 2^20 numbers.
Grid matrix_of(const PlaneOperator& op, Size2 input);

/// The backward graph on a gradient y of the output.
Grid apply_back(const PlaneOperator& op, const Grid& x, const Grid& y);

/// (inputs, outputs): column i is the gradient of output i at x, found by pushing the unit vector i through the
/// backward graph. Of a linear operator it is the transposed matrix, whatever x.
Grid back_matrix_of(const PlaneOperator& op, const Grid& x);

/// (outputs, inputs): 1 where an output changes when the input pixel becomes larger than all others.
Grid reach_of(const PlaneOperator& op, const Grid& x);

/// The operator that makes the output, and the one that makes the input's gradient: "conv2d", "conv_transpose2d".
std::string forward_operator(const PlaneOperator& op, Size2 input);
std::string back_operator(const PlaneOperator& op, Size2 input);

inline Size2 size_of(const Grid& grid) { return {grid.rows, grid.columns}; }

}  // namespace inlay
