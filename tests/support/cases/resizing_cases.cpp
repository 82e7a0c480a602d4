#include "support/op_cases.h"

namespace inlay::testing {
namespace {

OpCase linear(OpCase op_case, bool onnx = true) {
  op_case.linear = true;
  op_case.onnx = onnx;
  return op_case;
}

constexpr Interpolation kModes[] = {Interpolation::nearest, Interpolation::bilinear, Interpolation::bicubic};
constexpr Coordinates kCoordinates[] = {Coordinates::half_pixel, Coordinates::align_corners, Coordinates::asymmetric};

std::string text(Interpolation mode, Coordinates coordinates) {
  return std::string(enum_names(mode)[static_cast<std::size_t>(mode)]) + "_" +
         std::string(enum_names(coordinates)[static_cast<std::size_t>(coordinates)]);
}

}  // namespace

std::vector<OpCase> resize2d_cases() {
  struct Size {
    const char* name;
    Shape x;
    Scale2 scale;
    Size2 size;
  };
  const Size sizes[] = {
      {"twice", {1, 17, 3, 4}, 2, 0},
      {"half", {1, 2, 6, 7}, 0.5, 0},
      {"uneven_scale", {1, 3, 4, 5}, {1.5, 0.7}, 0},
      {"to_size", {2, 2, 5, 4}, 0, {7, 3}},
      {"to_one_pixel", {1, 2, 4, 3}, 0, 1},
      {"from_one_pixel", {1, 1, 1, 1}, 0, {3, 2}},
      {"unchanged", {1, 32, 3, 2}, 0, {3, 2}},
  };
  std::vector<OpCase> cases;
  for (const auto& [name, x, scale, size] : sizes)
    for (const Interpolation mode : kModes)
      for (const Coordinates coordinates : kCoordinates) {
        const Resize2dOptions o{scale, size, mode, coordinates};
        cases.push_back(linear({"resize2d/" + text(mode, coordinates) + "_" + name, {picture("x", x)}, [o](auto in) {
                                  return resize2d(in[0], o);
                                }}));
      }
  cases.push_back(linear({"resize2d/catmull_rom", {picture("x", {1, 2, 3, 4})}, [](auto in) {
                            return resize2d(in[0],
                                            {.scale = 2, .mode = Interpolation::bicubic, .cubic_coefficient = -0.5});
                          }}));
  return cases;
}

std::vector<OpCase> resize2d_like_cases() {
  std::vector<OpCase> cases;
  for (const Interpolation mode : kModes)
    for (const Coordinates coordinates : kCoordinates)
      cases.push_back(
          linear({"resize2d_like/" + text(mode, coordinates),
                  {picture("x", {2, 17, 3, 4}), picture("like", {1, 2, 7, 5})},
                  [=](auto in) { return resize2d_like(in[0], in[1], {.mode = mode, .coordinates = coordinates}); }}));
  return cases;
}

std::vector<OpCase> resize2d_transpose_cases() {
  std::vector<OpCase> cases;
  for (const Interpolation mode : kModes) {
    cases.push_back(linear({"resize2d_transpose/scale_" + text(mode, Coordinates::half_pixel),
                            {picture("x", {1, 17, 6, 8}), picture("like", {1, 17, 3, 4})},
                            [=](auto in) { return resize2d_transpose(in[0], in[1], {.scale = 2, .mode = mode}); }},
                           false));
    cases.push_back(linear({"resize2d_transpose/size_" + text(mode, Coordinates::align_corners),
                            {picture("x", {1, 2, 4, 7}), picture("like", {1, 2, 5, 3})},
                            [=](auto in) {
                              return resize2d_transpose(in[0], in[1],
                                                        {.mode = mode, .coordinates = Coordinates::align_corners});
                            }},
                           false));
  }
  return cases;
}

std::vector<OpCase> bed_of_nails2d_cases() {
  return {
      linear({"bed_of_nails2d/twice", {picture("x", {2, 17, 3, 4})}, [](auto in) { return bed_of_nails2d(in[0]); }}),
      linear({"bed_of_nails2d/uneven",
              {picture("x", {1, 32, 2, 3})},
              [](auto in) {
                return bed_of_nails2d(in[0], {{3, 1}});
              }}),
      linear({"bed_of_nails2d/like_odd",
              {picture("x", {1, 3, 3, 4}), picture("like", {1, 3, 5, 7})},
              [](auto in) { return bed_of_nails2d(in[0], {}, in[1]); }}),
      linear({"bed_of_nails2d/one_pixel", {picture("x", {1, 1, 1, 1})}, [](auto in) {
                return bed_of_nails2d(in[0], {1});
              }})};
}

std::vector<OpCase> subsample2d_cases() {
  return {
      linear({"subsample2d/half", {picture("x", {2, 17, 4, 6})}, [](auto in) { return subsample2d(in[0]); }}),
      linear({"subsample2d/odd", {picture("x", {1, 32, 5, 7})}, [](auto in) { return subsample2d(in[0]); }}),
      linear({"subsample2d/uneven",
              {picture("x", {1, 3, 7, 4})},
              [](auto in) {
                return subsample2d(in[0], {{3, 1}});
              }}),
      linear({"subsample2d/one_pixel", {picture("x", {1, 1, 1, 1})}, [](auto in) { return subsample2d(in[0], {4}); }})};
}

std::vector<OpCase> pad_cases() {
  const auto with = [](std::string name, Shape x, PadOptions o) {
    return linear({"pad/" + name, {picture("x", x)}, [o](auto in) { return pad(in[0], o); }});
  };
  return {with("zero", {2, 17, 3, 4}, {{1, 2, 3, 0}}),
          with("zero_wide_channels", {1, 32, 2, 2}, {2}),
          with("zero_nothing", {1, 3, 2, 2}, {0}),
          with("zero_one_pixel", {1, 1, 1, 1}, {{0, 1, 2, 3}}),
          with("reflect", {2, 17, 4, 5}, {{3, 1, 2, 4}, PadMode::reflect}),
          with("reflect_most", {1, 3, 2, 3}, {{1, 2}, PadMode::reflect}),
          with("reflect_nothing_of_one_pixel", {1, 1, 1, 1}, {0, PadMode::reflect})};
}

std::vector<OpCase> pad_transpose_cases() {
  return {linear({"pad_transpose/reflect",
                  {picture("x", {1, 17, 9, 10})},
                  [](auto in) {
                    return pad_transpose(in[0], {{3, 1, 2, 4}, PadMode::reflect});
                  }},
                 false),
          linear({"pad_transpose/zero", {picture("x", {1, 3, 5, 6})}, [](auto in) {
                    return pad_transpose(in[0], {{1, 2, 0, 1}});
                  }})};
}

std::vector<OpCase> crop_cases() {
  return {linear({"crop/four_sides",
                  {picture("x", {2, 17, 6, 7})},
                  [](auto in) {
                    return crop(in[0], {1, 2, 3, 0});
                  }}),
          linear({"crop/to_one_pixel", {picture("x", {1, 32, 3, 3})}, [](auto in) { return crop(in[0], 1); }}),
          linear({"crop/nothing", {picture("x", {1, 1, 2, 2})}, [](auto in) { return crop(in[0], 0); }})};
}

}  // namespace inlay::testing
