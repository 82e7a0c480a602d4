// A data set: images, and the class of each of their pixels.
//
// Data sets are read as they are published; docs/data.md has the table of layouts. What follows holds for plain
// folders.
//
// Layouts (a split's name is train, val or test; same stem for image and mask, any extension that read_image() knows):
//   DATA/SPLIT/{images,masks}/
//   DATA/{images,masks}/SPLIT/
//   DATA/{images,masks}/         train and val by a seeded draw
// A layout with train but no val gets its val by the same draw from train.
//
// What a mask's values mean, the first rule that applies:
//   1. dataset.toml or classes.txt (below) names the values; colour masks go through the table's colours.
//   2. No such file, or two classes in it and none for 255: when all grey masks of the set hold nothing but 0 and full
//      white (255, or 65535 in 16 bits), white is class 1. When they hold 64 or more values in between, but 80 % of the
//      pixels are below 32 or above 223, their edges are smooth: above 127 is class 1, and a warning says so.
//      With few other values beside black and white, the first of those is an error.
//   3. No such file: the value is the class, and the largest one in the masks gives their number (2 at least).
// Full white that no rule gave a class is ignored (kIgnore). So is every class named void, ignore, ignored, unlabelled
// or unlabeled, in any case.
//
// classes.txt: one class a line, `index name [r g b]`, '#' starts a comment; the index is the value in the masks.
// Classes are numbered from 0 in the order of their index, ignored ones left out. Names alone count from 0.
//
// dataset.toml, every key optional:
//   images = "images"          # the folders' names
//   masks = "masks"
//   image_suffix = "_sat.jpg"  # the stem is the file's name without it; default: without the extension
//   mask_suffix = "_mask.png"
//   threshold = 127            # grey masks: values above are class 1, the others class 0
//   ignore = [255]             # values that count in no loss and no score
//   [[classes]]                # in the order of their numbers
//   name = "road"
//   value = 1                  # or values = [1, 2, 7]; default: its place in the file, from 0
//   color = [128, 64, 128]
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// The classes that a network tells apart. Ignored ones are not among them.
struct ClassTable {
  std::vector<std::string> names;
  std::vector<Color> colors;  // as many; the VOC palette where nothing else was given

  std::int64_t size() const { return static_cast<std::int64_t>(names.size()); }
};

/// What the values in mask files mean.
struct LabelMap {
  static constexpr std::int16_t kOutside = -1;
  std::vector<std::int16_t> values = std::vector<std::int16_t>(65536, kOutside);  // grey value or index -> label
  std::unordered_map<std::int32_t, std::int16_t> colors;                          // 0xRRGGBB -> label

  /// Throws InputError that names `path`, the pixel and the value when a value has no label.
  Mask apply(const RawMask& raw, const std::filesystem::path& path) const;
};

enum class Split { train, val, test, all };
std::string_view to_string(Split split);
/// "train", "val", "test" or "all"; anything else throws InputError.
Split parse_split(std::string_view text);

struct DatasetOptions {
  double val_fraction =
      0.2;  // of the images of a set that has no val of its own; at least one image when there are two
  std::int64_t val_last = 0;  // > 0: instead, the last this many images by name
  std::uint64_t seed = 0;     // of the draw
};

struct Sample {
  std::string name;  // the stem
  Image image;
  Mask mask;
};

/// Where a sample comes from, for messages: the files that hold it, perhaps among others (a stack of pages, a list of
/// polygons).
struct SamplePaths {
  std::string name;
  std::filesystem::path image, mask;
};

/// How a sample is read. Both functions may be called from many threads at once; they throw InputError that names the
/// file.
struct SampleSource {
  SamplePaths paths;
  std::function<Image()> image;
  std::function<Mask()> mask;
};

class Dataset {
 public:
  /// `splits`: train, val, test. `format`: the name of the layout that was recognised.
  Dataset(std::filesystem::path root, std::string format, ClassTable classes,
          std::array<std::vector<SampleSource>, 3> splits, std::vector<std::string> warnings);

  const std::filesystem::path& root() const { return root_; }
  /// "folder", "PASCAL VOC", "COCO", ...: docs/data.md lists them.
  const std::string& format() const { return format_; }
  const ClassTable& classes() const { return classes_; }
  /// Images without mask, masks without image, and what else a user should know; each names its file.
  const std::vector<std::string>& warnings() const { return warnings_; }
  /// The most channels that one of the first eight images has: 1, 3, or as many as the files hold. Reads these images.
  std::int64_t channels() const;

  std::int64_t size(Split split) const;
  /// Sorted by name within train, val and test; `all` is those three in turn.
  std::vector<std::string> names(Split split) const;
  const SamplePaths& paths(Split split, std::int64_t index) const;
  /// The same samples, dealt out anew: `parts` says of each sample of Split::all, in its order, where it goes: train,
  /// val or test, or `all` to leave it out. Throws InputError when the number differs.
  Dataset with_split(std::span<const Split> parts) const;
  /// Decodes image and mask. Safe to call from many threads. Throws InputError that names the file when it cannot be
  /// read, when image and mask differ in size, and (with pixel and value) when the mask holds a value that is no class.
  /// A mask that was drawn over a photograph as the camera stored it, before its EXIF orientation turned it on its
  /// side, is turned like the photograph: its height is the photograph's width then.
  Sample read(Split split, std::int64_t index) const;
  Image read_image(Split split, std::int64_t index) const;
  Mask read_mask(Split split, std::int64_t index) const;

 private:
  const SampleSource& source(Split split, std::int64_t index) const;

  std::filesystem::path root_;
  std::string format_;
  ClassTable classes_;
  std::array<std::vector<SampleSource>, 3> splits_;  // train, val, test
  std::vector<std::string> warnings_;
};

/// Recognises how the data set is laid out (docs/data.md lists the layouts and which goes first) and reads what says
/// where its samples are. `path` is a folder, or a data.yaml. Throws InputError when it is missing, is laid out in no
/// known way, holds no pair of image and mask (the message lists what was found), or when one of its lists cannot be
/// understood. Reads every mask once, in parallel, where rule 2 or 3 needs it.
Dataset open_dataset(const std::filesystem::path& path, const DatasetOptions& options = {});

/// Over one split. Values of the pictures count as 0..1.
struct DataStatistics {
  std::vector<float> mean, std;                  // per channel; a std below 1e-6 is reported as 1
  std::vector<std::int64_t> class_pixels;        // per class, ignored pixels left out
  std::vector<std::int64_t> class_image_pixels;  // per class: pixels that count, of the images that hold the class
};

/// One pass in parallel; the sums do not depend on the number of threads. Pictures are converted to `channels` first
/// (with_channels()).
DataStatistics measure_statistics(const Dataset& dataset, Split split, std::int64_t channels);

/// Median-frequency balancing (Eigen and Fergus, ICCV 2015, section 6.3.2): weight(c) = median of freq / freq(c) with
/// freq(c) = class_pixels(c) / class_image_pixels(c). A class without pixels gets weight 1 and stays out of the median.
std::vector<float> median_frequency_weights(const DataStatistics& statistics);

/// 1 / ln(1.02 + p), p the share of the class among all pixels that count (Paszke et al. 2016, ENet, section 5.2): from
/// 1.42 for a class that fills every picture to 50.5 for the rarest. A class without pixels gets weight 1.
std::vector<float> enet_weights(const DataStatistics& statistics);

}  // namespace inlay
