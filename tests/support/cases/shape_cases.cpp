#include "support/op_cases.h"

namespace inlay::testing {

std::vector<OpCase> fill_cases() {
  return {
      {"fill/picture",
       {picture("x", {2, 17, 3, 4})},
       [](auto in) { return add(in[0], fill(in[0].graph(), in[0].shape(), 0.25)); }},
      {"fill/vector", {{"x", {DType::f32, {5}}}}, [](auto in) { return add(in[0], fill(in[0].graph(), {1}, -3)); }},
  };
}

std::vector<OpCase> reshape_cases() {
  const auto with = [](std::string name, Shape from, Shape to) {
    return OpCase{"reshape/" + name, {{"x", {DType::f32, from}}}, [to](auto in) { return reshape(in[0], to); }, true};
  };
  return {with("picture_to_matrix", {2, 17, 3, 4}, {34, 12}), with("vector_to_channels", {32}, {1, 32, 1, 1}),
          with("scalar", {1, 1, 1, 1}, {}), with("picture_to_picture", {1, 32, 2, 3}, {2, 16, 3, 2})};
}

std::vector<OpCase> reduce_sum_cases() {
  const auto with = [](std::string name, Shape shape, std::vector<std::int64_t> axes) {
    return OpCase{
        "reduce_sum/" + name, {{"x", {DType::f32, shape}}}, [axes](auto in) { return reduce_sum(in[0], axes); }, true};
  };
  OpCase in_parts = with("in_parts", {2, 3, 70, 61}, {0, 2, 3});
  in_parts.differentiable = false;  // too many numbers for finite differences, and linear anyway
  return {in_parts,
          with("per_channel", {2, 17, 5, 3}, {0, 2, 3}),
          with("per_plane", {2, 32, 4, 5}, {2, 3}),
          with("over_channels", {2, 17, 3, 4}, {1}),
          with("all", {3, 5, 4, 7}, {3, 1, 0, 2}),
          with("batch", {3, 17, 2, 5}, {0}),
          with("rows", {1, 2, 5, 3}, {2}),
          with("columns", {2, 3, 4, 9}, {3}),
          with("none", {1, 3, 2, 2}, {}),
          with("one_pixel", {1, 1, 1, 1}, {0, 1, 2, 3}),
          with("vector", {33}, {0}),
          with("matrix", {7, 9}, {0})};
}

std::vector<OpCase> broadcast_like_cases() {
  const auto with = [](std::string name, Shape x, Shape like) {
    return OpCase{"broadcast_like/" + name,
                  {{"x", {DType::f32, x}}, {"like", {DType::f32, like}}},
                  [](auto in) { return broadcast_like(in[0], in[1]); },
                  true};
  };
  return {with("per_channel", {1, 17, 1, 1}, {2, 17, 3, 4}),
          with("per_plane", {2, 32, 1, 1}, {2, 32, 4, 5}),
          with("over_channels", {2, 1, 3, 4}, {2, 17, 3, 4}),
          with("scalar", {1, 1, 1, 1}, {2, 5, 3, 3}),
          with("rows", {1, 3, 4, 1}, {1, 3, 4, 5}),
          with("columns", {1, 17, 1, 5}, {2, 17, 4, 5}),
          with("same", {1, 3, 2, 2}, {1, 3, 2, 2}),
          with("vector", {1}, {9}),
          with("matrix", {1, 4}, {3, 4})};
}

std::vector<OpCase> concat_cases() {
  const auto with = [](std::string name, std::int64_t axis, Shape a, Shape b, Shape c) {
    return OpCase{"concat/" + name,
                  {{"a", {DType::f32, a}}, {"b", {DType::f32, b}}, {"c", {DType::f32, c}}},
                  [axis](auto in) { return concat(in, {axis}); }};
  };
  return {with("blocks", 1, {2, 16, 3, 4}, {2, 32, 3, 4}, {2, 16, 3, 4}),
          with("ragged_channels", 1, {2, 17, 3, 2}, {2, 1, 3, 2}, {2, 8, 3, 2}),
          with("few_channels", 1, {1, 3, 1, 1}, {1, 2, 1, 1}, {1, 1, 1, 1}),
          with("batch", 0, {1, 17, 2, 3}, {2, 17, 2, 3}, {1, 17, 2, 3}),
          with("rows", 2, {2, 9, 1, 3}, {2, 9, 2, 3}, {2, 9, 4, 3}),
          with("columns", 3, {1, 17, 2, 1}, {1, 17, 2, 3}, {1, 17, 2, 2}),
          with("vector", 0, {2}, {1}, {5}),
          {"concat/one", {picture("x", {1, 3, 2, 2})}, [](auto in) { return concat(in); }, true},
          {"concat/twice_the_same",
           {picture("x", {1, 8, 2, 3})},
           [](auto in) {
             return concat(std::vector{in[0], in[0]});
           },
           true}};
}

std::vector<OpCase> slice_cases() {
  const auto with = [](std::string name, Shape x, SliceOptions options) {
    return OpCase{
        "slice/" + name, {{"x", {DType::f32, x}}}, [options](auto in) { return slice(in[0], options); }, true};
  };
  return {with("blocks", {2, 64, 3, 2}, {1, 16, 48}),
          with("ragged", {2, 37, 2, 3}, {1, 5, 24}),
          with("first_channel", {1, 17, 3, 3}, {1, 0, 1}),
          with("last_channel", {2, 17, 3, 3}, {1, 16, 17}),
          with("batch", {3, 9, 2, 2}, {0, 1, 2}),
          with("rows", {2, 17, 5, 3}, {2, 1, 4}),
          with("columns", {1, 3, 4, 6}, {3, 2, 6}),
          with("everything", {1, 3, 2, 2}, {1, 0, 3}),
          with("vector", {9}, {0, 3, 5})};
}

std::vector<OpCase> pad_channels_cases() {
  const auto with = [](std::string name, Shape x, PadChannelsOptions o) {
    return OpCase{"pad_channels/" + name, {picture("x", x)}, [o](auto in) { return pad_channels(in[0], o); }, true};
  };
  return {with("behind", {2, 16, 3, 5}, {.behind = 48}), with("front", {2, 16, 3, 5}, {.front = 16}),
          with("ragged", {2, 17, 3, 2}, {.front = 5, .behind = 30}),
          with("few_channels", {1, 3, 1, 1}, {.front = 1, .behind = 1}), with("nothing", {1, 17, 2, 3}, {})};
}

}  // namespace inlay::testing
