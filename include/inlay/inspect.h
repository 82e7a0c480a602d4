// A look at a whole data set that goes on after the first problem: what is in it, what is wrong with it, what to do.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "inlay/dataset.h"

namespace inlay {

/// error: training would stop there. warning: scores would suffer, or mean little. note: worth knowing.
enum class FindingLevel : std::uint8_t { error, warning, note };
std::string_view to_string(FindingLevel level);

/// One kind of trouble, with everything that shows it.
struct Finding {
  struct Place {
    std::filesystem::path file;
    std::string detail;  // what is so there; may be empty
  };
  std::string code;  // "near-duplicates"; docs/data.md lists them
  FindingLevel level = FindingLevel::note;
  std::string text;    // what is wrong
  std::string advice;  // what to do
  std::vector<Place> places;
};

struct DatasetReport {
  std::string format;  // of the layout; empty when it was not recognised
  ClassTable classes;
  std::int64_t train = 0, val = 0, test = 0;             // pairs
  std::vector<std::array<std::int64_t, 2>> sizes;        // height and width of every readable image
  std::vector<std::int64_t> channels;                    // the different numbers of channels, ascending
  std::vector<std::int64_t> bits;                        // of a value, ascending: 8, 16; 32 is floating point
  std::vector<std::int64_t> class_pixels, class_images;  // per class, over all readable pairs
  std::int64_t ignored_pixels = 0;
  std::vector<Finding> findings;  // errors first

  std::int64_t count(FindingLevel level) const;
  bool usable() const { return count(FindingLevel::error) == 0; }
};

/// Two pictures are near duplicates when the difference hashes of their luma (9x8 means, one bit for each step from
/// left to right; Krawetz 2013, "Kind of like that") differ in at most kDuplicateBits of 64 bits, and the details of
/// their 32x32 thumbnails (less the mean of 3x3 fields around, cut at twice the median) correlate by at least
/// kDuplicateCorrelation. The hash alone takes pictures of one framing, such as X-rays, for the same.
inline constexpr int kDuplicateBits = 10;
inline constexpr double kDuplicateCorrelation = 0.8;
/// A channel of an image, or the difference of two, that correlates so much with a class' mask gives it away.
inline constexpr double kLeakCorrelation = 0.985;

/// Reads every image and mask, in parallel. Never throws InputError: what open_dataset() or Dataset::read() would throw
/// becomes a finding. Places are in the order of splits and names.
DatasetReport inspect(const std::filesystem::path& path, const DatasetOptions& options = {});

struct FixReport {
  std::int64_t images = 0;        // in the copy
  std::vector<std::string> done;  // what was corrected, one thing a line
  std::vector<std::string> left;  // what could not be, with the reason
};

/// Writes a copy of the data set to the folder `output`: SPLIT/images, SPLIT/masks (index PNG) and classes.txt. Masks
/// become class indices (smooth edges cut, 0 and 255 numbered; values that are no class are ignored, unless the mask
/// holds nothing else), masks of another size with the image's proportions are resized, images without mask and files
/// that cannot be read are left out, and so are validation and test images that are the same as or nearly like training
/// images. Nothing in `path` is changed. Throws InputError when `output` is not empty, lies in the data set or is being
/// written by another run, and when nothing can be used.
FixReport fix_dataset(const std::filesystem::path& path, const std::filesystem::path& output,
                      const DatasetOptions& options = {});

}  // namespace inlay
