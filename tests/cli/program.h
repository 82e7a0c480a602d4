// Runs the program as a user does.
#pragma once

#include <string>
#include <vector>

#include "support/temp_folder.h"

namespace inlay::testing {

struct Outcome {
  int status = -1;  // the exit code, or 128 + the signal
  std::string out, err;
};

/// A line for /bin/sh in which inlay is a function that calls the program that was built, "$PROGRAM"; `folder` is the
/// working directory.
Outcome run_shell(const TempFolder& folder, const std::string& line);
/// "inlay " + arguments.
Outcome run_inlay(const TempFolder& folder, const std::string& arguments);

std::string contents(const std::filesystem::path& path);

/// Names of the files below the folder, sorted.
std::vector<std::string> files_below(const std::filesystem::path& folder);

/// FOLDER/cells: 12 pictures of 32x32.
void draw_cells(const TempFolder& folder);

/// Options for a training that takes next to no time.
inline constexpr const char* kTiny = " --width 4 --depth 2 --batch 4 --threads 1 --seed 3";

}  // namespace inlay::testing
