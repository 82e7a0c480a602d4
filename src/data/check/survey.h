// Everything that the checks need to know of a data set, from one pass over its files.
#pragma once

#include <memory>
#include <optional>

#include "inlay/inspect.h"

namespace inlay {

/// A few numbers by which pictures are compared.
struct Fingerprint {
  static constexpr std::int64_t kSide = 32;
  std::uint64_t exact = 0;  // of the pixels
  std::uint64_t difference_hash = 0;
  std::array<float, kSide * kSide> detail{};  // of a small picture, of length 1; all 0 for a picture of one value
};

/// How well a channel of the image, or the difference of two, shows a class.
struct Leak {
  double correlation = 0.0;  // the largest, absolute
  std::string what;          // "channel 4 is class 'road'"; empty: nothing near
};

/// Values of a grey or index mask as they stand in the file.
struct MaskValues {
  std::int64_t height = 0, width = 0;
  int bits = 8;
  bool colours = false;                            // it is a picture with colours, and no pixel is counted
  std::int64_t black = 0, white = 0, between = 0;  // pixels of 0, of 255 or 65535, of others
};

struct Look {
  SamplePaths paths;
  Split split = Split::train;
  std::string image_problem, mask_problem;  // why it cannot be read
  std::int64_t height = 0, width = 0, channels = 0, bits = 0;
  std::int64_t mask_height = 0, mask_width = 0;
  bool constant = false;     // every channel has one value
  int orientation = 1;       // that the image's file states
  bool turned_mask = false;  // the mask fits the image before its orientation turned it
  Fingerprint fingerprint;
  std::vector<std::int64_t> classes;  // pixels
  std::int64_t ignored = 0;           // with those that are unknown
  std::int64_t unknown = 0;           // of values that are no class, of which mask_problem tells
  std::optional<MaskValues> values;   // of masks that are picture files
  Leak leak;

  bool readable() const { return image_problem.empty() && mask_problem.empty(); }
  bool fits() const { return height == mask_height && width == mask_width; }
  bool usable() const { return readable() && fits(); }
};

struct Survey {
  std::filesystem::path root;
  std::optional<Dataset> dataset;  // with everything that pairs; none when nothing does
  std::string open_problem;        // why open_dataset() failed; empty when it did not
  std::string label_problem;       // why nobody knows what the masks' values mean
  std::vector<Look> looks;
  ClassTable classes;
  std::vector<std::string> warnings;
};

Survey survey(const std::filesystem::path& path, const DatasetOptions& options);

Fingerprint fingerprint(const Image& image);
bool nearly_same(const Fingerprint& a, const Fingerprint& b);
Leak find_leak(const Image& image, const Mask& mask, const ClassTable& classes);

}  // namespace inlay
