// clang-format off
#include <cstdio>  // jpeglib.h needs it
#include <jpeglib.h>
// clang-format on

#include <gmock/gmock.h>

#include "support/exif.h"
#include "support/picture_files.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::with_orientation;

// Left half of one value, right half of another: a picture that compression changes little.
Image halves(std::int64_t channels) {
  Image image{Tensor(DType::u8, {16, 32, channels})};
  auto pixels = image.pixels.data<std::uint8_t>();
  const auto half = static_cast<std::size_t>(16 * channels);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = i / half % 2 == 0 ? 40 : 200;
  return image;
}

class Jpeg : public testing::PictureFiles {
 protected:
  // One pixel value in all of 8x8 pixels, without loss but for rounding.
  static std::string flat(J_COLOR_SPACE space, std::vector<JSAMPLE> value, bool adobe) {
    jpeg_compress_struct codec{};
    jpeg_error_mgr errors{};
    codec.err = jpeg_std_error(&errors);
    jpeg_create_compress(&codec);
    unsigned char* file = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&codec, &file, &size);
    codec.image_height = codec.image_width = 8;
    codec.input_components = static_cast<int>(value.size());
    codec.in_color_space = space;
    jpeg_set_defaults(&codec);
    jpeg_set_quality(&codec, 100, TRUE);
    codec.write_Adobe_marker = adobe ? TRUE : FALSE;
    jpeg_start_compress(&codec, TRUE);
    std::vector<JSAMPLE> row;
    for (int x = 0; x < 8; ++x) row.insert(row.end(), value.begin(), value.end());
    for (int y = 0; y < 8; ++y) {
      JSAMPROW rows = row.data();
      jpeg_write_scanlines(&codec, &rows, 1);
    }
    jpeg_finish_compress(&codec);
    jpeg_destroy_compress(&codec);
    const std::string bytes(reinterpret_cast<char*>(file), size);
    std::free(file);
    return bytes;
  }
};

TEST_F(Jpeg, GreyAndColourComeBackNearlyTheSame) {
  for (std::int64_t channels : {1, 3}) {
    const Image image = halves(channels), back = read(encode_image(image, ".jpg"));
    ASSERT_EQ(back.pixels.shape(), image.pixels.shape());
    for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
      EXPECT_NEAR(back.pixels.data<std::uint8_t>()[i], image.pixels.data<std::uint8_t>()[i], 3) << i;
  }
}

TEST_F(Jpeg, FloatsBecomeEightBits) {
  const Image back = read(encode_image({Tensor::filled({8, 8, 1}, 0.5f)}, ".jpeg"));
  EXPECT_THAT(back.pixels.data<std::uint8_t>(), Each(128));
}

TEST_F(Jpeg, InkBecomesLight) {
  // Cyan 102 of 255, black 51: red is (1 - 0.4) * (1 - 0.2), green and blue 1 - 0.2.
  const Image plain = read(flat(JCS_CMYK, {102, 0, 0, 51}, false));
  ASSERT_EQ(plain.pixels.shape(), (Shape{8, 8, 3}));
  EXPECT_THAT(plain.pixels.data<std::uint8_t>().first(3), ElementsAre(122, 204, 204));
  const Image inverted = read(flat(JCS_CMYK, {153, 255, 255, 204}, true));
  EXPECT_THAT(inverted.pixels.data<std::uint8_t>().first(3), ElementsAre(122, 204, 204));
}

TEST_F(Jpeg, TwoChannelsAreNoPicture) {
  EXPECT_THAT(complaint(flat(JCS_UNKNOWN, {1, 2}, false)), HasSubstr("a JPEG of 2 channels cannot be read"));
}

TEST_F(Jpeg, IsTurnedAsExifSays) {
  const std::string jpeg = encode_image(halves(1), ".jpg");
  for (bool big_endian : {false, true}) {
    EXPECT_EQ(read(with_orientation(jpeg, 1, big_endian)).pixels.shape(), (Shape{16, 32, 1}));
    const Image mirrored = read(with_orientation(jpeg, 2, big_endian));
    EXPECT_EQ(mirrored.pixels.shape(), (Shape{16, 32, 1}));
    EXPECT_NEAR(mirrored.pixels.data<std::uint8_t>()[0], 200, 3);
    const Image turned = read(with_orientation(jpeg, 6, big_endian));  // by 90 degrees clockwise: left is on top
    EXPECT_EQ(turned.pixels.shape(), (Shape{32, 16, 1}));
    EXPECT_NEAR(turned.pixels.data<std::uint8_t>()[15], 40, 3);
    EXPECT_NEAR(turned.pixels.data<std::uint8_t>()[16 * 31], 200, 3);
  }
}

TEST_F(Jpeg, DamageIsTold) {
  const std::string jpeg = encode_image(halves(3), ".jpg");
  expect_damage_is_told(jpeg);
  EXPECT_THAT(complaint(jpeg.substr(0, jpeg.size() - 5)),
              HasSubstr("the JPEG is damaged (Premature end of JPEG file)"));
}

TEST_F(Jpeg, BytesTooManyDoNoHarm) {
  std::string jpeg = encode_image(halves(3), ".jpg");
  EXPECT_NO_THROW(read(jpeg + "something else"));
  EXPECT_NO_THROW(read(jpeg.insert(jpeg.size() - 2, "\0\0\0\0"s)));  // real cameras do that
}

TEST_F(Jpeg, ASizeBeyondReasonIsRefused) {
  std::string jpeg = encode_image(halves(3), ".jpg");
  const std::size_t frame = jpeg.find("\xff\xc0");
  jpeg.replace(frame + 5, 4, "\xf0\xf0\xf0\xf0");
  EXPECT_THAT(complaint(jpeg), HasSubstr("claims more than 2^20 pixels a side or 2^30 in all"));
}

TEST_F(Jpeg, WhatIsTooLargeForJpegIsRefused) {
  EXPECT_THAT(testing::message_of<InputError>([] {
                encode_image({Tensor(DType::u8, {1, 70000, 1})}, ".jpg");
              }),
              HasSubstr("1x70000 pixels cannot be encoded as JPEG (Maximum supported image dimension"));
}

}  // namespace
}  // namespace inlay
