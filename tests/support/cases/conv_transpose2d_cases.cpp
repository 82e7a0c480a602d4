#include "support/op_cases.h"

namespace inlay::testing {
namespace {

OpCase with_options(std::string name, Shape x, Shape w, ConvTranspose2dOptions options) {
  return {"conv_transpose2d/" + name,
          {picture("x", x), picture("w", w)},
          [options](auto in) { return conv_transpose2d(in[0], in[1], options); },
          true};
}

}  // namespace

std::vector<OpCase> conv_transpose2d_cases() {
  return {
      with_options("2x2_stride2", {2, 4, 3, 5}, {4, 2, 2, 2}, {.stride = 2}),
      with_options("wide_channels", {1, 32, 3, 4}, {32, 16, 2, 2}, {.stride = 2}),
      with_options("3x3_stride2_output_padding", {1, 3, 4, 3}, {3, 2, 3, 3},
                   {.stride = 2, .padding = 1, .output_padding = 1}),
      with_options("4x4_stride2", {1, 2, 4, 4}, {2, 3, 4, 4}, {.stride = 2, .padding = 1}),
      with_options("uneven_stride", {1, 2, 3, 4}, {2, 2, 3, 2}, {.stride = {3, 2}, .output_padding = {2, 1}}),
      with_options("four_sided_padding", {1, 2, 4, 4}, {2, 2, 3, 3}, {.stride = 2, .padding = {0, 1, 2, 1}}),
      with_options("dilated", {1, 2, 5, 4}, {2, 3, 3, 3}, {.padding = 1, .dilation = 2}),
      with_options("grouped", {1, 4, 3, 3}, {4, 3, 2, 2}, {.stride = 2, .groups = 2}),
      with_options("depthwise", {1, 5, 3, 3}, {5, 1, 4, 4}, {.stride = 2, .padding = 1, .groups = 5}),
      with_options("one_pixel", {1, 3, 1, 1}, {3, 2, 2, 2}, {.stride = 2}),
      {"conv_transpose2d/bias",
       {picture("x", {2, 3, 3, 2}), picture("w", {3, 18, 2, 2}), {"b", {DType::f32, {18}}}},
       [](auto in) { return conv_transpose2d(in[0], in[1], in[2], {.stride = 2}); }},
  };
}

}  // namespace inlay::testing
