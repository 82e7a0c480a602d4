#include "support/op_cases.h"

namespace inlay::testing {

std::vector<OpCase> batch_norm_cases() {
  const auto one = [](const std::string& name, Shape x, BatchNormOptions o) {
    const TensorType channel{DType::f32, {x[1]}};
    return OpCase{"batch_norm/" + name,
                  {picture("x", x),
                   {"scale", channel, Fill::normal, 2, LeafKind::parameter},
                   {"shift", channel, Fill::normal, 2, LeafKind::parameter},
                   {"mean", channel, Fill::normal, 2, LeafKind::state},
                   {"variance", channel, Fill::positive, 2, LeafKind::state}},
                  [o](auto in) { return batch_norm(in[0], in[1], in[2], in[3], in[4], o); },
                  false,
                  true,
                  !o.training};
  };
  return {
      one("training", {2, 3, 4, 5}, {.training = true}),
      one("training_channels17", {2, 17, 3, 5}, {.training = true}),
      one("training_channels32", {3, 32, 2, 3}, {.epsilon = 1e-2, .momentum = 0.5, .training = true}),
      one("training_one_channel", {2, 1, 5, 7}, {.epsilon = 1e-3, .training = true}),
      one("training_one_value", {1, 5, 1, 1}, {.training = true}),
      one("inference", {2, 3, 4, 5}, {}),
      one("inference_channels17", {1, 17, 3, 5}, {.epsilon = 1e-2, .momentum = 0.25}),
      one("inference_channels32", {2, 32, 1, 3}, {}),
      one("inference_one_pixel", {1, 1, 1, 1}, {}),
      one("training_relu", {2, 17, 3, 5}, {.training = true, .activation = Activation::relu}),
      one("training_relu_channels64", {1, 64, 4, 3}, {.training = true, .activation = Activation::relu}),
      one("inference_relu", {2, 17, 3, 5}, {.activation = Activation::relu}),
  };
}

std::vector<OpCase> dropout_cases() {
  const auto one = [](const std::string& name, Shape x, DropoutOptions o) {
    return OpCase{"dropout/" + name, {picture("x", x)}, [o](auto in) { return dropout(in[0], o); }, true, true,
                  !o.training};
  };
  return {
      one("inference", {2, 17, 3, 5}, {}),
      one("training", {2, 17, 3, 5}, {.training = true}),
      one("training_channels32", {2, 32, 3, 5}, {.probability = 0.3, .stream = 2, .training = true}),
      one("training_one_pixel", {1, 1, 1, 1}, {.probability = 0.1, .training = true}),
      one("channels", {2, 17, 3, 5}, {.probability = 0.4, .channels = true, .stream = 1, .training = true}),
      one("channels_inference", {1, 3, 2, 2}, {.channels = true}),
      one("channels32", {2, 32, 2, 3}, {.channels = true, .training = true}),
      one("nothing_dropped", {1, 3, 4, 4}, {.probability = 0, .training = true}),
      one("vector", {9}, {.training = true}),
  };
}

}  // namespace inlay::testing
