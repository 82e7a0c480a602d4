#include "workflow/inspect/saliency.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/rng.h"
#include "inlay/nn.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

const ProgramOptions kQuick{.threads = 1, .tune = false};

Image noise(std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::f32, {height, width, 3})};
  Rng rng(1);
  for (float& value : image.pixels.data<float>()) value = static_cast<float>(rng.uniform(0, 1));
  return image;
}

Saliency saliency_of(const Model& model, const NetInput& input) {
  return {instantiate(model.graph, {{"image", input.numbers.shape()}}), model.tensors, input, kQuick};
}

double logit_at(const Model& model, const Image& image, std::int64_t channel, std::int64_t y, std::int64_t x) {
  const NetInput input = net_input(model, image);
  Program program(instantiate(model.graph, {{"image", input.numbers.shape()}}), model.tensors, {}, kQuick);
  std::ranges::copy(input.numbers.data<float>(), program.input("image").data<float>().begin());
  program.run();
  const Tensor logits = program.output("logits");
  return static_cast<double>(
      logits.data<float>()[static_cast<std::size_t>((channel * logits.shape()[2] + y) * logits.shape()[3] + x)]);
}

TEST(Saliency, OfAConvolutionIsItsKernel) {
  Model model;
  const Scope net(model.graph);
  model.graph.set_output("logits",
                         conv2d(net / "a", model.graph.input("image", {DType::f32, {1, 3, 8, 8}}), 2, {.padding = 1}));
  model.tensors = initialise(model.graph, 1);
  const NetInput input = net_input(model, noise(7, 6));
  const Mask labels{Tensor(DType::u8, {7, 6})};
  const Tensor map = saliency_of(model, input).of(pixel_weights(labels, 1, 2, 3, 2));
  EXPECT_EQ(map.shape(), (Shape{7, 6}));
  const auto weight = model.tensors.at("a/weight").data<float>();  // (2, 3, 3, 3)
  for (std::int64_t y = 0; y < 7; ++y)
    for (std::int64_t x = 0; x < 6; ++x) {
      const std::int64_t i = y - 2, j = x - 1;
      float expected = 0;
      for (std::int64_t c = 0; c < 3 && i >= 0 && i < 3 && j >= 0 && j < 3; ++c)
        expected = std::max(expected, std::abs(weight[static_cast<std::size_t>(((3 + c) * 3 + i) * 3 + j)]));
      EXPECT_NEAR(map.data<float>()[static_cast<std::size_t>(y * 6 + x)], expected, 1e-5) << y << "," << x;
    }
}

// Of a whole net, on a picture that is padded: finite differences through all of it.
TEST(Saliency, IsTheDerivativeOfTheLogit) {
  const Model model =
      create_model("unet", {.out_channels = 3, .settings = {{"width", "4"}, {"depth", "1"}}, .seed = 4});
  const Image image = noise(5, 7);
  const NetInput input = net_input(model, image);
  const Tensor map = saliency_of(model, input).of(pixel_weights({Tensor(DType::u8, {5, 7})}, 2, 3, 4, 6));
  for (const auto& [y, x] : std::vector<std::pair<std::int64_t, std::int64_t>>{{4, 6}, {3, 5}, {4, 4}, {2, 6}}) {
    double largest = 0;
    for (std::int64_t c = 0; c < 3; ++c) {
      constexpr float kStep = 1e-3f;
      Image more = image, less = image;
      more.pixels = image.pixels.clone();
      less.pixels = image.pixels.clone();
      const auto at = static_cast<std::size_t>((y * 7 + x) * 3 + c);
      more.pixels.data<float>()[at] += kStep;
      less.pixels.data<float>()[at] -= kStep;
      const double slope =
          (logit_at(model, more, 2, 4, 6) - logit_at(model, less, 2, 4, 6)) / (2 * static_cast<double>(kStep));
      largest = std::max(largest, std::abs(slope));
    }
    EXPECT_NEAR(static_cast<double>(map.data<float>()[static_cast<std::size_t>(y * 7 + x)]), largest,
                0.02 * largest + 1e-3)
        << y << "," << x;
  }
}

TEST(ClassWeights, AreAMeanOverThePixelsOfTheClass) {
  const Mask labels{Tensor::of<std::uint8_t>({1, 4}, {0, 2, 2, 0})};
  const Tensor two = class_weights(labels, 2, 3);
  EXPECT_EQ(two.shape(), (Shape{3, 1, 4}));
  EXPECT_EQ(two.data<float>()[9], 0.5f);
  EXPECT_EQ(two.data<float>()[8], 0.0f);
  EXPECT_EQ(two.data<float>()[1], 0.0f);
  EXPECT_EQ(class_weights(labels, 1, 3).data<float>()[4], 0.25f) << "of all pixels when none is labelled so";
  EXPECT_EQ(class_weights(labels, 1, 1).shape(), (Shape{1, 1, 4}));
}

}  // namespace
}  // namespace inlay
