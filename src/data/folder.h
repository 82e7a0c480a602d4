// Which images and masks a data set's folder holds, and how they pair.
#pragma once

#include "data/class_file.h"

namespace inlay {

struct Folder {
  std::array<std::vector<SamplePaths>, 3> splits;  // train, val, test; each sorted by name
  bool has_val = false;                            // the layout names its validation images
  std::vector<std::string> warnings;
};

/// Recognises the layout and pairs by stem. Throws InputError when the folder is missing or holds no pair.
Folder find_pairs(const std::filesystem::path& root, const ClassFile& file);

}  // namespace inlay
