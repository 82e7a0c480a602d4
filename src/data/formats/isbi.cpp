// ISBI 2012 EM segmentation (Arganda-Carreras et al., 2015): train-volume.tif and train-labels.tif, a slice a page.
// Membranes are black, the cells' interior white.
#include "base/fail.h"
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listing.h"
#include "data/formats/sources.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool is_isbi(const fs::path& root) {
  std::error_code code;
  return fs::exists(root / "train-volume.tif", code) && fs::exists(root / "train-labels.tif", code);
}

std::vector<SampleSource> slices(const fs::path& volume, const fs::path& labels,
                                 const std::shared_ptr<const LabelMap>& map) {
  const std::int64_t pages = count_pages(volume), masks = count_pages(labels);
  if (pages != masks)
    fail_input("'{}' has {} pages and '{}' {}; they must be as many", volume.string(), pages, labels.string(), masks);
  std::vector<SampleSource> samples;
  for (std::int64_t page = 0; page < pages; ++page)
    samples.push_back(file_source(page_name(volume.stem().string(), page, pages), {volume, page}, {labels, page}, map));
  return samples;
}

FoundSet open_isbi(const fs::path& root) {
  LabelMap map;
  map.values[0] = 0;
  map.values[255] = 1;
  const auto labels = std::make_shared<const LabelMap>(std::move(map));
  FoundSet found{two_classes("membrane", "cell"), {}, {}};
  found.splits[0] = slices(root / "train-volume.tif", root / "train-labels.tif", labels);
  std::error_code code;
  if (fs::exists(root / "test-volume.tif", code) && fs::exists(root / "test-labels.tif", code))
    found.splits[2] = slices(root / "test-volume.tif", root / "test-labels.tif", labels);
  return found;
}

}  // namespace

const DataFormat kIsbi{"ISBI 2012", "train-volume.tif and train-labels.tif", is_isbi, open_isbi};

}  // namespace inlay
