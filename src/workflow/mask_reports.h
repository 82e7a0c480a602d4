// What is made of whole masks: polygons, run lengths, areas. One file for all pictures, but GeoJSON.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "inlay/postprocess.h"
#include "inlay/predict.h"

namespace inlay::workflow {

/// A picture's objects: the instances, or the connected regions of all classes but 0.
struct LabelledObjects {
  std::string picture;  // the file's name
  std::string stem;     // without its extension
  const Mask& mask;
  const Instances& instances;
  std::optional<GeoReference> georeference;
};

class MaskReports {
 public:
  MaskReports(const PredictRequest& request, const ModelInfo& info);

  /// True when anything is to be reported.
  bool wanted() const { return coco_wanted_ || rle_wanted_ || areas_wanted_; }
  void add(const LabelledObjects& objects);
  /// Writes coco.json, rle.csv and areas.csv into the folder, those that are wanted. Throws Error.
  void write(const std::filesystem::path& folder) const;

 private:
  void add_coco(const LabelledObjects& objects);
  void add_rle(const LabelledObjects& objects);
  void add_areas(const LabelledObjects& objects);
  std::string class_name(std::size_t index) const;

  bool coco_wanted_, rle_wanted_, areas_wanted_;
  std::vector<ModelClass> classes_;
  nlohmann::ordered_json images_ = nlohmann::ordered_json::array(), annotations_ = nlohmann::ordered_json::array();
  std::string rle_, areas_;
};

/// A FeatureCollection (RFC 7946) with a polygon for every object: in map coordinates where the picture has them, and
/// then with the member "crs", else in pixels, x to the right and y downwards.
std::string geojson(const LabelledObjects& objects, const std::vector<ModelClass>& classes);

/// In map units; 1 without a georeference.
double pixel_area(const std::optional<GeoReference>& georeference);

}  // namespace inlay::workflow
