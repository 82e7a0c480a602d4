#include <gmock/gmock.h>

#include "support/picture_files.h"
#include "support/tiny_png.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::make_png;
using testing::message_of;

using Png = testing::PictureFiles;

TEST_F(Png, EveryColourType) {
  EXPECT_THAT(read(make_png(2, 8, 0, {"\x05\xff"s})).pixels.data<std::uint8_t>(), ElementsAre(5, 255));
  EXPECT_THAT(read(make_png(1, 8, 2, {"\x01\x02\x03"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
  const Image grey_alpha = read(make_png(2, 8, 4, {"\x07\x80\x09\x00"s}));
  EXPECT_EQ(grey_alpha.pixels.shape(), (Shape{1, 2, 1}));
  EXPECT_THAT(grey_alpha.pixels.data<std::uint8_t>(), ElementsAre(7, 9));
  EXPECT_THAT(read(make_png(1, 8, 6, {"\x01\x02\x03\x40"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
  EXPECT_THAT(read(make_png(2, 8, 3, {"\x01\x00"s}, "\x0a\x0b\x0c\x14\x15\x16"s)).pixels.data<std::uint8_t>(),
              ElementsAre(20, 21, 22, 10, 11, 12));
}

TEST_F(Png, FewBitsAreSpreadOverTheRange) {
  EXPECT_THAT(read(make_png(3, 1, 0, {"\xa0"s})).pixels.data<std::uint8_t>(), ElementsAre(255, 0, 255));
  EXPECT_THAT(read(make_png(4, 2, 0, {"\x1b"s})).pixels.data<std::uint8_t>(), ElementsAre(0, 85, 170, 255));
}

TEST_F(Png, SixteenBitsBecomeFloats) {
  const Image image = read(make_png(3, 16, 0, {"\xff\xff\x00\x00\x80\x00"s}));
  EXPECT_THAT(image.pixels.data<float>(), ElementsAre(1.0f, 0.0f, 32768.0f / 65535.0f));
}

TEST_F(Png, DamageNamesTheFile) {
  const std::string good = make_png(2, 8, 0, {"\x05\xff"s, "\x01\x02"s});
  for (std::size_t length = 1; length < good.size(); length += 3)
    EXPECT_THAT(message_of<InputError>([&] { read(good.substr(0, length)); }),
                HasSubstr("cannot read '" + path_.string()))
        << length;
  std::string flipped = good;
  flipped[50] = static_cast<char>(flipped[50] ^ 1);
  EXPECT_THAT(message_of<InputError>([&] { read(flipped); }), HasSubstr("damaged"));
  EXPECT_THAT(message_of<InputError>([&] { read(""); }), HasSubstr("the file is empty"));
  EXPECT_THAT(message_of<InputError>([&] { read("hello, I am no picture"); }),
              HasSubstr("no picture that can be decoded"));
  EXPECT_THAT(message_of<InputError>([&] { read_image(folder_ / "none.png"); }), HasSubstr("none.png"));
}

TEST_F(Png, WhatIsWrittenComesBack) {
  for (std::int64_t channels : {1, 3}) {
    const Image image = picture({5, 7, channels});
    expect_equal(read(encode_image(image, "")), image);
  }
  const Image floats{Tensor::of<float>({1, 4, 1}, {0.0f, 0.25f, 1.0f, 7.0f})};
  EXPECT_THAT(read(encode_image(floats, ".png")).pixels.data<float>(),
              ElementsAre(0.0f, 16384.0f / 65535.0f, 1.0f, 1.0f));
}

TEST_F(Png, AClaimThatTheFileCannotHoldIsRefused) {
  std::string png = make_png(1, 8, 0, {"\x05"s});
  png.replace(8, 25, testing::tiny_png::chunk("IHDR", "\0\0\x7f\xff\0\0\x7f\xff\x08\0\0\0\0"s));
  EXPECT_THAT(complaint(png), HasSubstr("its 70 bytes cannot hold the 32767x32767 pixels it claims"));
}

TEST_F(Png, DamageIsTold) { expect_damage_is_told(encode_image(picture({5, 7, 3}), ".png")); }

TEST_F(Png, ColoursOutsideOfThePaletteAreDamage) {
  EXPECT_THAT(complaint(make_png(2, 8, 3, {"\x01\x00"s}, "\x0a\x0b\x0c"s)),
              HasSubstr("it holds colour 1, its palette has 1"));
}

}  // namespace
}  // namespace inlay
