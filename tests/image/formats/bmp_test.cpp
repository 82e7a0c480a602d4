#include <gmock/gmock.h>

#include "support/picture_files.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string little_endian(std::uint32_t value, int count) {
  std::string bytes;
  for (; count > 0; --count, value >>= 8) bytes += static_cast<char>(value & 255);
  return bytes;
}

struct Header {
  std::int32_t width = 1, height = 1;
  std::uint32_t bits = 24, compression = 0, colors = 0;
  std::string after;  // masks or palette
};

std::string make_bmp(const Header& header, const std::string& pixels) {
  const std::string info = little_endian(40, 4) + little_endian(static_cast<std::uint32_t>(header.width), 4) +
                           little_endian(static_cast<std::uint32_t>(header.height), 4) + "\1\0"s +
                           little_endian(header.bits, 2) + little_endian(header.compression, 4) +
                           std::string(12, '\0') + little_endian(header.colors, 4) + std::string(4, '\0') +
                           header.after;
  return "BM" + std::string(8, '\0') + little_endian(static_cast<std::uint32_t>(14 + info.size()), 4) + info + pixels;
}

class Bmp : public testing::PictureFiles {
 protected:
  auto bytes_of(const std::string& file) {
    image_ = read(file);
    return image_.pixels.data<std::uint8_t>();
  }
  Image image_;
};

TEST_F(Bmp, WhatIsWrittenComesBack) {
  for (std::int64_t channels : {1, 3})
    for (std::int64_t width : {4, 5, 6, 7}) {
      const Image image = picture({3, width, channels});
      expect_equal(read(encode_image(image, ".bmp")), image);
    }
  EXPECT_THAT(bytes_of(encode_image({Tensor::of<float>({1, 2, 1}, {0.5f, 9.0f})}, ".bmp")), ElementsAre(128, 255));
}

TEST_F(Bmp, RowsGoUpOrDown) {
  EXPECT_THAT(bytes_of(make_bmp({.height = 2}, "\3\2\1\0\6\5\4\0"s)), ElementsAre(4, 5, 6, 1, 2, 3));
  EXPECT_THAT(bytes_of(make_bmp({.height = -2}, "\3\2\1\0\6\5\4\0"s)), ElementsAre(1, 2, 3, 4, 5, 6));
}

TEST_F(Bmp, SixteenAndThirtyTwoBits) {
  EXPECT_THAT(bytes_of(make_bmp({.bits = 16}, "\x1f\x04\0\0"s)), ElementsAre(8, 0, 255));
  EXPECT_THAT(bytes_of(make_bmp({.bits = 32}, "\3\2\1\x80"s)), ElementsAre(1, 2, 3));
  const std::string masks = little_endian(0xf800, 4) + little_endian(0x7e0, 4) + little_endian(0x1f, 4);
  EXPECT_THAT(bytes_of(make_bmp({.bits = 16, .compression = 3, .after = masks}, "\x1f\xf8\0\0"s)),
              ElementsAre(255, 0, 255));
}

TEST_F(Bmp, PalettesOfOneToEightBits) {
  const std::string colors = "\3\2\1\0\6\5\4\0"s;  // RGB 1 2 3 and 4 5 6
  for (const auto& [bits, pixels] :
       {std::pair{1u, "\x40\0\0\0"s}, {2u, "\x10\0\0\0"s}, {4u, "\x01\0\0\0"s}, {8u, "\0\1\0\0"s}}) {
    const std::string file = make_bmp({.width = 2, .bits = bits, .colors = 2, .after = colors}, pixels);
    EXPECT_THAT(bytes_of(file), ElementsAre(1, 2, 3, 4, 5, 6)) << bits;
    const RawMask mask = read_as_mask(file);
    EXPECT_EQ(mask.kind, RawMask::Kind::indexed);
    EXPECT_THAT(mask.values.data<std::int32_t>(), ElementsAre(0, 1));
    EXPECT_THAT(mask.palette, ElementsAre(Color{1, 2, 3}, Color{4, 5, 6}));
  }
}

TEST_F(Bmp, BlackAndWhiteIsGrey) {
  const std::string file = make_bmp({.width = 2, .bits = 1, .after = "\0\0\0\0\xff\xff\xff\0"s}, "\x40\0\0\0"s);
  EXPECT_THAT(bytes_of(file), ElementsAre(0, 255));
  EXPECT_EQ(image_.channels(), 1);
  EXPECT_THAT(read_as_mask(file).values.data<std::int32_t>(), ElementsAre(0, 1));
}

TEST_F(Bmp, TheOldestHeaderIsRead) {
  const std::string core = little_endian(12, 4) + "\1\0\1\0\1\0\x18\0"s;
  EXPECT_THAT(bytes_of("BM"s + std::string(8, '\0') + little_endian(26, 4) + core + "\3\2\1\0"s), ElementsAre(1, 2, 3));
}

TEST_F(Bmp, DamageIsTold) {
  expect_damage_is_told(encode_image(picture({5, 7, 3}), ".bmp"), 3);  // the padding of the last row
  expect_damage_is_told(make_bmp({.width = 2, .bits = 1, .after = "\1\0\0\0\xff\xff\xff\0"s}, "\x40"s));
}

TEST_F(Bmp, SaysWhatIsWrong) {
  EXPECT_THAT(complaint(make_bmp({.height = 2}, "\3\2\1\0\6\5"s)),
              HasSubstr("the BMP is damaged (the file ends too early)"));
  EXPECT_THAT(complaint(make_bmp({.bits = 8, .compression = 1}, "x")),
              HasSubstr("compressed BMP files cannot be read"));
  EXPECT_THAT(complaint(make_bmp({.bits = 7}, "x")), HasSubstr("it claims 7 bits a pixel"));
  EXPECT_THAT(complaint(make_bmp({.bits = 16, .compression = 3, .after = std::string(12, '\0')}, "xxxx")),
              HasSubstr("the bits of a colour are given as 0x0"));
  EXPECT_THAT(complaint(make_bmp({.width = 2, .bits = 8, .colors = 2, .after = "\3\2\1\0\6\5\4\0"s}, "\0\2"s)),
              HasSubstr("it holds colour 2, its palette has 2"));
  EXPECT_THAT(complaint(make_bmp({.width = 0}, "xxxx")), HasSubstr("it claims a size of 1x0 pixels"));
  EXPECT_THAT(complaint(make_bmp({.width = 40000, .height = 40000}, "x")), HasSubstr("claims more than 2^20 pixels"));
  EXPECT_THAT(complaint("BM" + std::string(12, '\0') + little_endian(13, 4) + std::string(30, '\0')),
              HasSubstr("its header says that it has 13 bytes"));
}

}  // namespace
}  // namespace inlay
