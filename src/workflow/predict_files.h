// The files that `predict` leaves for one picture.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "inlay/predict.h"

namespace inlay::workflow {

/// What follows a picture's stem in its files' names.
struct FileNames {
  std::string mask;
  std::string overlay, uncertainty, npy, tiff, instances, geojson;  // "": not wanted
  std::vector<std::string> probabilities;                           // one for each map that is written

  /// The mask's last.
  std::vector<std::string> all() const;
};
/// `channels`: the model's outputs; `tiff`: the mask is a TIFF, whatever the request says.
FileNames file_names(const PredictRequest& request, const ModelInfo& info, std::int64_t channels, bool tiff);

/// Takes rows as they are finished. Nothing is left unless all files are closed.
class PictureFiles {
 public:
  /// `stem`: path without what file_names() has. Throws Error when a file cannot be written.
  PictureFiles(const FileNames& names, const std::filesystem::path& stem, const PictureFacts& picture,
               std::int64_t channels, const std::vector<Color>& palette);

  /// Probabilities and uncertainty.
  void write_maps(const SegmentedRows& rows);
  /// Mask and overlay.
  void write_labels(const Image& pixels, const Mask& mask);
  /// The mask's last, so that where it is, the others are complete.
  void close();

  /// What the buffers of such a picture's files take, about.
  static std::int64_t bytes(const FileNames& names, const PictureFacts& picture, std::int64_t channels);

 private:
  std::unique_ptr<PictureWriter> mask_, uncertainty_, npy_, tiff_;
  std::unique_ptr<OverlayWriter> overlay_;
  std::vector<std::unique_ptr<PictureWriter>> probabilities_;
};

}  // namespace inlay::workflow
