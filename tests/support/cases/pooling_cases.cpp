#include "graph/options.h"
#include "support/op_cases.h"

namespace inlay::testing {
namespace {

struct Pooling {
  const char* name;
  Shape x;
  Pool2dOptions options;
};

const Pooling kPoolings[] = {
    {"2x2", {2, 3, 4, 6}, {}},
    {"2x2_odd", {1, 17, 5, 7}, {}},
    {"2x2_wide_channels", {1, 32, 6, 4}, {}},
    {"2x2_ceil", {1, 17, 5, 7}, {.ceil_mode = true}},
    {"3x3_stride2_padding1", {1, 9, 7, 8}, {.kernel = 3, .stride = 2, .padding = 1}},
    {"3x3_halving", {2, 17, 6, 8}, {.kernel = 3, .stride = 2, .padding = 1}},
    {"3x3_stride1", {1, 2, 5, 4}, {.kernel = 3, .stride = 1, .padding = 1}},
    {"uneven", {1, 2, 7, 9}, {.kernel = {3, 2}, .stride = {1, 3}, .padding = {2, 0, 1, 1}}},
    {"stride_beyond_kernel", {1, 3, 8, 8}, {.kernel = 2, .stride = 3}},
    {"ceil_drops_last_window", {1, 1, 5, 5}, {.kernel = 2, .stride = 3, .padding = 1, .ceil_mode = true}},
    {"ceil_overhang_and_padding", {1, 3, 6, 7}, {.kernel = 3, .stride = 2, .padding = 1, .ceil_mode = true}},
    {"window_beyond_picture", {1, 2, 2, 1}, {.kernel = 3, .ceil_mode = true}},
    {"one_pixel", {1, 1, 1, 1}, {.kernel = 1}},
};

/// Of max-pooling alone.
const Pooling kDilated[] = {
    {"2x2_dilated", {2, 3, 6, 7}, {.stride = 1, .dilation = 2}},
    {"2x2_dilated_strided", {1, 17, 9, 8}, {.stride = 3, .dilation = {4, 3}}},
    {"3x3_dilated_same", {1, 9, 5, 4}, {.kernel = 3, .stride = 1, .padding = 2, .dilation = 2}},
    {"dilation_beyond_picture", {1, 8, 3, 3}, {.kernel = 3, .stride = 1, .padding = 4, .dilation = 4}},
    {"dilated_uneven", {1, 2, 9, 8}, {.kernel = {3, 2}, .stride = {2, 1}, .padding = {3, 1, 2, 2}, .dilation = {2, 3}}},
    {"dilated_ceil", {1, 3, 8, 9}, {.stride = 2, .padding = 1, .dilation = 3, .ceil_mode = true}},
    {"dilated_one_row", {1, 32, 1, 9}, {.kernel = {1, 3}, .stride = 1, .dilation = 4}},
};

std::vector<Pooling> max_poolings() {
  std::vector<Pooling> all(std::begin(kPoolings), std::end(kPoolings));
  all.insert(all.end(), std::begin(kDilated), std::end(kDilated));
  return all;
}

OpCase linear(OpCase op_case) {
  op_case.linear = true;
  return op_case;
}

OpCase without_onnx(OpCase op_case) {
  op_case.onnx = false;
  return op_case;
}

/// No finite differences: whole numbers, or too many numbers and linear anyway.
OpCase no_differences(OpCase op_case) {
  op_case.differentiable = false;
  return op_case;
}

/// As a pass makes it: x is read through batch norm and ReLU.
OpCase normalised(const Pooling& pooling) {
  const auto& [name, x, options] = pooling;
  std::vector<CaseInput> inputs{picture("x", x, Fill::distinct)};
  for (const char* number : {"scale", "shift", "mean", "inverse"}) inputs.push_back({number, {DType::f32, {x[1]}}});
  // Both of its outputs: values, and x where they were found.
  const auto build = [o = options](std::span<const Value> in) {
    const std::vector<Value> pool =
        in[0].graph().add_node(*find_operator("max_pool2d"), to_attributes(o), {in.begin(), in.end()});
    return add(pool[0], gather2d(in[0], pool[1]));
  };
  return without_onnx(no_differences({std::string("max_pool2d/normalised_") + name, std::move(inputs), build}));
}

/// As a pass makes it: with a picture that is added, whose memory may be taken over.
OpCase added(const Pooling& pooling, bool in_place) {
  const auto& [name, x, options] = pooling;
  const auto build = [o = options, in_place](std::span<const Value> in) {
    const MaxPool pool = max_pool2d(in[0], o);
    const Value other = in_place ? sigmoid(in[1]) : in[1];
    return in[0].graph().add_node(*find_operator("max_unpool2d"), Attributes(),
                                  {pool.values, pool.indices, in[0], other})[0];
  };
  return without_onnx(no_differences({fmt::format("max_unpool2d/added_{}_{}", name, in_place ? "in_place" : "apart"),
                                      {picture("x", x, Fill::distinct), picture("other", x)},
                                      build}));
}

}  // namespace

std::vector<OpCase> max_pool2d_cases() {
  std::vector<OpCase> cases;
  for (const auto& [name, x, options] : max_poolings()) {
    cases.push_back({std::string("max_pool2d/") + name, {picture("x", x, Fill::distinct)}, [o = options](auto in) {
                       return max_pool2d(in[0], o).values;
                     }});
    cases.push_back(normalised({name, x, options}));
  }
  cases.push_back(
      without_onnx(no_differences({"max_pool2d/indices", {picture("x", {2, 17, 5, 6}, Fill::distinct)}, [](auto in) {
                                     return gather2d(in[0], max_pool2d(in[0], {.kernel = 3, .stride = 2}).indices);
                                   }})));
  return cases;
}

std::vector<OpCase> max_unpool2d_cases() {
  std::vector<OpCase> cases;
  for (const auto& [name, x, options] : max_poolings()) {
    const auto unpool = [o = options](auto in) {
      const MaxPool pool = max_pool2d(in[0], o);
      return max_unpool2d(affine(pool.values, 2), pool.indices, in[0]);
    };
    cases.push_back({std::string("max_unpool2d/") + name, {picture("x", x, Fill::distinct)}, unpool});
    for (const bool in_place : {false, true}) cases.push_back(added({name, x, options}, in_place));
  }
  cases.push_back(linear({"max_unpool2d/other_values",
                          {picture("values", {2, 17, 2, 3}), picture("x", {2, 17, 5, 7}, Fill::distinct)},
                          [](auto in) { return max_unpool2d(in[0], max_pool2d(in[1]).indices, in[1]); }}));
  cases.push_back(
      no_differences(linear({"max_unpool2d/in_bands",
                             {picture("values", {1, 8, 20, 15}), picture("x", {1, 8, 40, 30}, Fill::distinct)},
                             [](auto in) { return max_unpool2d(in[0], max_pool2d(in[1]).indices, in[1]); }})));
  return cases;
}

std::vector<OpCase> gather2d_cases() {
  return {without_onnx(linear({"gather2d/pool",
                               {picture("values", {2, 17, 5, 7}), picture("x", {2, 17, 5, 7}, Fill::distinct)},
                               [](auto in) { return gather2d(in[0], max_pool2d(in[1]).indices); }})),
          without_onnx(linear(
              {"gather2d/overlapping",
               {picture("values", {1, 32, 5, 4}), picture("x", {1, 32, 5, 4}, Fill::distinct)},
               [](auto in) { return gather2d(in[0], max_pool2d(in[1], {.kernel = 3, .stride = 1}).indices); }}))};
}

std::vector<OpCase> avg_pool2d_cases() {
  std::vector<OpCase> cases;
  for (const auto& [name, x, options] : kPoolings)
    for (const bool with_padding : {true, false}) {
      Pool2dOptions o = options;
      o.count_include_pad = with_padding;
      cases.push_back(linear({std::string("avg_pool2d/") + name + (with_padding ? "" : "_without_padding"),
                              {picture("x", x)},
                              [o](auto in) { return avg_pool2d(in[0], o); }}));
    }
  return cases;
}

std::vector<OpCase> avg_pool2d_transpose_cases() {
  return {without_onnx(linear({"avg_pool2d_transpose/odd",
                               {picture("x", {1, 17, 2, 3}), picture("like", {1, 17, 5, 7})},
                               [](auto in) { return avg_pool2d_transpose(in[0], in[1]); }})),
          without_onnx(linear(
              {"avg_pool2d_transpose/overlapping",
               {picture("x", {2, 3, 3, 3}), picture("like", {2, 3, 5, 6})},
               [](auto in) { return avg_pool2d_transpose(in[0], in[1], {.kernel = 3, .stride = 2, .padding = 1}); }}))};
}

std::vector<OpCase> global_avg_pool_cases() {
  std::vector<OpCase> cases;
  for (const Shape& x : {Shape{2, 17, 5, 3}, Shape{1, 32, 4, 4}, Shape{1, 1, 1, 1}})
    cases.push_back(
        linear({"global_avg_pool/" + to_string(x), {picture("x", x)}, [](auto in) { return global_avg_pool(in[0]); }}));
  cases.push_back(no_differences(linear(
      {"global_avg_pool/in_parts", {picture("x", {1, 2, 90, 70})}, [](auto in) { return global_avg_pool(in[0]); }})));
  return cases;
}

}  // namespace inlay::testing
