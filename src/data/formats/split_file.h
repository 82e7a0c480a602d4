// split.toml: another data set, with its samples dealt out into train, val and test.
#pragma once

#include "inlay/dataset.h"

namespace inlay {

/// The text of a split.toml that lists the samples of `dataset` by `parts`, as Dataset::with_split() takes them.
/// `dataset` was opened without a draw of validation images; `data` is how the file names it.
std::string split_file_text(const Dataset& dataset, std::span<const Split> parts, const std::string& data);

}  // namespace inlay
