// The list of the metrics: scorer.h has what is public of it.
#pragma once

#include <vector>

#include "metrics/family.h"

namespace inlay {

const std::vector<const FamilyEntry*>& metric_families();

}  // namespace inlay
