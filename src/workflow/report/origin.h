// What a run was made of, to the bit: command, versions, hashes.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

extern const std::string_view kLibraries, kCompiler;  // with their versions

/// 64 hexadecimal digits. Throws Error when the file cannot be read.
std::string sha256_of_file(const std::filesystem::path& path);

/// Of the training and validation images in their order: SHA-256 over a line "SPLIT NAME IMAGE MASK" for each, where
/// IMAGE and MASK are the SHA-256 of the files that hold them. A copy of the data set elsewhere has the same.
std::string sha256_of_data(const Dataset& dataset);

/// Name and value, for people; `run` holds best.onnx and last.onnx. `command` may be empty.
std::vector<std::pair<std::string, std::string>> origin_of(const std::filesystem::path& run, const Dataset& dataset,
                                                           const std::string& command);

}  // namespace inlay
