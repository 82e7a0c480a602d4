// What can be shown of every linear operator: its matrix, the transposed matrix, and that both ways agree.
#pragma once

#include "workflow/explain/options.h"
#include "workflow/explain/plane_operator.h"

namespace inlay {

/// The products that make one output pixel, the first with the most where none is named:
/// "output (0, 1) = 5·1 + 8·4 + ... = 148". Throws InputError when the pixel lies outside of the output.
std::string products_text(const Grid& matrix, const Grid& input, const Grid& output, std::optional<PixelAt> asked);

/// Adds the matrix, the flattened product, the transposed matrix with the way back, and the checks.
void add_matrix_parts(Explanation& explanation, const PlaneOperator& op, const Grid& input, const Grid& output,
                      const Grid& matrix);

/// That the fast kernels give what the plain loops of the reference give.
void add_fast_check(Explanation& explanation, const PlaneOperator& op, const Grid& input, const Grid& output,
                    std::string_view what = "this output");

/// `difference` counts as none below `tolerance` times the largest of `numbers`, or of 1.
ExplainCheck check(std::string what, double difference, const Grid& numbers, double tolerance = 1e-9);

/// The entries of a matrix that are not 0, row by row.
std::vector<std::vector<GridLink>> links_of(const Grid& matrix);

}  // namespace inlay
