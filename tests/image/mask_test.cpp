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

class Masks : public ::testing::Test {
 protected:
  RawMask raw(const std::string& bytes) {
    write_file(folder_ / "m.png", bytes);
    return read_raw_mask(folder_ / "m.png");
  }
  TempFolder folder_;
};

TEST_F(Masks, PaletteIndicesStayAsTheyAre) {
  const RawMask eight = raw(make_png(3, 8, 3, {"\x02\x00\x01"s}, "\x09\x09\x09\x09\x09\x09\x01\x02\x03"s));
  EXPECT_EQ(eight.kind, RawMask::Kind::indexed);
  EXPECT_THAT(eight.values.data<std::int32_t>(), ElementsAre(2, 0, 1));
  EXPECT_THAT(eight.palette, ElementsAre(Color{9, 9, 9}, Color{9, 9, 9}, Color{1, 2, 3}));
  const RawMask four = raw(make_png(2, 4, 3, {"\x21"s}, "\x09\x09\x09\x09\x09\x09\x01\x02\x03"s));
  EXPECT_THAT(four.values.data<std::int32_t>(), ElementsAre(2, 1));
}

TEST_F(Masks, GreyValuesStayAsTheyAre) {
  const RawMask one = raw(make_png(3, 1, 0, {"\xa0"s}));
  EXPECT_EQ(one.kind, RawMask::Kind::grey);
  EXPECT_EQ(one.bits, 8);
  EXPECT_THAT(one.values.data<std::int32_t>(), ElementsAre(1, 0, 1));
  EXPECT_THAT(raw(make_png(4, 2, 0, {"\x1b"s})).values.data<std::int32_t>(), ElementsAre(0, 1, 2, 3));
  const RawMask sixteen = raw(make_png(2, 16, 0, {"\x01\x02\xff\xff"s}));
  EXPECT_EQ(sixteen.bits, 16);
  EXPECT_THAT(sixteen.values.data<std::int32_t>(), ElementsAre(258, 65535));
}

TEST_F(Masks, ColoursArePacked) {
  const RawMask eight = raw(make_png(1, 8, 2, {"\x01\x02\x03"s}));
  EXPECT_EQ(eight.kind, RawMask::Kind::rgb);
  EXPECT_THAT(eight.values.data<std::int32_t>(), ElementsAre(0x010203));
  EXPECT_THAT(raw(make_png(1, 8, 6, {"\x01\x02\x03\x99"s})).values.data<std::int32_t>(), ElementsAre(0x010203));
  EXPECT_THAT(raw(make_png(1, 16, 2, {"\x01\xaa\x02\xaa\x03\xaa"s})).values.data<std::int32_t>(),
              ElementsAre(0x010203));
}

TEST_F(Masks, OtherFormatsAreReadToo) {
  write_image(folder_ / "m.tif", {Tensor::of<std::uint8_t>({1, 2, 1}, {3, 4})});
  EXPECT_THAT(read_raw_mask(folder_ / "m.tif").values.data<std::int32_t>(), ElementsAre(3, 4));
  write_image(folder_ / "m.bmp", {Tensor::of<std::uint8_t>({1, 1, 3}, {3, 4, 5})});
  EXPECT_THAT(read_raw_mask(folder_ / "m.bmp").values.data<std::int32_t>(), ElementsAre(0x030405));
}

TEST_F(Masks, WrittenMaskComesBackWithItsColours) {
  const Mask mask{Tensor::of<std::uint8_t>({2, 3}, {0, 1, 2, 254, 255, 7})};
  write_mask(folder_ / "out/m.png", mask, {{1, 2, 3}, {4, 5, 6}});
  const RawMask back = read_raw_mask(folder_ / "out/m.png");
  EXPECT_EQ(back.kind, RawMask::Kind::indexed);
  EXPECT_THAT(back.values.data<std::int32_t>(), ElementsAre(0, 1, 2, 254, 255, 7));
  EXPECT_EQ(back.palette.at(1), (Color{4, 5, 6}));
  EXPECT_EQ(back.palette.at(2), voc_color(2));
  const Mask labels = read_mask(folder_ / "out/m.png");
  EXPECT_TRUE(std::ranges::equal(labels.labels.data<std::uint8_t>(), mask.labels.data<std::uint8_t>()));
}

TEST_F(Masks, IndicesAboveAByteAndColoursAreNoMask) {
  raw(make_png(2, 16, 0, {"\x00\x02\x00\x03"s, "\x00\x04\x01\x00"s}));
  EXPECT_THAT(message_of<InputError>([&] { read_mask(folder_ / "m.png"); }),
              HasSubstr("has the value 256 at x 1, y 1"));
  raw(make_png(1, 8, 2, {"\x01\x02\x03"s}));
  EXPECT_THAT(message_of<InputError>([&] { read_mask(folder_ / "m.png"); }), HasSubstr("is a colour picture"));
}

TEST_F(Masks, UnwritablePlaceIsAnError) {
  write_file(folder_ / "file", "x");
  const Mask mask{Tensor(DType::u8, {1, 1})};
  EXPECT_THAT(message_of<Error>([&] { write_mask(folder_ / "file/m.png", mask); }),
              HasSubstr("cannot create the folder"));
}

TEST(WriteImage, RefusesWhatNoFileHolds) {
  const Image two{Tensor(DType::u8, {1, 1, 2})};
  EXPECT_THAT(message_of<InputError>([&] { encode_image(two, ".png"); }),
              HasSubstr("1 or 3 channels, this picture has 2"));
  const Image one{Tensor(DType::u8, {1, 1, 1})};
  EXPECT_THAT(message_of<InputError>([&] { encode_image(one, ".xyz"); }), HasSubstr("cannot be written as '.xyz'"));
}

}  // namespace
}  // namespace inlay
