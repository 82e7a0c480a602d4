// The formats, a file each.
#pragma once

#include "data/formats/format.h"

namespace inlay {

extern const DataFormat kDescribedFolder, kFolder;

}  // namespace inlay
