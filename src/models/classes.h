// Names and colours of classes that nobody named.
#pragma once

#include <vector>

#include "inlay/model.h"

namespace inlay {

/// As many as a net with `out_channels` logits tells apart (2 for one logit), named "class0", "class1", ... with PASCAL
/// VOC's colours.
std::vector<ModelClass> numbered_classes(std::int64_t out_channels);

}  // namespace inlay
