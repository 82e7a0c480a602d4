// ADE20K, the scene parsing benchmark (Zhou et al., CVPR 2017): images/training/, annotations/training/ and the same
// for validation. 0 is no class, 1 to 150 are.
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool is_ade20k(const fs::path& root) {
  std::error_code code;
  return fs::is_directory(root / "images/training", code) && fs::is_directory(root / "annotations/training", code);
}

FoundSet open_ade20k(const fs::path& root) {
  FoundSet found{ade20k_classes(), {}, {}};
  LabelMap map;
  map.values[0] = kIgnore;
  for (std::int64_t i = 1; i <= found.classes.size(); ++i)
    map.values[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(i - 1);
  const auto labels = std::make_shared<const LabelMap>(std::move(map));
  constexpr std::array kSplits{"training", "validation"};
  for (std::size_t i = 0; i < kSplits.size(); ++i)
    found.splits[i] = all_samples(pictures_in(root / "images" / kSplits[i]),
                                  pictures_in(root / "annotations" / kSplits[i]), labels, found.warnings);
  require_samples(found, root, kAde20k.name);
  return found;
}

}  // namespace

const DataFormat kAde20k{"ADE20K", "images/training/ and annotations/training/", is_ade20k, open_ade20k};

}  // namespace inlay
