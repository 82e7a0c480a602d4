// A folder that a run fills with files of its own.
#pragma once

#include <filesystem>

namespace inlay {

class OutputFolder {
 public:
  /// Makes the folder where it is missing and keeps other runs out until destruction. Throws InputError when it is no
  /// folder, not empty, or another run is writing into it; Error when it cannot be made.
  explicit OutputFolder(const std::filesystem::path& path);
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

 private:
  int descriptor_ = -1;
};

/// Throws InputError when there is something at `path` that is no empty folder.
void require_empty(const std::filesystem::path& path);

}  // namespace inlay
