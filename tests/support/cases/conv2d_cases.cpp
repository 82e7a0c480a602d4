#include "support/op_cases.h"

namespace inlay::testing {
namespace {

OpCase with_options(std::string name, Shape x, Shape w, Conv2dOptions options) {
  return {"conv2d/" + name,
          {picture("x", x), picture("w", w)},
          [options](auto in) { return conv2d(in[0], in[1], options); },
          true};
}

}  // namespace

std::vector<OpCase> conv2d_cases() {
  return {
      with_options("1x1", {2, 3, 4, 5}, {4, 3, 1, 1}, {}),
      with_options("3x3_same", {1, 2, 5, 6}, {3, 2, 3, 3}, {.padding = 1}),
      with_options("3x3_valid", {1, 2, 5, 6}, {3, 2, 3, 3}, {}),
      with_options("wide_channels", {1, 32, 3, 4}, {32, 32, 1, 3}, {.padding = {0, 1}}),
      with_options("odd_channels", {2, 17, 3, 4}, {19, 17, 3, 1}, {.padding = {1, 0}}),
      with_options("stride2_odd", {1, 3, 7, 6}, {2, 3, 3, 3}, {.stride = 2, .padding = 1}),
      with_options("stride_uneven", {1, 2, 9, 8}, {2, 2, 3, 2}, {.stride = {3, 2}}),
      with_options("four_sided_padding", {1, 2, 4, 4}, {2, 2, 3, 3}, {.padding = {0, 1, 2, 3}}),
      with_options("padding_beyond_kernel", {1, 1, 3, 3}, {2, 1, 2, 2}, {.padding = 3}),
      with_options("dilated", {1, 2, 9, 8}, {3, 2, 3, 3}, {.padding = 2, .dilation = 2}),
      with_options("dilated_uneven_stride", {1, 2, 11, 9}, {2, 2, 3, 3},
                   {.stride = 2, .padding = {3, 1}, .dilation = {3, 1}}),
      with_options("grouped", {1, 4, 5, 5}, {6, 2, 3, 3}, {.padding = 1, .groups = 2}),
      with_options("depthwise", {2, 5, 5, 4}, {5, 1, 3, 3}, {.padding = 1, .groups = 5}),
      with_options("one_pixel", {1, 3, 1, 1}, {4, 3, 3, 3}, {.padding = 1}),
      {"conv2d/bias",
       {picture("x", {2, 3, 4, 5}), picture("w", {20, 3, 3, 3}), {"b", {DType::f32, {20}}}},
       [](auto in) { return conv2d(in[0], in[1], in[2], {.padding = 1}); }},
  };
}

}  // namespace inlay::testing
