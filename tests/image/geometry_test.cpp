#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "inlay/image.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

TEST(ReflectIndex, WalksToAndFro) {
  std::vector<std::int64_t> walk;
  for (std::int64_t i = -4; i < 8; ++i) walk.push_back(reflect_index(i, 3));
  EXPECT_THAT(walk, ElementsAre(0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2, 1));
  for (std::int64_t i : {-100, -1, 0, 1, 99}) EXPECT_EQ(reflect_index(i, 1), 0);
  for (std::int64_t i = -9; i < 9; ++i) EXPECT_EQ(reflect_index(i, 2), (i % 2 + 2) % 2);
}

TEST(PadReflect, LeavesTheEdgeSingle) {
  const Mask mask{Tensor::of<std::uint8_t>({2, 3}, {1, 2, 3, 4, 5, 6})};
  const Mask padded = pad_reflect(mask, 3, 6);
  EXPECT_THAT(padded.labels.data<std::uint8_t>(), ElementsAre(1, 2, 3, 2, 1, 2, 4, 5, 6, 5, 4, 5, 1, 2, 3, 2, 1, 2));
}

TEST(PadReflect, OnePixelFillsAnySize) {
  const Mask padded = pad_reflect(Mask{Tensor::of<std::uint8_t>({1, 1}, {9})}, 4, 5);
  EXPECT_EQ(padded.labels.shape(), (Shape{4, 5}));
  EXPECT_THAT(padded.labels.data<std::uint8_t>(), Each(9));
}

TEST(PadReflect, ManyTimesThePicture) {
  const Image image{Tensor::of<float>({1, 2, 2}, {1, 2, 3, 4})};
  const Image padded = pad_reflect(image, 1, 5);
  EXPECT_THAT(padded.pixels.data<float>(), ElementsAre(1, 2, 3, 4, 1, 2, 3, 4, 1, 2));
}

TEST(PadReflect, KeepsSidesThatAreLongEnough) {
  const Image image{Tensor(DType::u8, {4, 5, 3})};
  EXPECT_EQ(pad_reflect(image, 2, 7).pixels.shape(), (Shape{4, 7, 3}));
  EXPECT_EQ(pad_reflect(image, 4, 5).pixels.raw(), image.pixels.raw());
}

TEST(Crop, UndoesPadding) {
  const Image image{Tensor::of<std::uint8_t>({2, 2, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})};
  const Image back = crop(pad_reflect(image, 7, 9), 0, 0, 2, 2);
  EXPECT_THAT(back.pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  const Mask mask{Tensor::of<std::uint8_t>({2, 3}, {1, 2, 3, 4, 5, 6})};
  EXPECT_THAT(crop(mask, 1, 1, 1, 2).labels.data<std::uint8_t>(), ElementsAre(5, 6));
}

TEST(Crop, RefusesWindowsOutside) {
  const Mask mask{Tensor(DType::u8, {2, 3})};
  const std::int64_t windows[][4] = {{-1, 0, 1, 1}, {0, -1, 1, 1}, {0, 0, 3, 1}, {0, 2, 1, 2}, {0, 0, 0, 1}};
  for (const auto& w : windows)
    EXPECT_THAT(message_of<InputError>([&] { crop(mask, w[0], w[1], w[2], w[3]); }), HasSubstr("is not inside 2x3"));
}

TEST(Resize, MasksTakeTheNearestLabel) {
  const Mask mask{Tensor::of<std::uint8_t>({1, 3}, {1, 2, 3})};
  EXPECT_THAT(resize(mask, 1, 6).labels.data<std::uint8_t>(), ElementsAre(1, 1, 2, 2, 3, 3));
  EXPECT_THAT(resize(mask, 2, 1).labels.data<std::uint8_t>(), ElementsAre(2, 2));
}

TEST(Resize, PicturesAverageWhenTheyShrink) {
  const Image image{Tensor::of<float>({2, 2, 1}, {0.0f, 1.0f, 0.5f, 0.5f})};
  EXPECT_THAT(resize(image, 1, 1).pixels.data<float>(), ElementsAre(0.5f));
  const Image grown = resize(image, 2, 4);
  EXPECT_THAT(grown.pixels.data<float>(), ElementsAre(0.0f, 0.25f, 0.75f, 1.0f, 0.5f, 0.5f, 0.5f, 0.5f));
  EXPECT_THAT(message_of<InputError>([&] { resize(image, 0, 4); }), HasSubstr("0x4 pixels is impossible"));
}

}  // namespace
}  // namespace inlay
