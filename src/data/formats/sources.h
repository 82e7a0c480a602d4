// Samples that are read from picture files.
#pragma once

#include <memory>

#include "image/pages.h"
#include "inlay/dataset.h"

namespace inlay {

/// The picture as it is, the mask by `labels`.
SampleSource file_source(std::string name, Page image, Page mask, std::shared_ptr<const LabelMap> labels);

}  // namespace inlay
