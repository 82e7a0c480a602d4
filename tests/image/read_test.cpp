#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/image.h"
#include "support/temp_folder.h"
#include "support/tiny_png.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::make_png;
using testing::message_of;
using testing::TempFolder;

Image picture(const Shape& shape) {
  Image image{Tensor(DType::u8, shape)};
  auto pixels = image.pixels.data<std::uint8_t>();
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<std::uint8_t>(i * 37 + 11);
  return image;
}

class ReadPng : public ::testing::Test {
 protected:
  Image read(const std::string& bytes) {
    write_file(folder_ / "a.png", bytes);
    return read_image(folder_ / "a.png");
  }
  TempFolder folder_;
};

TEST_F(ReadPng, EveryColourType) {
  EXPECT_THAT(read(make_png(2, 8, 0, {"\x05\xff"s})).pixels.data<std::uint8_t>(), ElementsAre(5, 255));
  EXPECT_THAT(read(make_png(1, 8, 2, {"\x01\x02\x03"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
  const Image grey_alpha = read(make_png(2, 8, 4, {"\x07\x80\x09\x00"s}));
  EXPECT_EQ(grey_alpha.pixels.shape(), (Shape{1, 2, 1}));
  EXPECT_THAT(grey_alpha.pixels.data<std::uint8_t>(), ElementsAre(7, 9));
  EXPECT_THAT(read(make_png(1, 8, 6, {"\x01\x02\x03\x40"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
  EXPECT_THAT(read(make_png(2, 8, 3, {"\x01\x00"s}, "\x0a\x0b\x0c\x14\x15\x16"s)).pixels.data<std::uint8_t>(),
              ElementsAre(20, 21, 22, 10, 11, 12));
}

TEST_F(ReadPng, FewBitsAreSpreadOverTheRange) {
  EXPECT_THAT(read(make_png(3, 1, 0, {"\xa0"s})).pixels.data<std::uint8_t>(), ElementsAre(255, 0, 255));
  EXPECT_THAT(read(make_png(4, 2, 0, {"\x1b"s})).pixels.data<std::uint8_t>(), ElementsAre(0, 85, 170, 255));
}

TEST_F(ReadPng, SixteenBitsBecomeFloats) {
  const Image image = read(make_png(3, 16, 0, {"\xff\xff\x00\x00\x80\x00"s}));
  EXPECT_THAT(image.pixels.data<float>(), ElementsAre(1.0f, 0.0f, 32768.0f / 65535.0f));
}

TEST_F(ReadPng, DamageNamesTheFile) {
  const std::string good = make_png(2, 8, 0, {"\x05\xff"s, "\x01\x02"s});
  for (std::size_t length = 1; length < good.size(); length += 3)
    EXPECT_THAT(message_of<InputError>([&] { read(good.substr(0, length)); }),
                HasSubstr("cannot read '" + (folder_ / "a.png").string()))
        << length;
  std::string flipped = good;
  flipped[50] = static_cast<char>(flipped[50] ^ 1);
  EXPECT_THAT(message_of<InputError>([&] { read(flipped); }), HasSubstr("damaged"));
  EXPECT_THAT(message_of<InputError>([&] { read(""); }), HasSubstr("the file is empty"));
  EXPECT_THAT(message_of<InputError>([&] { read("hello, I am no picture"); }),
              HasSubstr("no picture that can be decoded"));
  EXPECT_THAT(message_of<InputError>([&] { read_image(folder_ / "none.png"); }), HasSubstr("none.png"));
}

TEST(ReadImage, WhatIsWrittenComesBack) {
  const TempFolder folder;
  for (const char* name : {"a.png", "a.bmp", "a.tif", "a.pnm", "a"})
    for (std::int64_t channels : {1, 3}) {
      if (channels == 1 && name == "a.bmp"s) continue;  // comes back as colour
      const Image image = picture({5, 7, channels});
      write_image(folder / name, image);
      const Image back = read_image(folder / name);
      ASSERT_EQ(back.pixels.shape(), image.pixels.shape()) << name;
      EXPECT_TRUE(std::ranges::equal(back.pixels.data<std::uint8_t>(), image.pixels.data<std::uint8_t>())) << name;
    }
}

TEST(ReadImage, FloatsKeepSixteenBits) {
  const TempFolder folder;
  const Image image{Tensor::of<float>({1, 4, 1}, {0.0f, 0.25f, 1.0f, 7.0f})};
  for (const char* name : {"a.png", "a.tif"}) {
    write_image(folder / name, image);
    const Image back = read_image(folder / name);
    EXPECT_NEAR(back.pixels.data<float>()[1], 0.25f, 1e-5f) << name;
    EXPECT_EQ(back.pixels.data<float>()[3], 1.0f) << name;
  }
  write_image(folder / "a.bmp", image);
  EXPECT_EQ(read_image(folder / "a.bmp").pixels.type(), DType::u8);
}

// An EXIF block that says: turn by 90 degrees clockwise to show.
std::string with_orientation(std::string jpeg) {
  const std::string exif = "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"s;
  const auto size = static_cast<char>(exif.size() + 2);
  return jpeg.insert(2, "\xff\xe1\0"s + size + exif);
}

TEST(ReadImage, JpegIsTurnedAsExifSays) {
  const TempFolder folder;
  write_file(folder / "a.jpg", with_orientation(encode_image(picture({8, 16, 3}), ".jpg")));
  EXPECT_EQ(read_image(folder / "a.jpg").pixels.shape(), (Shape{16, 8, 3}));
}

TEST(ReadImage, TruncatedJpegIsAnError) {
  const TempFolder folder;
  const std::string whole = encode_image(picture({64, 64, 3}), ".jpg");
  write_file(folder / "a.jpg", whole);
  EXPECT_NO_THROW(read_image(folder / "a.jpg"));
  for (double share : {0.05, 0.3, 0.9}) {
    write_file(folder / "a.jpg", whole.substr(0, static_cast<std::size_t>(share * static_cast<double>(whole.size()))));
    EXPECT_THAT(message_of<InputError>([&] { read_image(folder / "a.jpg"); }), HasSubstr("a.jpg")) << share;
  }
}

TEST(ReadImage, ASizeBeyondReasonIsAnError) {
  const TempFolder folder;
  for (const char* size : {"40000 40000", "3 2000000"}) {
    write_file(folder / "a.pgm", "P5 "s + size + " 255\nx");
    EXPECT_THAT(message_of<InputError>([&] { read_image(folder / "a.pgm"); }),
                HasSubstr("claims more than 2^20 pixels a side or 2^30 in all"));
  }
}

TEST(ReadImage, NotFiniteIsAnError) {
  const TempFolder folder;
  // PFM is not among the extensions, but OpenCV decodes by content.
  write_file(folder / "a.tif", "Pf\n1 1\n-1.0\n\0\0\xc0\x7f"s);
  EXPECT_THAT(message_of<InputError>([&] { read_image(folder / "a.tif"); }), HasSubstr("not finite"));
}

TEST(ReadImage, KnowsItsExtensions) {
  for (const char* name : {"a.png", "a.JPG", "a.b.tiff", "a.WebP"}) EXPECT_TRUE(has_image_extension(name)) << name;
  for (const char* name : {"a.txt", "a", "png", ".png", "a.png~"}) EXPECT_FALSE(has_image_extension(name)) << name;
}

}  // namespace
}  // namespace inlay
