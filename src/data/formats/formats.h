// Which formats there are, and which one a data set is of.
#pragma once

#include "data/formats/format.h"

namespace inlay {

/// The first in the order of docs/data.md that recognises the folder. Throws InputError that lists what is known and
/// what was found.
const DataFormat& format_of(const std::filesystem::path& root);

}  // namespace inlay
