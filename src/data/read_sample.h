#pragma once

#include "inlay/dataset.h"

namespace inlay {

/// Dataset::read() with the channels asked for. Throws InputError that names the file whose picture cannot be
/// converted.
Sample read_sample(const Dataset& dataset, Split split, std::int64_t index, std::int64_t channels);

}  // namespace inlay
