// Which images and masks a plain folder holds, and how they pair.
#pragma once

#include "data/class_file.h"
#include "image/pages.h"

namespace inlay {

struct FilePair {
  std::string name;
  Page image, mask;
};

struct Folder {
  std::array<std::vector<FilePair>, 3> splits;  // train, val, test; each sorted by name
  std::vector<std::string> warnings;
};

/// Recognises the layout and pairs by stem; a mask of several pages makes as many samples. Throws InputError when the
/// folder is missing or holds no pair.
Folder find_pairs(const std::filesystem::path& root, const ClassFile& file);

}  // namespace inlay
