// V_rand and V_info of labels.
#include "metrics/cell_agreement.h"
#include "metrics/family.h"

namespace inlay {
namespace {

/// The sums of both scores, and the number of images with a cell.
class Cells final : public MetricFamily {
 public:
  explicit Cells(const ScorerOptions& options) : border_(background_class(options.classes).value_or(0)) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    const TrueCells truth(image.truth, border_);
    if (truth.none()) return {0, 0, 0};
    const CellScores scores = truth.agreement(cells_of(image.prediction, border_));
    return {scores.rand, scores.info, 1};
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    return {{divide(sums[0], sums[2]), {}}, {divide(sums[1], sums[2]), {}}};
  }

 private:
  std::uint8_t border_;
};

}  // namespace

const FamilyEntry kCellsMetrics{
    {{"v_rand", "agreement of cells by pairs of pixels, of the labels", ""},
     {"v_info", "agreement of cells by information, of the labels", ""}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> { return std::make_unique<Cells>(options); }};

}  // namespace inlay
