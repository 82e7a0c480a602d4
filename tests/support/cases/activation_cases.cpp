#include "support/op_cases.h"

namespace inlay::testing {

std::vector<OpCase> leaky_relu_cases() {
  return {
      {"leaky_relu/default", {picture("x", {2, 17, 3, 5}, Fill::distinct)}, [](auto in) { return leaky_relu(in[0]); }},
      {"leaky_relu/steep",
       {picture("x", {1, 1, 1, 1}, Fill::distinct)},
       [](auto in) { return leaky_relu(in[0], {.slope = 0.3}); }},
      {"leaky_relu/negative",
       {picture("x", {1, 32, 2, 3}, Fill::distinct)},
       [](auto in) { return leaky_relu(in[0], {.slope = -0.5}); }},
      {"leaky_relu/vector", {{"x", {DType::f32, {7}}, Fill::distinct}}, [](auto in) { return leaky_relu(in[0]); }},
  };
}

std::vector<OpCase> clip_cases() {
  const auto one = [](const std::string& name, Shape x, ClipOptions o) {
    return OpCase{"clip/" + name, {{"x", {DType::f32, x}, Fill::distinct}}, [o](auto in) { return clip(in[0], o); }};
  };
  return {one("relu6", {2, 17, 7, 5}, {}),
          one("both_signs", {1, 32, 3, 5}, {-0.5, 1.25}),
          one("above_zero", {2, 17, 3, 2}, {0.25, 1.5}),
          one("below_zero", {1, 3, 5, 4}, {-1.5, -0.25}),
          one("one_value", {1, 9, 2, 2}, {0.125, 0.125}),
          one("vector", {33}, {-0.1, 0.1})};
}

std::vector<OpCase> prelu_cases() {
  const auto one = [](const std::string& name, Shape x) {
    return OpCase{"prelu/" + name, {picture("x", x, Fill::distinct), {"slope", {DType::f32, {x[1]}}}}, [](auto in) {
                    return prelu(in[0], in[1]);
                  }};
  };
  return {one("channels17", {2, 17, 3, 5}), one("one_pixel", {1, 1, 1, 1}), one("channels32", {1, 32, 5, 3}),
          one("channels3", {3, 3, 2, 7})};
}

std::vector<OpCase> sigmoid_cases() {
  return {
      {"sigmoid/picture", {picture("x", {2, 17, 3, 5})}, [](auto in) { return sigmoid(in[0]); }},
      {"sigmoid/one_pixel", {picture("x", {1, 1, 1, 1})}, [](auto in) { return sigmoid(in[0]); }},
      {"sigmoid/channels32", {picture("x", {1, 32, 2, 3})}, [](auto in) { return sigmoid(in[0]); }},
      {"sigmoid/large", {picture("x", {1, 3, 2, 3})}, [](auto in) { return sigmoid(affine(in[0], 4)); }},
      {"sigmoid/vector", {{"x", {DType::f32, {7}}}}, [](auto in) { return sigmoid(in[0]); }},
  };
}

std::vector<OpCase> softmax_cases() {
  const auto one = [](const std::string& name, Shape x) {
    return OpCase{"softmax/" + name, {picture("x", x)}, [](auto in) { return softmax(in[0]); }};
  };
  return {one("channels17", {2, 17, 3, 5}), one("one_pixel", {1, 2, 1, 1}), one("one_channel", {1, 1, 2, 3}),
          one("channels32", {1, 32, 2, 3}), one("channels3", {2, 3, 7, 9})};
}

}  // namespace inlay::testing
