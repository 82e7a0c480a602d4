#include "workflow/explain/pool_example.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct UnpoolChoices {
  InputChoice input;
  std::optional<Grid> values;
  Size2 kernel = 2;
  Size2 stride = 0;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    field("values", self.values, "what is put back, one number a window: \"1 2; 3 4\"");
    field("kernel", self.kernel, "size of the pooling's window, N or HxW");
    field("stride", self.stride, "from one window to the next; 0: the window's size");
  }
};

/// 1, 2, 3, ...
Grid counted(Size2 size) {
  Grid grid = filled_grid(size, 0);
  for (std::size_t i = 0; i < grid.values.size(); ++i) grid.values[i] = static_cast<double>(i + 1);
  return grid;
}

struct Example {
  Grid pooled, largest, positions, values, output;
  PlaneOperator pool;
};

Example example(const ExplainTexts& texts) {
  const auto o = read_options<UnpoolChoices>("max-unpool", texts);
  const Pool2dOptions options{.kernel = o.kernel, .stride = o.stride};
  Example e;
  e.pool = pool_operator(options);
  e.pooled = o.input.grid(lecture_pooled());
  e.largest = apply(e.pool, e.pooled);
  e.positions = pool_positions(options, e.pooled);
  e.values = o.values.value_or(counted(size_of(e.largest)));
  if (size_of(e.values) != size_of(e.largest))
    fail_input("values has {}x{} numbers, but the pooling leaves {}x{}", e.values.rows, e.values.columns,
               e.largest.rows, e.largest.columns);
  e.output = unpool(e.values, e.positions, size_of(e.pooled));
  return e;
}

Explanation explain_unpool(const ExplainTexts& texts) {
  const Example x = example(texts);
  const Grid matrix = back_matrix_of(x.pool, x.pooled);
  Explanation e;
  e.text =
      "A network that pools on its way down and unpools on its way up keeps the positions of the largest pixels. Each "
      "new "
      "value, as the layers in between have made it, goes to the place that its window remembers; all others become 0, "
      "and values that meet add up. So an edge comes back where it was, which other up-sampling does not know (SegNet, "
      "Badrinarayanan, Kendall and Cipolla 2015).";
  e.parts.push_back(
      {"On the way down",
       {named(x.pooled, "input"), named(x.largest, "largest", "→"), named(x.positions, "positions", "at")},
       {},
       ""});
  e.parts.push_back({"On the way up",
                     {named(x.values, "values"), named(x.positions, "positions", "at"), named(x.output, "output", "→")},
                     {},
                     ""});
  e.parts.push_back({fmt::format("As a matrix: Sᵀ is {} x {}, a column for each value", matrix.rows, matrix.columns),
                     {named(matrix, "Sᵀ")},
                     {},
                     ""});
  e.checks.push_back(check("Sᵀ, the gradient of the pooling, times the values gives the output",
                           difference(product(matrix, flattened(x.values), size_of(x.output)), x.output), x.output));
  return e;
}

ExplainVariant unpool_page(const ExplainTexts& texts) {
  const Example x = example(texts);
  ExplainVariant variant;
  variant.grids = {named(x.values, "values"), named(x.positions, "positions", "at"), named(x.output, "output", "→")};
  variant.links = links_of(back_matrix_of(x.pool, x.pooled));
  return variant;
}

}  // namespace

const Topic kMaxUnpoolTopic{.name = "max-unpool",
                            .title = "Max-unpooling",
                            .about = "Max-unpooling, which puts values back to where the largest stood.",
                            .example = "--values \"5 6; 7 8\"",
                            .options = list_options<UnpoolChoices>,
                            .explain = explain_unpool,
                            .sliders = {{"size", {"4", "6"}}, {"kernel", {"2", "3"}}, {"stride", {"0", "1", "2", "3"}}},
                            .variant = unpool_page};

}  // namespace inlay
