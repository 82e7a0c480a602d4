#include "workflow/explain/conv_example.h"

#include "inlay/ops.h"
#include "workflow/explain/linear.h"

namespace inlay {

Grid lecture_kernel() { return {.rows = 3, .columns = 3, .values = {1, 4, 1, 1, 4, 3, 3, 3, 1}}; }

Grid lecture_input() { return {.rows = 4, .columns = 4, .values = {4, 5, 8, 7, 1, 8, 8, 8, 3, 6, 6, 4, 6, 5, 7, 8}}; }

PlaneOperator conv_operator(const Grid& kernel, const Conv2dOptions& options) {
  return {[options](Value x, Value weights) { return conv2d(x, weights, options); }, kernel};
}

Grid padded(const Grid& x, Padding padding) {
  return apply({[padding](Value v, Value) { return pad(v, {.padding = padding}); }}, x);
}

Grid zeros_between(const Grid& x, Size2 stride) {
  return apply({[stride](Value v, Value) {
                 return crop(bed_of_nails2d(v, {stride}), Padding(0, 0, stride.h - 1, stride.w - 1));
               }},
               x);
}

std::string conv_size_text(std::int64_t size, std::int64_t kernel, const Conv2dOptions& o, std::int64_t result) {
  return fmt::format("floor((i + 2p - k) / s) + 1 = floor(({} + {} - {}) / {}) + 1 = {}", size,
                     o.padding.top + o.padding.bottom, o.dilation.h * (kernel - 1) + 1, o.stride.h, result);
}

ExplainVariant conv_variant(const Grid& input, const Grid& kernel, const Conv2dOptions& options) {
  const Grid output = apply(conv_operator(kernel, options), input);
  Conv2dOptions unpadded = options;
  unpadded.padding = 0;
  const Grid window_input = padded(input, options.padding);
  ExplainVariant variant;
  variant.grids = {named(window_input, "input"), named(kernel, "kernel", "∗"), named(output, "output", "=")};
  variant.ring = options.padding.top;
  variant.links = links_of(matrix_of(conv_operator(kernel, unpadded), size_of(window_input)));
  variant.note = fmt::format("height of the output: {}", conv_size_text(input.rows, kernel.rows, options, output.rows));
  return variant;
}

}  // namespace inlay
