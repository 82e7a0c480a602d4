// dataset.toml (format: inlay/dataset.h).
#pragma once

#include "data/class_file.h"

namespace inlay {

/// Throws InputError that names the file, and the key or the line, for what cannot be understood; unknown keys too.
ClassFile parse_dataset_toml(const std::filesystem::path& path);

}  // namespace inlay
