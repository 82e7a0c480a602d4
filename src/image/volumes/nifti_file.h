// A NIfTI file, compressed by gzip or not, that is read a slice at a time.
#pragma once

#include <zlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "image/volumes/nifti_header.h"
#include "inlay/tensor.h"

namespace inlay {

class NiftiFile {
 public:
  /// Reads the header. Throws InputError that names the file.
  explicit NiftiFile(const std::filesystem::path& path);

  const NiftiHeader& header() const { return header_; }
  /// (H, W, 1) f32: the values as they are meant, scaled by slope and intercept. A compressed file is read forwards
  /// alone: slices in turn cost one pass over it, any other order begins again. Throws InputError that names the file
  /// when there is no such slice, it is damaged or cut short, or holds what is not finite.
  Tensor read(std::int64_t slice, std::int64_t channel);
  /// The slice that the next read costs least for, counted through all channels.
  std::int64_t next() const { return next_; }

 private:
  struct Close {
    void operator()(gzFile file) const { gzclose(file); }
  };
  std::string read_bytes(std::size_t count);

  std::filesystem::path path_;
  std::unique_ptr<gzFile_s, Close> file_;
  NiftiHeader header_;
  std::int64_t next_ = 0;
};

}  // namespace inlay
