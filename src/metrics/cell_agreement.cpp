#include "metrics/cell_agreement.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "metrics/thinning.h"

namespace inlay {
namespace {

void thin_border(Mask& cells) {
  const std::span<std::uint8_t> labels = cells.labels.data<std::uint8_t>();
  for (std::uint8_t& label : labels) label = 1 - label;
  const std::vector<std::uint8_t> border = thin(labels, cells.height(), cells.width());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = 1 - border[i];
}

/// Pixels in a row, or several rows, that the same two cells share.
struct Overlap {
  std::int32_t predicted, truth;
  double pixels;
};

/// Of the pixels of true cells, one for each pair; predicted 0 is the border.
std::vector<Overlap> overlaps(std::span<const std::int32_t> predicted, std::span<const std::int32_t> truth) {
  std::vector<Overlap> all;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    if (truth[i] == 0) continue;
    if (all.empty() || all.back().predicted != predicted[i] || all.back().truth != truth[i])
      all.push_back({predicted[i], truth[i], 0});
    ++all.back().pixels;
  }
  std::ranges::sort(all, {}, [](const Overlap& one) { return std::pair(one.predicted, one.truth); });
  std::size_t pairs = 0;
  for (const Overlap& one : all)
    if (pairs > 0 && all[pairs - 1].predicted == one.predicted && all[pairs - 1].truth == one.truth)
      all[pairs - 1].pixels += one.pixels;
    else
      all[pairs++] = one;
  all.resize(pairs);
  return all;
}

/// The sums over a distribution that both scores are made of.
struct Sums {
  double squares = 0, entropy = 0;
  void add(double pixels, double all) {
    squares += pixels * pixels;
    if (pixels > 0) entropy -= pixels / all * std::log(pixels / all);
  }
  /// Each pixel by itself.
  void add_single(double pixels, double all) {
    squares += pixels;
    entropy += pixels / all * std::log(all);
  }
};

Sums sums_of(const std::vector<double>& pixels, double all) {
  Sums sums;
  for (const double one : pixels) sums.add(one, all);
  return sums;
}

}  // namespace

Mask cells_of(const Mask& mask, std::uint8_t border) {
  Mask cells{mask.labels.clone()};
  for (std::uint8_t& label : cells.labels.data<std::uint8_t>()) label = label != border && label != kIgnore ? 1 : 0;
  return cells;
}

TrueCells::TrueCells(const Mask& truth, std::uint8_t border)
    : cells_(connected_regions(cells_of(truth, border), Connectivity::edges, 0)) {
  for (const Region& cell : cells_.regions) pixels_ += static_cast<double>(cell.pixels);
}

CellScores TrueCells::agreement(Mask cells) const {
  thin_border(cells);
  const Regions regions = connected_regions(cells, Connectivity::edges, 0);
  std::vector<double> by_prediction(regions.regions.size() + 1), by_truth(cells_.regions.size() + 1);
  Sums both;
  double alone = 0;
  for (const Overlap& one : overlaps(regions.numbers.data<std::int32_t>(), cells_.numbers.data<std::int32_t>())) {
    by_truth[static_cast<std::size_t>(one.truth)] += one.pixels;
    if (one.predicted == 0) {
      alone += one.pixels;
      continue;
    }
    by_prediction[static_cast<std::size_t>(one.predicted)] += one.pixels;
    both.add(one.pixels, pixels_);
  }
  Sums predicted = sums_of(by_prediction, pixels_);
  const Sums truth = sums_of(by_truth, pixels_);
  both.add_single(alone, pixels_);
  predicted.add_single(alone, pixels_);
  const double entropy = predicted.entropy + truth.entropy;
  return {2 * both.squares / (predicted.squares + truth.squares),
          entropy == 0 ? 1 : 2 * (entropy - both.entropy) / entropy};  // 1: one cell in both
}

}  // namespace inlay
