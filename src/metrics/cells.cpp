// V_rand and V_info of the cells between borders.
#include <cmath>
#include <map>

#include "inlay/regions.h"
#include "metrics/family.h"
#include "metrics/thinning.h"

namespace inlay {
namespace {

/// 1 on cells, 0 on the border and on void pixels.
Mask cells_of(const Mask& mask, std::uint8_t border) {
  Mask cells{mask.labels.clone()};
  for (std::uint8_t& label : cells.labels.data<std::uint8_t>()) label = label != border && label != kIgnore ? 1 : 0;
  return cells;
}

void thin_border(Mask& cells) {
  const std::span<std::uint8_t> labels = cells.labels.data<std::uint8_t>();
  for (std::uint8_t& label : labels) label = 1 - label;
  const std::vector<std::uint8_t> border = thin(labels, cells.height(), cells.width());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = 1 - border[i];
}

/// How the pixels of true cells are shared out.
struct Shares {
  std::map<std::pair<std::int32_t, std::int32_t>, double> both;  // predicted cell, true cell
  std::map<std::int32_t, double> predicted, truth;
  std::map<std::int32_t, double> alone;  // of each true cell, pixels on the predicted border
  double pixels = 0;
};

Shares shares_of(const Tensor& predicted, const Tensor& truth) {
  Shares shares;
  const auto p = predicted.data<std::int32_t>(), t = truth.data<std::int32_t>();
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (t[i] == 0) continue;
    ++shares.pixels;
    ++shares.truth[t[i]];
    if (p[i] == 0) {
      ++shares.alone[t[i]];
      continue;
    }
    ++shares.predicted[p[i]];
    ++shares.both[{p[i], t[i]}];
  }
  return shares;
}

double v_rand(const Shares& shares) {
  double both = 0, predicted = 0, truth = 0;
  for (const auto& [pair, n] : shares.both) both += n * n;
  for (const auto& [cell, n] : shares.predicted) predicted += n * n;
  for (const auto& [cell, n] : shares.truth) truth += n * n;
  for (const auto& [cell, n] : shares.alone) {
    both += n;
    predicted += n;
  }
  return 2 * both / (predicted + truth);
}

double v_info(const Shares& shares) {
  const double n = shares.pixels;
  const auto entropy = [&](double pixels) { return -pixels / n * std::log(pixels / n); };
  double predicted = 0, truth = 0, both = 0;
  for (const auto& [cell, pixels] : shares.predicted) predicted += entropy(pixels);
  for (const auto& [cell, pixels] : shares.truth) truth += entropy(pixels);
  for (const auto& [pair, pixels] : shares.both) both += entropy(pixels);
  for (const auto& [cell, pixels] : shares.alone) {
    predicted += pixels * entropy(1);
    both += pixels * entropy(1);
  }
  if (predicted + truth == 0) return 1;  // one cell in both
  return 2 * (predicted + truth - both) / (predicted + truth);
}

/// The sums of both scores, and the number of images with a cell.
class Cells final : public MetricFamily {
 public:
  explicit Cells(const ScorerOptions& options) : border_(background_class(options.classes).value_or(0)) {}

  std::vector<double> count(const ImageMaterial& image) const override {
    Mask predicted = cells_of(image.prediction, border_);
    thin_border(predicted);
    const auto number = [](const Mask& cells) { return connected_regions(cells, Connectivity::edges, 0).numbers; };
    const Shares shares = shares_of(number(predicted), number(cells_of(image.truth, border_)));
    if (shares.pixels == 0) return {0, 0, 0};
    return {v_rand(shares), v_info(shares), 1};
  }

  std::vector<FamilyScore> score(std::span<const double> sums) const override {
    return {{divide(sums[0], sums[2]), {}}, {divide(sums[1], sums[2]), {}}};
  }

 private:
  std::uint8_t border_;
};

}  // namespace

const FamilyEntry kCellsMetrics{
    {{"v_rand", "agreement of cells by pairs of pixels (ISBI 2012)", ""},
     {"v_info", "agreement of cells by information (ISBI 2012)", ""}},
    [](const ScorerOptions& options) -> std::unique_ptr<MetricFamily> { return std::make_unique<Cells>(options); }};

}  // namespace inlay
