#include "workflow/explain/pool_example.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct PoolChoices {
  InputChoice input;
  Size2 kernel = 2;
  Size2 stride = 0;
  Padding padding = 0;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    field("kernel", self.kernel, "size of the window, N or HxW");
    field("stride", self.stride, "from one window to the next; 0: the window's size");
    field("padding", self.padding, "rows and columns around the input; they never win");
  }
  Pool2dOptions options() const { return {.kernel = kernel, .stride = stride, .padding = padding}; }
};

Explanation explain_pool(const ExplainTexts& texts) {
  const auto o = read_options<PoolChoices>("max-pool", texts);
  const Grid input = o.input.grid(lecture_pooled());
  const PlaneOperator op = pool_operator(o.options());
  const Grid output = apply(op, input), positions = pool_positions(o.options(), input);
  const Grid selection = transposed(back_matrix_of(op, input)), back = apply_back(op, input, output);
  Explanation e;
  e.text =
      "The largest pixel of each window, and where it stood: its position counts along the rows, y times the width "
      "plus "
      "x. Which pixel wins depends on the numbers, so pooling is not linear; but once the winners are known, it picks "
      "them by a matrix with a single 1 in each row. The transpose of that matrix puts values back at the winners' "
      "places "
      "and zeros elsewhere: unpooling, and the gradient.";
  e.parts.push_back(
      {"Forward", {named(input, "input"), named(output, "largest", "→"), named(positions, "positions", "at")}, {}, ""});
  e.parts.push_back(
      {fmt::format("What picks the winners of this input: S is {} x {}", selection.rows, selection.columns),
       {named(selection, "S")},
       {},
       ""});
  e.parts.push_back({fmt::format("The way back, {}", back_operator(op, size_of(input))),
                     {named(output, "largest"), named(back, "Sᵀ · largest", "→")},
                     {},
                     ""});
  e.checks.push_back(check("S times the input gives the largest",
                           difference(product(selection, flattened(input), size_of(output)), output), output));
  e.checks.push_back(check("max_unpool2d at these positions gives Sᵀ times the largest",
                           difference(unpool(output, positions, size_of(input)), back), output));
  add_fast_check(e, op, input, output);
  return e;
}

ExplainVariant pool_page(const ExplainTexts& texts) {
  const auto o = read_options<PoolChoices>("max-pool", texts);
  const Grid input = o.input.grid(lecture_pooled());
  const PlaneOperator op = pool_operator(o.options());
  const Grid output = apply(op, input), winners = transposed(back_matrix_of(op, input)), reach = reach_of(op, input);
  ExplainVariant variant;
  variant.grids = {named(input, "input"), named(pool_positions(o.options(), input), "positions", "→"),
                   named(output, "largest", "")};
  variant.largest = true;
  variant.links = links_of(reach);
  for (std::size_t row = 0; row < variant.links.size(); ++row)
    for (GridLink& link : variant.links[row]) link.weight = winners.at(static_cast<std::int64_t>(row), link.input);
  return variant;
}

}  // namespace

const Topic kMaxPoolTopic{.name = "max-pool",
                          .title = "Max-pooling",
                          .about = "Max-pooling, which remembers where the largest stood.",
                          .example = "--size 5 --kernel 3 --stride 2",
                          .options = list_options<PoolChoices>,
                          .explain = explain_pool,
                          .sliders = {{"size", {"4", "5", "6"}},
                                      {"kernel", {"2", "3"}},
                                      {"stride", {"0", "1", "2", "3"}},
                                      {"padding", {"0", "1"}}},
                          .variant = pool_page};

}  // namespace inlay
