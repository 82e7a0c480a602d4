// A look at a data set that goes on after the first problem.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

struct DatasetReport {
  ClassTable classes;
  std::int64_t train = 0, val = 0, test = 0;  // pairs
  std::int64_t min_height = 0, max_height = 0, min_width = 0, max_width = 0;
  std::vector<std::int64_t> channels;      // the different numbers of channels, ascending
  std::vector<std::int64_t> class_pixels;  // per class, over all readable pairs
  std::int64_t ignored_pixels = 0;
  std::vector<std::string> warnings;  // orphans and guesses; the set can be used
  std::vector<std::string> problems;  // each names a file and says what to do; training would stop there

  bool usable() const { return problems.empty(); }
};

/// Reads every image and mask, in parallel. Never throws InputError: what open_dataset() or Dataset::read() would throw
/// becomes a problem, in the order of splits and names.
DatasetReport inspect(const std::filesystem::path& path, const DatasetOptions& options = {});

}  // namespace inlay
