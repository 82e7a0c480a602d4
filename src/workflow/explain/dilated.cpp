#include "inlay/ops.h"
#include "models/receptive_field.h"
#include "workflow/explain/conv_example.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct DilatedChoices {
  InputChoice input;
  KernelChoice kernel;
  Size2 dilation = 2;
  std::optional<PixelAt> at;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    KernelChoice::visit(self.kernel, field);
    field("dilation", self.dilation, "from one weight to the next; 1 is an ordinary convolution");
    field("at", self.at, "the output pixel whose products are written out, ROW,COLUMN");
  }
};

/// One to five layers, without dilation and with one that doubles.
ExplainTable growth(std::int64_t kernel) {
  ExplainTable table{{"layers of " + fmt::format("{}x{}", kernel, kernel), "dilations", "field", "dilations", "field"},
                     {}};
  const auto field = [&](int layers, std::int64_t factor) {
    Graph graph;
    Value x = graph.input("x", {DType::f32, {1, 1, 1024, 1024}});
    std::int64_t dilation = 1;
    for (int i = 0; i < layers; ++i, dilation *= factor) {
      const Value w = graph.add_leaf(LeafKind::parameter, fmt::format("w{}", i), {DType::f32, {1, 1, kernel, kernel}});
      x = conv2d(x, w, {.padding = dilation * (kernel - 1) / 2, .dilation = dilation});
    }
    graph.set_output("y", x);
    return fmt::format("{:.0f}", receptive_field(graph).h);
  };
  std::string ones, powers;
  for (int layers = 1; layers <= 5; ++layers) {
    ones += layers == 1 ? "1" : ",1";
    powers += fmt::format("{}{}", layers == 1 ? "" : ",", 1 << (layers - 1));
    table.rows.push_back({fmt::format("{}", layers), ones, field(layers, 1), powers, field(layers, 2)});
  }
  return table;
}

Explanation explain_dilated(const ExplainTexts& texts) {
  const auto o = read_options<DilatedChoices>("dilated", texts);
  const Grid input = o.input.grid(made_up_grid(7)), kernel = o.kernel.grid(lecture_kernel());
  const PlaneOperator op = conv_operator(kernel, {.dilation = o.dilation});
  const Grid output = apply(op, input), matrix = matrix_of(op, size_of(input)),
             wide = zeros_between(kernel, o.dilation);
  Explanation e;
  e.text = fmt::format(
      "A dilated (à trous) convolution looks at pixels that lie {} apart: the same {} weights span {}x{} pixels, and "
      "the "
      "output is not made smaller by a stride. With dilations of 1, 2, 4, ... the receptive field about doubles with "
      "each layer, where without dilation it grows by a fixed amount (Yu and Koltun 2016).",
      o.dilation.h, kernel.rows * kernel.columns, wide.rows, wide.columns);
  e.parts.push_back({"Forward",
                     {named(input, "input"), named(wide, "stretched kernel", "∗"), named(output, "output", "=")},
                     {},
                     products_text(matrix, input, output, o.at)});
  if (kernel.rows > 1 && kernel.rows <= 9)
    e.parts.push_back({"Pixels that one output sees after several layers, along an axis", {}, growth(kernel.rows), ""});
  e.checks.push_back(check("an ordinary convolution with the stretched kernel gives the same",
                           difference(apply(conv_operator(wide, {}), input), output), output));
  add_matrix_parts(e, op, input, output, matrix);
  return e;
}

ExplainVariant dilated_page(const ExplainTexts& texts) {
  const auto o = read_options<DilatedChoices>("dilated", texts);
  const Grid kernel = o.kernel.grid(lecture_kernel());
  ExplainVariant variant = conv_variant(o.input.grid(made_up_grid(7)), kernel, {.dilation = o.dilation});
  variant.grids[1] = named(zeros_between(kernel, o.dilation), "stretched kernel", "∗");
  return variant;
}

}  // namespace

const Topic kDilatedTopic{
    .name = "dilated",
    .title = "Dilated convolution",
    .about = "A dilated convolution, with few weights and a wide view.",
    .example = "--size 9 --dilation 3",
    .options = list_options<DilatedChoices>,
    .explain = explain_dilated,
    .sliders = {{"size", {"7", "8", "9"}}, {"kernel", {"2", "3"}, 1}, {"dilation", {"1", "2", "3"}}},
    .variant = dilated_page};

}  // namespace inlay
