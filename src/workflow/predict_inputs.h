// What `predict` is asked to read and what it will write, settled before any work.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace inlay::workflow {

/// Files, in the order given; those of folders and patterns by name. A file that is named twice counts once.
std::vector<std::filesystem::path> expand_inputs(const std::vector<std::string>& inputs);

/// An input and the files that are made of it, without their folder.
struct PlannedFiles {
  std::filesystem::path input;
  std::vector<std::string> names;
};

/// Throws InputError when two inputs would write the same file or an input would be overwritten.
void check_outputs(const std::vector<PlannedFiles>& plan, const std::filesystem::path& output);

}  // namespace inlay::workflow
