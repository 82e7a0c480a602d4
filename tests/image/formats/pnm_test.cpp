#include <gmock/gmock.h>

#include "support/picture_files.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Pnm : public testing::PictureFiles {
 protected:
  auto bytes_of(const std::string& file) {
    image_ = read(file);
    return image_.pixels.data<std::uint8_t>();
  }
  auto values_of(const std::string& file) {
    mask_ = read_as_mask(file);
    return mask_.values.data<std::int32_t>();
  }
  Image image_;
  RawMask mask_;
};

TEST_F(Pnm, WhatIsWrittenComesBack) {
  for (const char* extension : {".pnm", ".pgm", ".ppm"})
    for (std::int64_t channels : {1, 3}) {
      const Image image = picture({5, 7, channels});
      expect_equal(read(encode_image(image, extension)), image);
    }
}

TEST_F(Pnm, TextAndBinaryAreTheSame) {
  EXPECT_THAT(bytes_of("P2 2 1 255 5 200 "), ElementsAre(5, 200));
  EXPECT_THAT(bytes_of("P5 2 1 255\n\x05\xc8"), ElementsAre(5, 200));
  EXPECT_THAT(bytes_of("P3\n1 1\n255\n1 2 3"), ElementsAre(1, 2, 3));
  EXPECT_THAT(bytes_of("P6\n1 1\n255\n\1\2\3"), ElementsAre(1, 2, 3));
}

TEST_F(Pnm, CommentsAreSkipped) {
  EXPECT_THAT(bytes_of("P2# of width 9\n2 #and height\n1\n#\n255 5 #x\n6"), ElementsAre(5, 6));
}

TEST_F(Pnm, ABitmapHasBlackOnes) {
  EXPECT_THAT(bytes_of("P1\n3 2\n101\n0 1 0"), ElementsAre(0, 255, 0, 255, 0, 255));
  EXPECT_THAT(bytes_of("P4\n9 1\n\xff\0"s), ElementsAre(0, 0, 0, 0, 0, 0, 0, 0, 255));
  EXPECT_THAT(values_of("P4\n3 2\n\xa0\x40"s), ElementsAre(0, 1, 0, 1, 0, 1));
}

TEST_F(Pnm, TheLargestValueIsWhiteAndMasksKeepValues) {
  const std::string grey = "P5 3 1 15 \0\x03\x0f"s;
  EXPECT_THAT(bytes_of(grey), ElementsAre(0, 51, 255));
  EXPECT_THAT(values_of(grey), ElementsAre(0, 3, 15));
  const std::string twelve_bits = "P5 2 1 4095 \x0f\xff\0\x10"s;
  EXPECT_THAT(read(twelve_bits).pixels.data<float>(), ElementsAre(1.0f, 16.0f / 4095.0f));
  EXPECT_THAT(values_of(twelve_bits), ElementsAre(4095, 16));
  EXPECT_EQ(mask_.bits, 16);
}

TEST_F(Pnm, ColoursOfMasksHaveEightBits) {
  EXPECT_THAT(values_of("P3 1 1 255 1 2 3"), ElementsAre(0x010203));
  EXPECT_THAT(values_of("P3 1 1 15 0 1 15"), ElementsAre(0x0011ff));
  EXPECT_THAT(values_of("P3 1 1 4095 0 16 4095"), ElementsAre(0x0001ff));
}

TEST_F(Pnm, DamageIsTold) {
  expect_damage_is_told(encode_image(picture({5, 7, 3}), ".ppm"));
  expect_damage_is_told("P1\n3 2\n101\n010");
}

TEST_F(Pnm, SaysWhatIsWrong) {
  EXPECT_THAT(complaint("P5 3 2 255\n12345"), HasSubstr("2x3 pixels need 7 bytes or more, 6 are left"));
  EXPECT_THAT(complaint("P2 1 1 255 x"), HasSubstr("a number was expected, not byte 0x78"));
  EXPECT_THAT(complaint("P2 1 2 255 1  "), HasSubstr("the file ends too early"));
  EXPECT_THAT(complaint("P1 2 1 12"), HasSubstr("0 or 1 was expected, not byte 0x32"));
  EXPECT_THAT(complaint("P1 2 1 1 "), HasSubstr("the file ends too early"));
  EXPECT_THAT(complaint("P2 1 1 15 16"), HasSubstr("it holds 16, and its largest value is said to be 15"));
  EXPECT_THAT(complaint("P5 1 1 65536 xx"), HasSubstr("its largest value is 65536, expected 1 to 65535"));
  EXPECT_THAT(complaint("P5 1 1 0 x"), HasSubstr("its largest value is 0"));
  EXPECT_THAT(complaint("P5 99999999999 1 255 x"), HasSubstr("a number is too large"));
  EXPECT_THAT(complaint("P5 0 1 255 x"), HasSubstr("it claims a size of 1x0 pixels"));
}

}  // namespace
}  // namespace inlay
