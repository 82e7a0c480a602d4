#include "infer/tile_line.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/fail.h"
#include "infer/tiles.h"
#include "models/receptive_field.h"

namespace inlay {
namespace {

constexpr std::int64_t kLargestSideBySide = 1024;

/// The tiles' own logits, each pixel's from one tile.
TileLine side_by_side(std::int64_t length, const Tiles& tiles) {
  TileLine line{tiles.side, tiles.logits};
  for (std::int64_t i = 0; i < tiles.count; ++i) {
    line.starts.push_back(i * tiles.step);
    std::vector<float> weights(static_cast<std::size_t>(tiles.logits), 0.0f);
    const std::int64_t used = i + 1 < tiles.count ? tiles.step : std::min(tiles.logits, length - line.starts.back());
    std::fill_n(weights.begin(), used, 1.0f);
    line.weights.push_back(std::move(weights));
  }
  return line;
}

/// Up to `trim` pixels at the inner edges count for nothing.
std::vector<double> importance(std::int64_t side, std::int64_t trim, bool first, bool last) {
  const double centre = static_cast<double>(side - 1) / 2, sigma = static_cast<double>(side) / 8;
  std::vector<double> weights(static_cast<std::size_t>(side), 0.0);
  for (std::int64_t i = first ? 0 : trim; i < (last ? side : side - trim); ++i) {
    const double distance = (static_cast<double>(i) - centre) / sigma;
    weights[static_cast<std::size_t>(i)] = std::exp(-distance * distance / 2);
  }
  return weights;
}

void blend(TileLine& line, std::int64_t whole, std::int64_t trim) {
  std::vector<double> sums(static_cast<std::size_t>(whole), 0.0);
  std::vector<std::vector<double>> all;
  for (std::int64_t i = 0; i < line.count(); ++i) {
    all.push_back(importance(line.side, trim, i == 0, i + 1 == line.count()));
    const auto start = static_cast<std::size_t>(line.starts[static_cast<std::size_t>(i)]);
    for (std::size_t x = 0; x < all.back().size(); ++x) sums[start + x] += all.back()[x];
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto start = static_cast<std::size_t>(line.starts[i]);
    std::vector<float>& weights = line.weights.emplace_back();
    for (std::size_t x = 0; x < all[i].size(); ++x) weights.push_back(static_cast<float>(all[i][x] / sums[start + x]));
  }
}

TileLine blended(std::int64_t whole, std::int64_t side, const Reach& reach, std::int64_t align, std::int64_t wished) {
  const std::int64_t half = side / 2;
  const std::int64_t twice = reach.everything ? half : 2 * reach.pixels;
  const std::int64_t overlap = wished >= 0 ? wished : std::min({twice, half, side - align});
  const std::int64_t step = (side - overlap) / align * align;
  if (step < 1)
    fail_input(
        "the tiles have {} pixels a side and overlap by {}: nothing is left{}; expected an overlap of at most {}", side,
        overlap, align > 1 ? fmt::format(" for steps of {}", align) : "", std::max<std::int64_t>(side - align, 0));
  TileLine line{side, side};
  const std::int64_t room = (whole - side) / align, count = (room * align + step - 1) / step + 1;
  for (std::int64_t i = 0; i < count; ++i)
    line.starts.push_back(i * room / std::max<std::int64_t>(count - 1, 1) * align);
  line.overlap = overlap;
  line.exact = !reach.everything && overlap >= twice && align % reach.align == 0;
  blend(line, whole, line.exact ? reach.pixels : 0);
  return line;
}

/// The largest side up to `largest` that the net takes, or its smallest, so that the last of tiles that begin multiples
/// of `align` apart ends where the whole picture does.
std::int64_t side_below(std::int64_t largest, std::int64_t whole, const SizeRule& rule, std::int64_t align) {
  std::int64_t side = whole - (whole - largest + align - 1) / align * align;
  while (side < rule.fit(1)) side += align;
  return std::min(side, whole);
}

}  // namespace

Reach reach_of(const Model& model) {
  double step = 1;
  for (const ReceptiveField& field : receptive_fields(model.graph)) step = std::max({step, field.step_h, field.step_w});
  const ReceptiveField field = receptive_field(model.graph);
  const double side = std::max(field.h, field.w);
  Reach reach;
  reach.align = std::lcm(static_cast<std::int64_t>(std::ceil(step)), model.info.size.multiple);
  reach.everything = std::isinf(side);
  // A pixel may lie anywhere in the cell that it was pooled into.
  if (!reach.everything) reach.pixels = static_cast<std::int64_t>(std::ceil((side + step) / 2));
  return reach;
}

TileLine line_of_tiles(std::int64_t length, const SizeRule& rule, const Reach& reach, const TileWish& wish) {
  const std::int64_t whole = rule.fit(length);
  if (rule.margin > 0 || whole < length)
    return side_by_side(length, plan_tiles(length, rule, wish.largest > 0 ? wish.largest : kLargestSideBySide));
  if (wish.largest == 0 || whole <= wish.largest) return side_by_side(length, {whole, whole, whole, 1});
  const std::int64_t side = side_below(wish.largest, whole, rule, reach.align);
  if (side >= 2 * reach.align) return blended(whole, side, reach, reach.align, wish.overlap);
  return blended(whole, side_below(wish.largest, whole, rule, rule.multiple), reach, rule.multiple, wish.overlap);
}

}  // namespace inlay
