// What `predict` is asked to read and what it will write, settled before any work.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace inlay::workflow {

/// Files, in the order given; those of folders and patterns by name. A file that is named twice counts once.
std::vector<std::filesystem::path> expand_inputs(const std::vector<std::string>& inputs);

/// Throws InputError when two inputs would write the same file or an input would be overwritten. `suffixes`: of the
/// files of one input, after the stem (".png", "_overlay.png").
void check_outputs(const std::vector<std::filesystem::path>& inputs, const std::filesystem::path& output,
                   const std::vector<std::string>& suffixes);

}  // namespace inlay::workflow
