#include "inlay/checkerboard.h"

#include <numbers>

#include "base/rng.h"
#include "inlay/ops.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct CheckerboardChoices {
  std::int64_t size = 6;
  std::int64_t kernel = 3;
  std::int64_t stride = 2;
  static void visit(auto& self, auto&& field) {
    field("size", self.size, "side of the flat input");
    field("kernel", self.kernel, "side of the kernel");
    field("stride", self.stride, "factor of the up-sampling, 2 or more");
  }
};

CheckerboardChoices choices(const ExplainTexts& texts) {
  const auto o = read_options<CheckerboardChoices>("checkerboard", texts);
  expect_within("size", o.size, 4, 32);
  expect_within("kernel", o.kernel, 1, 8);
  expect_within("stride", o.stride, 2, 8);
  return o;
}

PlaneOperator transposed_convolution(std::int64_t stride, const Grid& kernel) {
  return {[stride](Value x, Value w) { return conv_transpose2d(x, w, {.stride = stride}); }, kernel};
}

/// Odena, Dumoulin and Olah's remedy, with a mirrored border in place of one of zeros.
PlaneOperator resize_convolution(std::int64_t stride, const Grid& kernel) {
  const std::int64_t before = (kernel.rows - 1) / 2, after = kernel.rows / 2;
  return {[=](Value x, Value w) {
            const Value large = resize2d(x, {.scale = static_cast<double>(stride), .mode = Interpolation::nearest});
            const Value around = pad(large, {.padding = {before, before, after, after}, .mode = PadMode::reflect});
            return conv2d(around, w);
          },
          kernel};
}

/// Without the outer pixels, on which fewer windows lie.
Grid interior(const Grid& plane, std::int64_t border) {
  if (border == 0) return plane;
  return apply({[border](Value x, Value) { return crop(x, Padding(border)); }}, plane);
}

double index_of(const Grid& plane, std::int64_t stride) {
  const std::vector<float> pixels(plane.values.begin(), plane.values.end());
  return checkerboard(pixels, plane.rows, plane.columns, stride);
}

Grid drawn_kernel(std::int64_t side) {
  Rng rng(1);
  Grid kernel = filled_grid(side, 0);
  for (double& weight : kernel.values) weight = rng.uniform(0, 1);
  return kernel;
}

/// A smooth hill: one period of a cosine along each axis.
Grid hill(std::int64_t side) {
  Grid grid = filled_grid(side, 0);
  const auto wave = [side](std::int64_t i) {
    return 1 - std::cos(2 * std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(side));
  };
  for (std::int64_t y = 0; y < side; ++y)
    for (std::int64_t x = 0; x < side; ++x) grid.values[static_cast<std::size_t>(y * side + x)] = wave(y) * wave(x);
  return grid;
}

/// Both ways on the same input and kernel, with the figure for each.
ExplainTable figures(const CheckerboardChoices& o) {
  ExplainTable table{{"input, weights", "way up", "least", "most", "checkerboard"}, {}};
  // Wide enough for two periods to be left of it.
  const std::int64_t side = std::max<std::int64_t>(o.size, 16);
  const auto add = [&](const char* what, const char* way, const PlaneOperator& op, const Grid& input) {
    const Grid inside = interior(apply(op, input), o.kernel - 1);
    const int decimals = std::min(decimals_of(inside.values), 2);
    table.rows.push_back({what, way, number_text(std::ranges::min(inside.values), decimals),
                          number_text(std::ranges::max(inside.values), decimals),
                          fmt::format("{:.3f}", index_of(inside, o.stride))});
  };
  const Grid ones = filled_grid(o.kernel, 1), drawn = drawn_kernel(o.kernel), flat = filled_grid(side, 1);
  for (const auto& [what, input, kernel] :
       {std::tuple{"flat, all 1", flat, ones}, {"flat, drawn", flat, drawn}, {"a hill, all 1", hill(side), ones}}) {
    add(what, "transposed convolution", transposed_convolution(o.stride, kernel), input);
    add("", "resize, then convolution", resize_convolution(o.stride, kernel), input);
  }
  return table;
}

std::string evenness(const CheckerboardChoices& o) {
  return o.kernel % o.stride == 0
             ? fmt::format("Here {} is a multiple of {}: as many lie on each pixel away from the border.", o.kernel,
                           o.stride)
             : fmt::format("Here {} is no multiple of {}: the numbers alternate with the period {}.", o.kernel,
                           o.stride, o.stride);
}

Explanation explain_checkerboard(const ExplainTexts& texts) {
  const CheckerboardChoices o = choices(texts);
  const Grid flat = filled_grid(o.size, 1), ones = filled_grid(o.kernel, 1);
  const PlaneOperator up = transposed_convolution(o.stride, ones), resize = resize_convolution(o.stride, ones);
  const Grid counts = apply(up, flat), even = apply(resize, flat);
  Explanation e;
  e.text = fmt::format(
      "A transposed convolution lays a stamp of {0}x{0} every {1} pixels. With an input and weights of 1, an output "
      "says "
      "how many products lie on it. {2} Enlarging first and convolving after gives each pixel as many (Odena, Dumoulin "
      "and Olah 2016). The figure is the share of the spectrum at the stride's frequencies, from 0 to 1.",
      o.kernel, o.stride, evenness(o));
  e.parts.push_back({"Products on each output pixel",
                     {named(counts, "transposed convolution"), named(even, "resize, then convolution")},
                     {},
                     ""});
  Grid dark = named(counts, "transposed convolution"), plain = named(even, "resize, then convolution");
  dark.look = plain.look = Grid::Look::picture;
  e.parts.push_back({"As a picture", {dark, plain}, {}, ""});
  e.parts.push_back(
      {"Away from the border",
       {},
       figures(o),
       "With drawn weights even a kernel that is a multiple of the stride can leave the pattern: the sums "
       "of the weights on the pixels differ. On a hill most of the energy is the hill's."});
  add_fast_check(e, up, flat, counts, "the transposed convolution");
  add_fast_check(e, resize, flat, even, "resize and convolution");
  return e;
}

ExplainVariant checkerboard_page(const ExplainTexts& texts) {
  const CheckerboardChoices o = choices(texts);
  const Grid flat = filled_grid(o.size, 1), ones = filled_grid(o.kernel, 1);
  const PlaneOperator up = transposed_convolution(o.stride, ones);
  const Grid large = filled_grid(16, 1);
  const auto figure = [&](const PlaneOperator& op) {
    return index_of(interior(apply(op, large), o.kernel - 1), o.stride);
  };
  ExplainVariant variant;
  variant.grids = {named(flat, "input"),
                   named(apply(resize_convolution(o.stride, ones), flat), "resize, then convolution"),
                   named(apply(up, flat), "transposed convolution")};
  variant.links = links_of(matrix_of(up, size_of(flat)));
  variant.note = fmt::format("checkerboard: {:.3f} transposed, {:.3f} resize and convolution. {}", figure(up),
                             figure(resize_convolution(o.stride, ones)), evenness(o));
  return variant;
}

}  // namespace

const Topic kCheckerboardTopic{.name = "checkerboard",
                               .title = "Checkerboard artefacts",
                               .about = "Where the checkerboards of transposed convolutions come from.",
                               .example = "--kernel 4 --stride 2",
                               .options = list_options<CheckerboardChoices>,
                               .explain = explain_checkerboard,
                               .sliders = {{"kernel", {"2", "3", "4", "5", "6"}}, {"stride", {"2", "3"}}},
                               .variant = checkerboard_page,
                               .pictures = true};

}  // namespace inlay
