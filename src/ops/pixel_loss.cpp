#include "ops/pixel_loss.h"

#include "ops/checks.h"

namespace inlay {

void check_pixel_loss(TypeList in, std::int64_t logit_channels, std::int64_t classes) {
  const Shape& s = in[0].shape;
  if (s[1] != logit_channels) fail_input("logits is {}, expected {} channel(s)", to_string(in[0]), logit_channels);
  const Shape pixels{s[0], s[2], s[3]};
  expect_type("labels", in[1], DType::u8, pixels);
  if (!is_absent(in[2])) expect_type("class weights", in[2], DType::f32, {classes});
  if (!is_absent(in[3])) expect_type("pixel weights", in[3], DType::f32, pixels);
}

std::vector<WeightedPixel> counted_pixels(std::span<const ReferenceTensor* const> in, std::int64_t classes,
                                          std::int64_t ignore) {
  std::vector<WeightedPixel> pixels;
  for (std::size_t i = 0; i < in[1]->data.size(); ++i) {
    const auto label = static_cast<std::int64_t>(in[1]->data[i]);
    if (label == ignore || label < 0 || label >= classes) continue;
    const double of_class = in[2] ? in[2]->data[static_cast<std::size_t>(label)] : 1;
    pixels.push_back({static_cast<std::int64_t>(i), label, of_class * (in[3] ? in[3]->data[i] : 1)});
  }
  return pixels;
}

std::vector<Value> pixel_loss_gradient(const GradientCall& call, const Operator& op) {
  const Node& node = call.node;
  if (call.output_gradients[1]) fail_input("'{}': the sum of the weights has no gradient", node.name);
  std::vector<Value> inputs{call.output_gradients[0]};
  inputs.insert(inputs.end(), node.inputs.begin(), node.inputs.end());
  inputs.push_back(node.outputs[1]);
  return node.outputs[0].graph().add_node(op, node.attributes, inputs);
}

}  // namespace inlay
