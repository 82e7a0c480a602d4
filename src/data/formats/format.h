// What the rest of the program sees of a way to lay out a data set.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

struct FoundSet {
  ClassTable classes;
  std::array<std::vector<SampleSource>, 3> splits;  // train, val, test
  std::vector<std::string> warnings;
};

struct DataFormat {
  std::string_view name;    // "PASCAL VOC"
  std::string_view layout;  // "JPEGImages/ and SegmentationClass/": what it is recognised by, for messages
  /// Looks at names alone, or at the first bytes of a file; never throws.
  bool (*recognises)(const std::filesystem::path& root);
  /// Throws InputError that names the file, and the place in it, for what cannot be understood.
  FoundSet (*open)(const std::filesystem::path& root);
};

}  // namespace inlay
