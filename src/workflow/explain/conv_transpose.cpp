#include "inlay/ops.h"
#include "workflow/explain/conv_example.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct TransposeChoices {
  InputChoice input;
  KernelChoice kernel;
  Size2 stride = 1;
  Padding padding = 0;
  Size2 dilation = 1;
  Size2 output_padding = 0;
  std::optional<PixelAt> at;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    KernelChoice::visit(self.kernel, field);
    field("stride", self.stride, "from one stamp of the kernel to the next");
    field("padding", self.padding, "rows and columns cut off the output on each side");
    field("dilation", self.dilation, "from one weight to the next");
    field("output-padding", self.output_padding, "rows and columns added at the bottom and right, below the stride");
    field("at", self.at, "the output pixel whose products are written out, ROW,COLUMN");
  }
  ConvTranspose2dOptions options() const {
    return {.stride = stride, .padding = padding, .dilation = dilation, .output_padding = output_padding};
  }
};

Grid standard_input() { return {.rows = 2, .columns = 2, .values = {2, 1, 4, 4}}; }

struct Example {
  TransposeChoices choices;
  Grid input, kernel, output;
  PlaneOperator op;
};

Example example(const ExplainTexts& texts) {
  Example e{read_options<TransposeChoices>("conv-transpose", texts), {}, {}, {}, {}};
  e.input = e.choices.input.grid(standard_input());
  e.kernel = e.choices.kernel.grid(lecture_kernel());
  e.op = {[options = e.choices.options()](Value x, Value weights) { return conv_transpose2d(x, weights, options); },
          e.kernel};
  e.output = apply(e.op, e.input);
  return e;
}

std::string size_text(const Example& e) {
  const TransposeChoices& c = e.choices;
  return fmt::format("(i - 1) s + k - 2p + a = {}·{} + {} - {} + {} = {}", e.input.rows - 1, c.stride.h,
                     c.dilation.h * (e.kernel.rows - 1) + 1, c.padding.top + c.padding.bottom, c.output_padding.h,
                     e.output.rows);
}

Grid flipped(Grid kernel) {
  std::ranges::reverse(kernel.values);
  return kernel;
}

/// Dumoulin and Visin, section 4: the same by a direct convolution, where the padding is not too wide for one.
void add_direct_convolution(Explanation& e, const Example& x) {
  const TransposeChoices& c = x.choices;
  const std::int64_t top = c.dilation.h * (x.kernel.rows - 1) - c.padding.top,
                     left = c.dilation.w * (x.kernel.columns - 1) - c.padding.left;
  if (top < 0 || left < 0) return;
  const Grid amid =
      padded(zeros_between(x.input, c.stride), Padding(top, left, top + c.output_padding.h, left + c.output_padding.w));
  const Grid kernel = flipped(x.kernel), same = apply(conv_operator(kernel, {.dilation = c.dilation}), amid);
  e.parts.push_back({"The same by a direct convolution: zeros between and around, the kernel turned round",
                     {named(amid, "stretched input"), named(kernel, "turned", "∗"), named(same, "output", "=")},
                     {},
                     ""});
  e.checks.push_back(check("the direct convolution gives the same", difference(same, x.output), x.output));
}

Explanation explain_transpose(const ExplainTexts& texts) {
  const Example x = example(texts);
  const Grid matrix = matrix_of(x.op, size_of(x.input));
  Explanation e;
  e.text = fmt::format(
      "Each input pixel stamps the kernel, times its own value, onto the output; stamps lie a stride apart and add up "
      "where they overlap. The output's height is {}. It is named for its matrix: that of the convolution with the "
      "same "
      "kernel, stride and padding, transposed. It restores the shape that the convolution took in, not the numbers.",
      size_text(x));
  e.parts.push_back({"Forward",
                     {named(x.input, "input"), named(x.kernel, "kernel", "∗ᵀ"), named(x.output, "output", "=")},
                     {},
                     products_text(matrix, x.input, x.output, x.choices.at)});
  add_direct_convolution(e, x);
  add_matrix_parts(e, x.op, x.input, x.output, matrix);
  return e;
}

ExplainVariant transpose_page(const ExplainTexts& texts) {
  const Example x = example(texts);
  ExplainVariant variant;
  variant.grids = {named(x.input, "input"), named(x.kernel, "kernel", "∗ᵀ"), named(x.output, "output", "=")};
  variant.links = links_of(matrix_of(x.op, size_of(x.input)));
  variant.note = fmt::format("height of the output: {}", size_text(x));
  return variant;
}

}  // namespace

const Topic kConvTransposeTopic{.name = "conv-transpose",
                                .title = "Transposed convolution",
                                .about = "A transposed convolution, the matrix of the convolution the other way.",
                                .example = "--kernel 3 --stride 2 --padding 1 --output-padding 1",
                                .options = list_options<TransposeChoices>,
                                .explain = explain_transpose,
                                .sliders = {{"size", {"2", "3"}},
                                            {"kernel", {"1", "2", "3", "4"}, 2},
                                            {"stride", {"1", "2", "3"}},
                                            {"padding", {"0", "1", "2"}},
                                            {"dilation", {"1", "2"}}},
                                .variant = transpose_page};

}  // namespace inlay
