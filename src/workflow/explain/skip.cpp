#include <cmath>

#include "base/rng.h"
#include "inlay/metrics.h"
#include "inlay/ops.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct SkipChoices {
  std::int64_t size = 16;
  std::int64_t stride = 4;
  double specks = 0.06;
  std::int64_t seed = 1;
  static void visit(auto& self, auto&& field) {
    field("size", self.size, "side of the picture, 8 to 32");
    field("stride", self.stride, "how many times smaller the deep path's picture is");
    field("specks", self.specks, "share of the pixels that are turned over, 0 to 0.5");
    field("seed", self.seed, "of the specks");
  }
};

SkipChoices choices(const ExplainTexts& texts) {
  const auto o = read_options<SkipChoices>("skip", texts);
  expect_within("size", o.size, 8, 32);
  expect_within("stride", o.stride, 1, o.size);
  if (!(o.specks >= 0 && o.specks <= 0.5)) fail_input("specks is {}, expected 0 to 0.5", o.specks);
  return o;
}

/// A disc with a bar at its side: 1 inside.
Grid truth(std::int64_t side) {
  Grid grid = filled_grid(side, 0);
  const double unit = static_cast<double>(side) / 16;
  for (std::int64_t y = 0; y < side; ++y)
    for (std::int64_t x = 0; x < side; ++x) {
      const double v = (static_cast<double>(y) + 0.5) / unit, u = (static_cast<double>(x) + 0.5) / unit;
      const bool inside = std::hypot(v - 7, u - 6) < 4.6 || (std::abs(v - 7) < 2 && u > 6 && u < 14);
      grid.values[static_cast<std::size_t>(y * side + x)] = inside ? 1 : 0;
    }
  return grid;
}

/// Specks outside, holes inside.
Grid picture(const Grid& truth, const SkipChoices& o) {
  Grid grid = truth;
  Rng rng(static_cast<std::uint64_t>(o.seed));
  for (double& value : grid.values)
    if (rng.chance(o.specks)) value = 1 - value;
  return grid;
}

/// How strongly each path believes in the object: below 0 no, above 0 yes. The deep path's weight is such that neither
/// silences the other.
Value deep_path(Value x, std::int64_t stride) {
  const Value small = avg_pool2d(x, {.kernel = stride, .ceil_mode = true, .count_include_pad = false});
  return affine(resize2d_like(small, x, {.mode = Interpolation::bilinear}), 2, -1);
}

Value shallow_path(Value x) { return affine(x, 1, -0.5); }

struct Paths {
  Grid truth, picture, deep, shallow, sum, concat;
  PlaneOperator fused;
};

Paths paths(const SkipChoices& o) {
  Paths p;
  p.truth = truth(o.size);
  p.picture = picture(p.truth, o);
  const std::int64_t stride = o.stride;
  p.fused = {[stride](Value x, Value) { return add(deep_path(x, stride), shallow_path(x)); }};
  p.deep = apply({[stride](Value x, Value) { return deep_path(x, stride); }}, p.picture);
  p.shallow = apply({[](Value x, Value) { return shallow_path(x); }}, p.picture);
  p.sum = apply(p.fused, p.picture);
  const auto joined = [stride](Value x, Value weights) {
    const std::array<Value, 2> both{deep_path(x, stride), shallow_path(x)};
    return conv2d(concat(both), reshape(weights, {1, 2, 1, 1}));
  };
  p.concat = apply({joined, filled_grid({1, 2}, 1)}, p.picture);
  return p;
}

Mask mask_of(const Grid& logits, double threshold) {
  Mask mask{Tensor(DType::u8, {logits.rows, logits.columns})};
  std::ranges::transform(logits.values, mask.labels.data<std::uint8_t>().begin(),
                         [&](double v) { return static_cast<std::uint8_t>(v > threshold ? 1 : 0); });
  return mask;
}

Grid decided(const Grid& logits) {
  Grid grid = logits;
  for (double& value : grid.values) value = value > 0 ? 1 : 0;
  return grid;
}

Grid seen(Grid grid, std::string name) {
  grid.look = Grid::Look::picture;
  return named(std::move(grid), std::move(name));
}

double iou(const Grid& logits, const Grid& truth) {
  ConfusionMatrix confusion(2);
  confusion.add(mask_of(logits, 0), mask_of(truth, 0.5));
  return score(confusion).classes[1].iou;
}

Explanation explain_skip(const ExplainTexts& texts) {
  const SkipChoices o = choices(texts);
  const Paths p = paths(o);
  Explanation e;
  e.text = fmt::format(
      "The deep path sees the picture {0} times smaller (avg_pool2d, then bilinear back): it knows WHAT is there, for "
      "specks are averaged away, but not WHERE its border runs. The shallow path sees every pixel: it has the border, "
      "but "
      "takes each speck for the object. A skip connection brings the shallow values over to the deep ones. Added up "
      "(FCN, Long, Shelhamer and Darrell 2015), they have both; concatenation (U-Net, Ronneberger, Fischer and Brox "
      "2015) "
      "lets a convolution learn how to weigh them, and with weights of 1 is the sum.",
      o.stride);
  e.parts.push_back({"The picture", {seen(p.truth, "object"), seen(p.picture, "picture, with specks")}, {}, ""});
  e.parts.push_back({"What each path believes", {seen(p.deep, "deep"), seen(p.shallow, "shallow")}, {}, ""});
  e.parts.push_back(
      {"Decided at 0", {seen(decided(p.deep), "deep alone"), seen(decided(p.sum), "deep + skip")}, {}, ""});
  ExplainTable table{{"path", "IoU of the object"}, {}};
  for (const auto& [name, logits] : {std::pair{"deep alone", p.deep},
                                     {"shallow alone", p.shallow},
                                     {"sum: deep + skip", p.sum},
                                     {"concat, then 1x1 convolution of weights 1, 1", p.concat}})
    table.rows.push_back({name, fmt::format("{:.3f}", iou(logits, p.truth))});
  e.parts.push_back({"How well each finds the object", {}, table, ""});
  e.checks.push_back(
      check("concat and a 1x1 convolution of weights 1, 1 give the sum", difference(p.concat, p.sum), p.sum));
  add_fast_check(e, p.fused, p.picture, p.sum);
  return e;
}

ExplainVariant skip_page(const ExplainTexts& texts) {
  const Paths p = paths(choices(texts));
  ExplainVariant variant;
  variant.grids = {seen(p.picture, "picture"), seen(decided(p.deep), "deep alone"),
                   seen(decided(p.shallow), "shallow alone"), seen(decided(p.sum), "deep + skip"),
                   seen(p.truth, "object")};
  variant.note = fmt::format("IoU of the object: {:.3f} deep alone, {:.3f} shallow alone, {:.3f} with the skip",
                             iou(p.deep, p.truth), iou(p.shallow, p.truth), iou(p.sum, p.truth));
  return variant;
}

}  // namespace

const Topic kSkipTopic{.name = "skip",
                       .title = "Skip connection",
                       .about = "What a skip connection carries, where beside what.",
                       .example = "--size 32 --stride 8 --image skip.png",
                       .options = list_options<SkipChoices>,
                       .explain = explain_skip,
                       .sliders = {{"size", {"16", "32"}}, {"stride", {"2", "4", "8"}}},
                       .variant = skip_page,
                       .pictures = true};

}  // namespace inlay
