// What the topics on max-pooling share.
#pragma once

#include "workflow/explain/linear.h"

namespace inlay {

/// The lecture's input of the pooling: 4x4.
Grid lecture_pooled();

PlaneOperator pool_operator(const Pool2dOptions& options);

/// Of each window's largest: y * width + x.
Grid pool_positions(const Pool2dOptions& options, const Grid& input);

/// The values at these positions of a plane of `size`, amid zeros.
Grid unpool(const Grid& values, const Grid& positions, Size2 size);

}  // namespace inlay
