#include "graph/options.h"
#include "ops/conv_geometry.h"
#include "support/op_cases.h"

namespace inlay::testing {
namespace {

OpCase with_options(std::string name, Shape x, Shape w, Conv2dOptions options) {
  return {"conv2d/" + name,
          {picture("x", x), picture("w", w)},
          [options](auto in) { return conv2d(in[0], in[1], options); },
          true};
}

/// As the passes make them: with a sum and an activation behind the convolution, further sources, normalised and
/// up-sampled ones. `x` is the first one as it is read.
OpCase fused(std::string name, Shape x, Shape w, Conv2dOptions o, std::vector<std::int64_t> sources = {}) {
  Shape whole = x;
  const auto source = [&](std::string of, std::int64_t i, std::int64_t channels) {
    const std::int64_t scale = std::ranges::count(o.up_sampled, i) > 0 ? 2 : 1;
    return picture(std::move(of), {x[0], channels, x[2] / scale, x[3] / scale});
  };
  for (const std::int64_t channels : sources) whole[1] += channels;
  const ConvGeometry g = conv_geometry({DType::f32, whole}, {DType::f32, w}, o.stride, o.padding, o.dilation, o.groups);
  std::vector<CaseInput> inputs{source("x", 0, x[1]), picture("w", w), {"b", {DType::f32, {g.m}}}};
  if (o.add) inputs.push_back(picture("other", {g.n, g.m, g.oh, g.ow}));
  if (o.activation == Activation::prelu) inputs.push_back({"slope", {DType::f32, {g.m}}});
  for (const std::int64_t i : o.normalised)
    for (const char* number : {"scale", "shift", "mean", "inverse"})
      inputs.push_back(
          {fmt::format("{}{}", number, i), {DType::f32, {i == 0 ? x[1] : sources[static_cast<std::size_t>(i) - 1]}}});
  for (std::size_t i = 0; i < sources.size(); ++i)
    inputs.push_back(source("source" + std::to_string(i), static_cast<std::int64_t>(i) + 1, sources[i]));
  const auto build = [o](std::span<const Value> in) {
    return in[0].graph().add_node(*find_operator("conv2d"), to_attributes(o), {in.begin(), in.end()})[0];
  };
  return {"conv2d/fused_" + name, std::move(inputs), build, false, false, false};
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
      fused("add", {2, 9, 7, 5}, {17, 9, 3, 3}, {.padding = 1, .add = true}),
      fused("leaky", {1, 9, 6, 9}, {8, 9, 3, 3}, {.padding = 1, .activation = Activation::leaky_relu, .slope = 0.3}),
      fused("prelu_1x1", {2, 9, 7, 5}, {17, 9, 1, 1}, {.activation = Activation::prelu}),
      fused("add_prelu_stride2", {1, 8, 7, 5}, {19, 8, 3, 3},
            {.stride = 2, .padding = 1, .add = true, .activation = Activation::prelu}),
      fused("add_relu_depthwise", {1, 9, 4, 5}, {9, 1, 3, 3},
            {.padding = 1, .groups = 9, .add = true, .activation = Activation::relu}),
      fused("add_prelu_sources", {2, 9, 6, 5}, {17, 13, 3, 3},
            {.padding = 1, .add = true, .activation = Activation::prelu}, {4}),
      fused("normalised", {2, 9, 7, 5}, {17, 9, 3, 3}, {.padding = 1, .normalised = {0}}),
      fused("normalised_1x1_stride2", {2, 9, 7, 5}, {17, 9, 1, 1}, {.stride = 2, .normalised = {0}}),
      fused("normalised_add_prelu_sources", {2, 9, 6, 5}, {17, 18, 3, 3},
            {.padding = 1, .add = true, .activation = Activation::prelu, .normalised = {1, 2}}, {4, 5}),
      fused("up_sampled", {2, 9, 8, 6}, {17, 9, 3, 3}, {.padding = 1, .up_sampled = {0}}),
      fused("up_sampled_bilinear_1x1_stride2", {2, 9, 8, 6}, {17, 9, 1, 1},
            {.stride = 2, .up_sampled = {0}, .up_sampling = Interpolation::bilinear}),
      fused("up_sampled_dilated", {1, 9, 8, 6}, {17, 13, 3, 3},
            {.padding = 2, .dilation = 2, .up_sampled = {1}, .up_sampling = Interpolation::bilinear}, {4}),
      fused("up_sampled_depthwise", {1, 9, 4, 6}, {9, 1, 3, 3}, {.padding = 1, .groups = 9, .up_sampled = {0}}),
      fused("up_sampled_normalised_add_prelu_sources", {2, 9, 6, 4}, {17, 18, 3, 3},
            {.padding = 1,
             .add = true,
             .activation = Activation::prelu,
             .normalised = {1, 2},
             .up_sampled = {0, 1},
             .up_sampling = Interpolation::bilinear},
            {4, 5}),
      fused("prelu_one_pixel", {1, 3, 1, 1}, {4, 3, 3, 3}, {.padding = 1, .activation = Activation::prelu}),
  };
}

}  // namespace inlay::testing
