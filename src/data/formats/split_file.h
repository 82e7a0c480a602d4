// split.toml: another data set, with its samples dealt out into train, val and test.
#pragma once

#include "inlay/dataset.h"

namespace inlay {

/// The text of a split.toml that lists the samples of `dataset` by its parts; `data` is how the file names the data
/// set.
std::string split_file_text(const Dataset& dataset, const std::string& data);

}  // namespace inlay
