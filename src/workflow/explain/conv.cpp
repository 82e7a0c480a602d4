#include "workflow/explain/conv_example.h"
#include "workflow/explain/linear.h"
#include "workflow/explain/topic.h"

namespace inlay {
namespace {

struct ConvChoices {
  InputChoice input;
  KernelChoice kernel;
  Size2 stride = 1;
  Padding padding = 0;
  Size2 dilation = 1;
  std::optional<PixelAt> at;
  static void visit(auto& self, auto&& field) {
    InputChoice::visit(self.input, field);
    KernelChoice::visit(self.kernel, field);
    field("stride", self.stride, "from one output to the next");
    field("padding", self.padding, "zeros around the input");
    field("dilation", self.dilation, "from one weight to the next");
    field("at", self.at, "the output pixel whose products are written out, ROW,COLUMN");
  }
  Conv2dOptions options() const { return {.stride = stride, .padding = padding, .dilation = dilation}; }
};

Explanation explain_conv(const ExplainTexts& texts) {
  const auto o = read_options<ConvChoices>("conv", texts);
  const Grid input = o.input.grid(lecture_input()), kernel = o.kernel.grid(lecture_kernel());
  const PlaneOperator op = conv_operator(kernel, o.options());
  const Grid output = apply(op, input), matrix = matrix_of(op, size_of(input));
  Explanation e;
  e.text = fmt::format(
      "The kernel slides over the input; each output is the sum of the products of the weights with the pixels under "
      "them. (As in all networks the kernel is not flipped: a cross-correlation.) The output's height is {}. Written "
      "out "
      "as a matrix, each row holds the kernel at one place of the input and zeros elsewhere; the transposed matrix "
      "leads "
      "from the output's shape back to the input's, and is the gradient.",
      conv_size_text(input.rows, kernel.rows, o.options(), output.rows));
  const bool bare = o.padding == Padding(0);
  e.parts.push_back({"Forward",
                     {named(padded(input, o.padding), bare ? "input" : "input amid zeros"),
                      named(kernel, "kernel", "∗"), named(output, "output", "=")},
                     {},
                     products_text(matrix, input, output, o.at)});
  add_matrix_parts(e, op, input, output, matrix);
  return e;
}

ExplainVariant conv_page(const ExplainTexts& texts) {
  const auto o = read_options<ConvChoices>("conv", texts);
  return conv_variant(o.input.grid(lecture_input()), o.kernel.grid(lecture_kernel()), o.options());
}

}  // namespace

const Topic kConvTopic{.name = "conv",
                       .title = "Convolution",
                       .about = "A convolution, and the matrix that it is.",
                       .example = "--size 5 --stride 2",
                       .options = list_options<ConvChoices>,
                       .explain = explain_conv,
                       .sliders = {{"size", {"4", "5", "6"}},
                                   {"kernel", {"1", "2", "3", "4"}, 2},
                                   {"stride", {"1", "2", "3"}},
                                   {"padding", {"0", "1", "2"}},
                                   {"dilation", {"1", "2"}}},
                       .variant = conv_page};

}  // namespace inlay
