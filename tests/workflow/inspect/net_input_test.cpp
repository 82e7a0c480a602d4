#include "workflow/inspect/net_input.h"

#include <gmock/gmock.h>

#include "base/rng.h"
#include "support/input_error.h"

namespace inlay {
namespace {

Model model_with(const SizeRule& size) {
  Model model = create_model("unet", {.settings = {{"width", "2"}, {"depth", "1"}}});
  model.info.size = size;
  return model;
}

Image noise(std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  Rng rng(1);
  for (auto& value : image.pixels.data<std::uint8_t>()) value = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

float at(const Tensor& planes, std::int64_t c, std::int64_t y, std::int64_t x) {
  const Shape& s = planes.shape();
  return planes.data<float>()[static_cast<std::size_t>((c * s[2] + y) * s[3] + x)];
}

TEST(NetInput, IsMirroredAroundThePicture) {
  const Model model = model_with({.multiple = 8, .margin = 3});
  const Image image = noise(5, 11);
  const NetInput input = net_input(model, image);
  EXPECT_EQ(input.numbers.shape(), (Shape{1, 3, 16, 24}));
  for (std::int64_t c = 0; c < 3; ++c)
    for (std::int64_t y = 0; y < 16; ++y)
      for (std::int64_t x = 0; x < 24; ++x) {
        const std::int64_t from = reflect_index(y - 3, 5) * 11 + reflect_index(x - 3, 11);
        EXPECT_FLOAT_EQ(
            at(input.numbers, c, y, x),
            static_cast<float>(image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(from * 3 + c)]) / 255);
      }
}

TEST(NetInput, IsNormalisedInTheNetsOrderOfChannels) {
  Model model = model_with({.multiple = 2});
  model.info.mean = {0.5, 0.25, 0};
  model.info.stddev = {0.5, 1, 2};
  model.info.channel_order = ChannelOrder::bgr;
  const NetInput input = net_input(model, {Tensor::of<std::uint8_t>({1, 1, 3}, {255, 51, 0})});
  EXPECT_FLOAT_EQ(at(input.numbers, 0, 0, 0), (0 - 0.5f) / 0.5f);
  EXPECT_FLOAT_EQ(at(input.numbers, 1, 1, 1), 0.2f - 0.25f);
  EXPECT_FLOAT_EQ(at(input.numbers, 2, 0, 1), 0.5f);
}

TEST(NetInput, RefusesAPictureThatIsTooLarge) {
  const Model model = model_with({.least = 6, .most = 6});
  EXPECT_EQ(net_input(model, noise(3, 6)).numbers.shape(), (Shape{1, 3, 6, 6}));
  EXPECT_THAT(testing::input_error([&] { net_input(model, noise(7, 6)); }),
              ::testing::HasSubstr("the net takes sides of 6, and a picture of 7x6 needs more"));
}

// <numbers, g> = <picture, gradient_of_picture(g)> for any g: the transpose of the mirroring.
TEST(GradientOfPicture, IsTheTransposeOfTheMirroring) {
  const Model model = model_with({.multiple = 8, .margin = 3});
  const Image image = noise(5, 11);
  const NetInput input = net_input(model, image);
  Tensor gradient(DType::f32, input.numbers.shape());
  Rng rng(2);
  double there = 0, back = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(gradient.elements()); ++i) {
    gradient.data<float>()[i] = static_cast<float>(rng.normal());
    there += static_cast<double>(gradient.data<float>()[i]) * static_cast<double>(input.numbers.data<float>()[i]);
  }
  const Tensor folded = gradient_of_picture(gradient, input);
  EXPECT_EQ(folded.shape(), (Shape{3, 5, 11}));
  for (std::size_t pixel = 0; pixel < 55; ++pixel)
    for (std::size_t c = 0; c < 3; ++c)
      back += static_cast<double>(folded.data<float>()[c * 55 + pixel]) *
              image.pixels.data<std::uint8_t>()[pixel * 3 + c] / 255;
  EXPECT_NEAR(there, back, 1e-4);
}

}  // namespace
}  // namespace inlay
