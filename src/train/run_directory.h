// The folder of a run: who may work in it, and what its files are called.
#pragma once

#include <filesystem>

namespace inlay {

class RunDirectory {
 public:
  /// Makes the folder where it is missing and holds RUN/lock until destruction. Throws InputError when the lock is held
  /// already, when `resume` is off and the folder holds anything but `lock` and `config.toml`, or when `resume` is on
  /// and there is no state; Error when the folder cannot be made.
  RunDirectory(const std::filesystem::path& path, bool resume);
  ~RunDirectory();
  RunDirectory(const RunDirectory&) = delete;
  RunDirectory& operator=(const RunDirectory&) = delete;

  std::filesystem::path best() const { return path_ / "best.onnx"; }
  std::filesystem::path last() const { return path_ / "last.onnx"; }
  std::filesystem::path state() const { return path_ / "state.safetensors"; }
  std::filesystem::path metrics() const { return path_ / "metrics.csv"; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace inlay
