// What the topics on convolutions share.
#pragma once

#include "workflow/explain/options.h"
#include "workflow/explain/plane_operator.h"

namespace inlay {

/// The lecture's kernel and input: 3x3 and 4x4.
Grid lecture_kernel();
Grid lecture_input();

PlaneOperator conv_operator(const Grid& kernel, const Conv2dOptions& options);

/// Zeros around x.
Grid padded(const Grid& x, Padding padding);

/// stride - 1 rows and columns of zeros between those of x.
Grid zeros_between(const Grid& x, Size2 stride);

/// "floor((i + 2p - k) / s) + 1 = floor((4 + 0 - 3) / 1) + 1 = 2", of the height; k is the extent of the dilated
/// kernel.
std::string conv_size_text(std::int64_t size, std::int64_t kernel, const Conv2dOptions& options, std::int64_t result);

/// For a page: the convolution of the input with its ring of zeros, each output linked to its window.
ExplainVariant conv_variant(const Grid& input, const Grid& kernel, const Conv2dOptions& options);

}  // namespace inlay
