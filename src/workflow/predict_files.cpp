#include "workflow/predict_files.h"

#include <algorithm>

#include "base/fail.h"
#include "inlay/geo.h"
#include "workflow/file_part.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

/// One for each map of probabilities that the model gives.
std::vector<std::string> probability_names(const ModelInfo& info, std::int64_t channels) {
  std::vector<std::string> names;
  const std::size_t first = channels == 1 ? 1 : 0,
                    count = static_cast<std::size_t>(std::max<std::int64_t>(channels, 2));
  for (std::size_t i = first; i < count; ++i)
    names.push_back(
        fmt::format("_probability_{}{}.png", i, i < info.classes.size() ? "_" + file_part(info.classes[i].name) : ""));
  return names;
}

/// Map `index` of (K, rows, W), as a picture.
Tensor grey_rows(const Tensor& maps, std::size_t index) {
  Tensor pixels(DType::f32, {maps.shape()[1], maps.shape()[2], 1});
  const auto size = static_cast<std::size_t>(pixels.elements());
  std::ranges::copy(maps.data<float>().subspan(index * size, size), pixels.data<float>().begin());
  return pixels;
}

}  // namespace

FileNames file_names(const PredictRequest& request, const ModelInfo& info, std::int64_t channels, bool tiff) {
  FileNames names;
  names.mask = request.tiff || tiff ? ".tif" : ".png";
  if (request.overlay) names.overlay = "_overlay.png";
  if (request.samples > 0) names.uncertainty = "_uncertainty.png";
  if (request.probabilities) names.probabilities = probability_names(info, channels);
  if (request.probabilities_npy) names.npy = "_probabilities.npy";
  if (request.probabilities_tiff) names.tiff = "_probabilities.tif";
  if (request.instances) names.instances = "_instances.png";
  if (request.geojson) names.geojson = ".geojson";
  return names;
}

std::vector<std::string> FileNames::all() const {
  std::vector<std::string> names = probabilities;
  for (const std::string& name : {overlay, uncertainty, npy, tiff, instances, geojson})
    if (!name.empty()) names.push_back(name);
  names.push_back(mask);
  return names;
}

PictureFiles::PictureFiles(const FileNames& names, const fs::path& stem, const PictureFacts& picture,
                           std::int64_t channels, const std::vector<Color>& palette) {
  const auto path = [&](const std::string& name) { return fs::path(stem.string() + name); };
  const std::int64_t height = picture.height, width = picture.width;
  const PictureFacts grey{height, width, 1, DType::f32};
  for (const std::string& name : names.probabilities) probabilities_.push_back(create_png(path(name), grey));
  if (!names.npy.empty()) npy_ = create_npy(path(names.npy), channels, height, width);
  if (!names.tiff.empty()) tiff_ = create_geo_floats(path(names.tiff), picture, channels);
  if (!names.uncertainty.empty()) uncertainty_ = create_png(path(names.uncertainty), grey);
  if (!names.overlay.empty()) overlay_ = std::make_unique<OverlayWriter>(path(names.overlay), height, width, palette);
  mask_ = names.mask == ".tif" ? create_geo_mask(path(names.mask), picture, palette)
                               : create_mask_png(path(names.mask), height, width, palette);
}

void PictureFiles::write_maps(const SegmentedRows& rows) {
  for (std::size_t i = 0; i < probabilities_.size(); ++i) probabilities_[i]->write(grey_rows(rows.probabilities, i));
  if (npy_) npy_->write(rows.probabilities);
  if (tiff_) tiff_->write(rows.probabilities);
  if (uncertainty_) uncertainty_->write(rows.uncertainty.pixels);
}

void PictureFiles::write_labels(const Image& pixels, const Mask& mask) {
  if (overlay_) overlay_->write(pixels, mask);
  mask_->write(mask.labels);
}

void PictureFiles::close() {
  for (const auto& writer : probabilities_) writer->close();
  for (const auto& writer : {npy_.get(), tiff_.get(), uncertainty_.get()})
    if (writer != nullptr) writer->close();
  if (overlay_) overlay_->close();
  mask_->close();
}

std::int64_t PictureFiles::bytes(const FileNames& names, const PictureFacts& picture, std::int64_t channels) {
  constexpr std::int64_t kTileRows = 256, kCompressor = 600'000;
  std::int64_t rows = 0;
  if (names.mask == ".tif") rows += kTileRows;
  if (!names.tiff.empty()) rows += kTileRows * channels * 4;
  if (!names.overlay.empty()) rows += 24 * std::max(picture.height, picture.width) / 512 + 24;
  return rows * picture.width + static_cast<std::int64_t>(names.all().size()) * kCompressor;
}

}  // namespace inlay::workflow
