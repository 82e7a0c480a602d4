// classes.txt and dataset.toml as they are written, before the masks are looked at (format: inlay/dataset.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

struct ClassEntry {
  std::string name;
  std::vector<int> values;  // in the masks, 0..65535
  std::optional<Color> color;
  bool ignored = false;
};

struct ClassFile {
  std::vector<ClassEntry> entries;  // in the order of their numbers; empty: the masks decide
  std::vector<int> ignore;
  std::optional<int> threshold;
  std::string images = "images", masks = "masks", image_suffix, mask_suffix;
};

/// What the data set's folder holds of the two files; the classes of dataset.toml win. Throws InputError that names
/// file and line.
ClassFile read_class_file(const std::filesystem::path& root);

/// The classes of one such file, by its extension (.toml or any other); at least one. Throws InputError that names it.
std::vector<ClassEntry> read_class_list(const std::filesystem::path& file);

/// void, ignore, ignored, unlabelled, unlabeled, in any case.
bool is_ignored_name(std::string_view name);

}  // namespace inlay
