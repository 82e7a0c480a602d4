#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "inlay/image.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

TEST(VocColor, IsThePaletteOfTheDevkit) {
  EXPECT_EQ(voc_color(0), (Color{0, 0, 0}));
  EXPECT_EQ(voc_color(1), (Color{128, 0, 0}));
  EXPECT_EQ(voc_color(3), (Color{128, 128, 0}));
  EXPECT_EQ(voc_color(15), (Color{192, 128, 128}));
  EXPECT_EQ(voc_color(20), (Color{0, 64, 128}));
  EXPECT_EQ(voc_color(255), (Color{224, 224, 192}));
}

TEST(WithChannels, GreyAndColour) {
  const Image grey{Tensor::of<std::uint8_t>({1, 2, 1}, {7, 9})};
  EXPECT_THAT(with_channels(grey, 3).pixels.data<std::uint8_t>(), ElementsAre(7, 7, 7, 9, 9, 9));
  const Image color{Tensor::of<std::uint8_t>({1, 2, 3}, {255, 0, 0, 200, 200, 200})};
  EXPECT_THAT(with_channels(color, 1).pixels.data<std::uint8_t>(), ElementsAre(76, 200));
  const Image light{Tensor::of<float>({1, 1, 3}, {0.0f, 1.0f, 0.0f})};
  EXPECT_THAT(with_channels(light, 1).pixels.data<float>(), ElementsAre(0.587f));
  EXPECT_EQ(with_channels(color, 3).pixels.raw(), color.pixels.raw());
  EXPECT_THAT(message_of<InputError>([&] { with_channels(color, 4); }),
              HasSubstr("3 channels cannot become one with 4"));
}

TEST(AsU8, RoundsAndClamps) {
  const Image image{Tensor::of<float>({1, 4, 1}, {-1.0f, 0.5f, 1.0f, 3.0f})};
  EXPECT_THAT(as_u8(image).pixels.data<std::uint8_t>(), ElementsAre(0, 128, 255, 255));
}

constexpr std::uint8_t I = kIgnore;

TEST(Overlay, BlendsInsideAndDrawsBorders) {
  const Image image{Tensor(DType::u8, {1, 6, 1})};
  const Mask mask{Tensor::of<std::uint8_t>({1, 6}, {1, 1, 1, 0, 0, I})};
  const Image out = overlay(image, mask, {{0, 0, 0}, {200, 100, 0}}, 0.5f);
  EXPECT_THAT(out.pixels.data<std::uint8_t>(),
              ElementsAre(100, 50, 0, 100, 50, 0, 200, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
}

TEST(Overlay, LeavesItsInputAloneAndChecksSizes) {
  const Image image{Tensor(DType::u8, {2, 2, 3})};
  overlay(image, Mask{Tensor::of<std::uint8_t>({2, 2}, {1, 1, 1, 1})});
  EXPECT_THAT(image.pixels.data<std::uint8_t>(), ::testing::Each(0));
  EXPECT_THAT(message_of<InputError>([&] {
                overlay(image, Mask{Tensor(DType::u8, {2, 3})});
              }),
              HasSubstr("has 2x2 pixels and the mask 2x3"));
}

}  // namespace
}  // namespace inlay
