#include "train/health.h"

#include <algorithm>
#include <limits>

namespace inlay {
namespace {

/// How many classes the truth has, and the pixels of the commonest.
struct Truth {
  explicit Truth(const ConfusionMatrix& confusion) {
    for (std::int64_t k = 0; k < confusion.classes(); ++k) {
      const std::int64_t pixels = confusion.truth_pixels(k);
      classes += pixels > 0 ? 1 : 0;
      commonest = std::max(commonest, pixels);
    }
  }
  std::int64_t classes = 0, commonest = 0;
};

}  // namespace

std::optional<std::int64_t> only_class(const ConfusionMatrix& confusion) {
  if (Truth(confusion).classes < 2) return std::nullopt;
  for (std::int64_t k = 0; k < confusion.classes(); ++k)
    if (confusion.predicted_pixels(k) == confusion.total()) return k;
  return std::nullopt;
}

double guess_mean_iou(const ConfusionMatrix& confusion) {
  const Truth truth(confusion);
  if (truth.classes == 0) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(truth.commonest) / static_cast<double>(confusion.total()) /
         static_cast<double>(truth.classes);
}

}  // namespace inlay
