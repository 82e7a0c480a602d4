#include "inlay/ops.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct NailsChoices {
  InputChoice input;
  Size2 stride = 2;
  std::optional<PixelAt> at;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    field("stride", self.stride, "side of the cell that an input pixel gets");
    field("at", self.at, "the output pixel whose products are written out, ROW,COLUMN");
  }
};

struct Example {
  NailsChoices choices;
  Grid input, output;
  PlaneOperator op;
};

Example example(const ExplainTexts& texts) {
  Example e{read_options<NailsChoices>("bed-of-nails", texts), {}, {}, {}};
  e.input = e.choices.input.grid({.rows = 2, .columns = 2, .values = {1, 2, 3, 4}});
  e.op = {[stride = e.choices.stride](Value x, Value) { return bed_of_nails2d(x, {stride}); }};
  e.output = apply(e.op, e.input);
  return e;
}

Explanation explain_nails(const ExplainTexts& texts) {
  const Example x = example(texts);
  const Grid matrix = matrix_of(x.op, size_of(x.input));
  Explanation e;
  e.text =
      "Each pixel goes to the top left of a cell of its own, the rest of which is 0: nails that stand up from a board. "
      "The transposed matrix keeps every stride-th pixel, so this is the gradient of plain sub-sampling. A convolution "
      "after it fills the gaps; the two together are a transposed convolution.";
  e.parts.push_back({"Forward",
                     {named(x.input, "input"), named(x.output, "output", "→")},
                     {},
                     products_text(matrix, x.input, x.output, x.choices.at)});
  add_matrix_parts(e, x.op, x.input, x.output, matrix);
  return e;
}

ExplainVariant nails_page(const ExplainTexts& texts) {
  const Example x = example(texts);
  ExplainVariant variant;
  variant.grids = {named(x.input, "input"), named(x.output, "output", "→")};
  variant.links = links_of(matrix_of(x.op, size_of(x.input)));
  return variant;
}

}  // namespace

const Topic kBedOfNailsTopic{.name = "bed-of-nails",
                             .title = "Bed of nails",
                             .about = "Up-sampling by zeros between the pixels.",
                             .example = "--stride 3",
                             .options = list_options<NailsChoices>,
                             .explain = explain_nails,
                             .sliders = {{"size", {"2", "3"}}, {"stride", {"1", "2", "3"}}},
                             .variant = nails_page};

}  // namespace inlay
