// Volumes that many threads read, a slice here and a slice there.
#pragma once

#include <list>
#include <mutex>

#include "image/volumes/nifti_file.h"
#include "inlay/image.h"

namespace inlay {

/// Keeps the files that were read last open where reading stopped, so that the slices of a compressed volume, asked for
/// in turn, cost one pass over it and not one each.
class OpenVolumes {
 public:
  /// As NiftiFile::read().
  Tensor read(const std::filesystem::path& file, std::int64_t slice, std::int64_t channel);
  /// A slice whose values are labels: whole numbers, however they are stored. Throws InputError that names the file,
  /// the pixel and the value.
  RawMask read_mask(const std::filesystem::path& file, std::int64_t slice);

 private:
  struct Idle {
    std::filesystem::path file;
    std::int64_t channel;
    std::unique_ptr<NiftiFile> volume;
  };
  std::unique_ptr<NiftiFile> take(const std::filesystem::path& file, std::int64_t slice, std::int64_t channel);
  void put_back(Idle idle);

  std::mutex mutex_;
  std::list<Idle> idle_;  // the last used in front
};

}  // namespace inlay
