// The gradient of a net's logits with respect to the picture.
#pragma once

#include "inlay/graph.h"

namespace inlay {

/// Appends the backward pass to `net`, which is in inference form at the size it is to run at, and returns the part
/// that computes the gradient: inputs "image" and "start" (the gradient at the logits, of their shape), the one output
/// "gradient", of the image's shape. Throws InputError when the logits do not depend on the image or an operator has no
/// gradient.
Graph picture_gradient(Graph net);

}  // namespace inlay
