// Whether a net that is being trained still tells anything apart.
#pragma once

#include <optional>
#include <string>

#include "inlay/metrics.h"

namespace inlay {

/// The class that every pixel is labelled as, when it is one alone and the truth has several.
std::optional<std::int64_t> only_class(const ConfusionMatrix& confusion);

/// The mean IoU of the best guess that does not look: the commonest class everywhere. NaN without a pixel that counts.
double guess_mean_iou(const ConfusionMatrix& confusion);

}  // namespace inlay
