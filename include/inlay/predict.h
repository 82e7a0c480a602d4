// Labelling pictures from files into files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/log.h"
#include "inlay/segment.h"

namespace inlay::workflow {

/// Of the pictures, and within the one that is being labelled.
struct PredictProgress {
  std::int64_t done = 0, pictures = 0;
  std::int64_t runs_done = 0, runs = 0;  // of the net for this picture, or frames of a film
  bool film = false;
};

struct PredictRequest {
  std::vector<std::filesystem::path> models;  // several are an ensemble: the mean of their probabilities
  /// Files, folders (their pictures, not those of folders within), patterns with * ? [], and lists: @FILE has one of
  /// these a line, relative to the folder of the list. Films (.mp4, .avi, ...) and cameras (camera:0): names_video().
  std::vector<std::string> inputs;
  std::filesystem::path output;

  bool tiff = false;  // masks are written as TIFF in compressed tiles, not as PNG
  bool overlay = false;
  bool probabilities = false;       // 16-bit grey PNGs
  bool probabilities_npy = false;   // float32, (K, H, W)
  bool probabilities_tiff = false;  // float32, a band each
  bool instances = false;           // 16-bit PNG: the number of the object that a pixel belongs to
  bool geojson = false;             // objects as polygons
  bool coco = false;                // objects of all pictures, coco.json
  bool rle = false;                 // run lengths of the classes of all pictures, rle.csv
  bool areas = false;               // pixels, share and regions of the classes of all pictures, areas.csv
  int samples = 0;                  // above 0: of Monte-Carlo dropout, 2 or more

  std::int64_t min_area = 0;  // remove_small_regions() of postprocess.h
  bool fill_holes = false;    // before that
  double seed_distance = 0;   // above 0: touching objects are parted (InstanceOptions)

  TestAugmentation augmentation = TestAugmentation::none;
  std::vector<double> scales{1.0};      // as in SegmenterOptions
  std::int64_t tile = 0, overlap = -1;  // as in SegmenterOptions
  std::int64_t memory = 2'000'000'000;  // bytes that the process may take; 0: no limit
  bool resume = false;                  // pictures whose files are all there are left as they are
  int threads = 0;
  bool tune = true;
  std::function<bool()> stop;  // asked after every run of a net; a picture that is not finished leaves no files
  std::function<void(const PredictProgress&)> progress;
  LogSink log;
};

struct PredictResult {
  std::vector<std::filesystem::path> masks;  // written
  std::int64_t skipped = 0;                  // were there already
  struct Failure {
    std::filesystem::path input;
    std::string message;
  };
  std::vector<Failure> failures;  // pictures that could not be read
  std::int64_t images = 0;        // that were asked for
  double seconds = 0;
};

/// Writes OUTPUT/STEM.png, an index PNG with the model's colours (STEM.tif with `tiff`); with `overlay` also
/// STEM_overlay.png; with `probabilities` a 16-bit grey PNG for each class, STEM_probability_INDEX_NAME.png, 65535 for
/// 1 (only class 1 for a model with one output channel), with `probabilities_npy` STEM_probabilities.npy and with
/// `probabilities_tiff` STEM_probabilities.tif. Objects (find_instances() of postprocess.h) are written with
/// `instances` as STEM_instances.png, with `geojson` as STEM.geojson, with `coco` as OUTPUT/coco.json; `rle` and
/// `areas` write tables of the classes. These, and what is done to the mask after it was predicted, need the whole mask
/// in memory; with `resume` the masks of pictures that are left as they are count in coco.json, rle.csv and areas.csv
/// too. With `samples` (Segmenter::sample) labels and probabilities are those of the samples' mean, and
/// STEM_uncertainty.png is a 16-bit grey PNG of uncertainty(), 65535 for 1. Pictures that do not fit into `memory` are
/// read, labelled and written by rows of tiles (Segmenter::stream). Throws InputError, before any work, when an input
/// is missing or holds no picture, when two would write the same file, when one would be overwritten, when models do
/// not agree, or when there is nothing to sample: the model has no dropout.
PredictResult predict(const PredictRequest& request);

/// The index PNG of the mask of a picture file that is in memory. Outputs, inputs and memory of the request do not
/// count.
std::string predict_bytes(const PredictRequest& request, std::string_view picture);

}  // namespace inlay::workflow
