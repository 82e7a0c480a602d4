#include <gmock/gmock.h>
#include <tiffio.h>

#include <limits>

#include "base/files.h"
#include "image/pages.h"
#include "support/picture_files.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// What a file of libtiff's own writing is made of; rows or tiles of bytes as they are.
struct Layout {
  std::uint32_t width = 2, height = 1;
  int bits = 8, samples = 1, photometric = PHOTOMETRIC_MINISBLACK, format = SAMPLEFORMAT_UINT;
  int planes = PLANARCONFIG_CONTIG, orientation = 1, compression = COMPRESSION_NONE;
  std::uint32_t tile = 0;                 // side, 0 for strips
  std::vector<std::uint16_t> red = {};    // a palette's; green and blue are 0
  std::vector<std::uint16_t> extra = {};  // what the channels beside grey or colour are
};

template <class T>
std::string bytes_of(std::initializer_list<T> values) {
  return {reinterpret_cast<const char*>(std::data(values)), values.size() * sizeof(T)};
}

class Tiff : public testing::PictureFiles {
 protected:
  // `pieces`: one row (of each plane) or tile after the other.
  std::string make(const Layout& layout, std::vector<std::string> pieces, int pictures = 1,
                   std::uint32_t kind_of_further = 0) {
    const std::filesystem::path path = folder_ / "made.tif";
    TIFF* tiff = TIFFOpen(path.c_str(), "w");
    for (int i = 0; i < pictures; ++i) {
      if (i > 0) TIFFSetField(tiff, TIFFTAG_SUBFILETYPE, kind_of_further);
      write(tiff, layout, pieces);
      TIFFWriteDirectory(tiff);
      pieces.front()[0] = 99;  // the further pictures differ
    }
    TIFFClose(tiff);
    return read_file(path);
  }

 protected:
  using PictureFiles::write;

 private:
  static void write(TIFF* tiff, const Layout& layout, std::vector<std::string>& pieces) {
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, layout.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, layout.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, layout.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, layout.samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, layout.photometric);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, layout.format);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, layout.planes);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, layout.orientation);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, layout.compression);
    if (layout.compression == COMPRESSION_JPEG && layout.photometric == PHOTOMETRIC_YCBCR)
      TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    if (!layout.extra.empty())
      TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, static_cast<int>(layout.extra.size()), layout.extra.data());
    if (!layout.red.empty()) {
      const std::vector<std::uint16_t> none(layout.red.size());
      TIFFSetField(tiff, TIFFTAG_COLORMAP, layout.red.data(), none.data(), none.data());
    }
    if (layout.tile != 0) {
      TIFFSetField(tiff, TIFFTAG_TILEWIDTH, layout.tile);
      TIFFSetField(tiff, TIFFTAG_TILELENGTH, layout.tile);
    }
    for (std::uint32_t i = 0; i < pieces.size(); ++i)
      if (layout.tile != 0)
        TIFFWriteEncodedTile(tiff, i, pieces[i].data(), static_cast<tmsize_t>(pieces[i].size()));
      else
        TIFFWriteScanline(tiff, pieces[i].data(), i % layout.height, static_cast<std::uint16_t>(i / layout.height));
  }
};

TEST_F(Tiff, WhatIsWrittenComesBack) {
  for (std::int64_t channels : {1, 3}) {
    const Image image = picture({50, 70, channels});
    const std::string file = encode_image(image, ".tiff");
    expect_equal(read(file), image);
    EXPECT_LT(file.size(), image.pixels.bytes());  // LZW
  }
  const Image floats{Tensor::of<float>({1, 2, 2}, {0.0f, 0.25f, 0.5f, 1.0f})};
  const Image back = read(encode_image(floats, ".tif"));
  EXPECT_THAT(back.pixels.data<float>(), ElementsAre(0.0f, 16384.0f / 65535.0f, 32768.0f / 65535.0f, 1.0f));
  const Image beyond{Tensor::of<float>({2, 1, 3}, {0.0f, 0.3f, 0.5f, 1.0f, 7.0f, -1024.0f})};
  EXPECT_THAT(read(encode_image(beyond, ".tif")).pixels.data<float>(),
              ElementsAre(0.0f, 0.3f, 0.5f, 1.0f, 7.0f, -1024.0f));
}

TEST_F(Tiff, FloatingPointIsKept) {
  const std::string single = make({.bits = 32, .format = SAMPLEFORMAT_IEEEFP}, {bytes_of({-1.5f, 300.25f})});
  EXPECT_THAT(read(single).pixels.data<float>(), ElementsAre(-1.5f, 300.25f));
  const std::string twice = make({.bits = 64, .format = SAMPLEFORMAT_IEEEFP}, {bytes_of({-1.5, 300.25})});
  EXPECT_THAT(read(twice).pixels.data<float>(), ElementsAre(-1.5f, 300.25f));
}

TEST_F(Tiff, NotFiniteIsAnError) {
  for (float value : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    EXPECT_THAT(complaint(make({.bits = 32, .format = SAMPLEFORMAT_IEEEFP}, {bytes_of({0.0f, value})})),
                HasSubstr("not finite"));
}

TEST_F(Tiff, NumbersOf32BitsAndWithASignAreKept) {
  EXPECT_THAT(read(make({.bits = 32}, {bytes_of({70000u, 4000000000u})})).pixels.data<float>(),
              ElementsAre(70000.0f, 4e9f));
  EXPECT_THAT(read(make({.bits = 32, .format = SAMPLEFORMAT_INT}, {bytes_of({-70000, 5})})).pixels.data<float>(),
              ElementsAre(-70000.0f, 5.0f));
  EXPECT_THAT(read(make({.bits = 16, .format = SAMPLEFORMAT_INT}, {"\xff\xff\2\0"s})).pixels.data<float>(),
              ElementsAre(-1.0f, 2.0f));
  EXPECT_THAT(read(make({.bits = 8, .format = SAMPLEFORMAT_INT}, {"\xfe\3"s})).pixels.data<float>(),
              ElementsAre(-2.0f, 3.0f));
}

TEST_F(Tiff, MasksOfLargeNumbersAndFloatingPointAreLabels) {
  EXPECT_THAT(read_as_mask(make({.bits = 32}, {bytes_of({0u, 300u})})).values.data<std::int32_t>(),
              ElementsAre(0, 300));
  EXPECT_THAT(read_as_mask(make({.bits = 32, .format = SAMPLEFORMAT_IEEEFP}, {bytes_of({0.0f, 1.0f})}))
                  .values.data<std::int32_t>(),
              ElementsAre(0, 1));
  const auto refused = [&](const std::string& file) {
    return testing::message_of<InputError>([&] { read_as_mask(file); });
  };
  EXPECT_THAT(refused(make({.bits = 32, .format = SAMPLEFORMAT_IEEEFP}, {bytes_of({0.0f, 0.5f})})),
              HasSubstr("a mask holds whole numbers from 0 to 65535, this one 0.5 at x 1, y 0"));
  EXPECT_THAT(refused(make({.bits = 32}, {bytes_of({65535u, 65536u})})), HasSubstr("this one 65536 at x 1, y 0"));
  EXPECT_THAT(refused(make({.bits = 16, .format = SAMPLEFORMAT_INT}, {"\xff\xff\2\0"s})),
              HasSubstr("this one -1 at x 0"));
}

TEST_F(Tiff, OtherNumbersAreRefused) {
  EXPECT_THAT(complaint(make({.bits = 64}, {bytes_of({std::uint64_t{1}, std::uint64_t{2}})})),
              HasSubstr("integers without sign of 64 bits; expected whole numbers of 8, 16 or 32 bits, or floating"));
  EXPECT_THAT(complaint(make({.bits = 16, .format = SAMPLEFORMAT_IEEEFP}, {"\1\0\2\0"s})),
              HasSubstr("floating point of 16 bits"));
  EXPECT_THAT(complaint(make({.bits = 64, .format = SAMPLEFORMAT_COMPLEXIEEEFP}, {bytes_of({1.0, 2.0})})),
              HasSubstr("numbers of another kind"));
}

TEST_F(Tiff, AlphaAndWhatElseFollowsIsDropped) {
  EXPECT_THAT(read(make({.samples = 2}, {"\1\xff\2\0"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2));
  const Layout color{.width = 1, .samples = 4, .photometric = PHOTOMETRIC_RGB};
  EXPECT_THAT(read(make(color, {"\1\2\3\x80"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
  Layout declared = color;
  declared.extra = {EXTRASAMPLE_UNASSALPHA};
  EXPECT_THAT(read(make(declared, {"\1\2\3\x80"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
}

TEST_F(Tiff, AllOtherChannelsAreKept) {
  EXPECT_THAT(read(make({.width = 1, .samples = 5}, {"\1\2\3\4\5"s})).pixels.data<std::uint8_t>(),
              ElementsAre(1, 2, 3, 4, 5));
  const Layout infrared{.width = 1, .samples = 4, .photometric = PHOTOMETRIC_RGB, .extra = {EXTRASAMPLE_UNSPECIFIED}};
  EXPECT_THAT(read(make(infrared, {"\1\2\3\4"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3, 4));
  const Layout planes{.samples = 2, .planes = PLANARCONFIG_SEPARATE, .extra = {EXTRASAMPLE_UNSPECIFIED}};
  EXPECT_THAT(read(make(planes, {"\1\3"s, "\2\4"s})).pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3, 4));
  const Layout floats{.width = 1, .bits = 32, .samples = 5, .format = SAMPLEFORMAT_IEEEFP};
  EXPECT_THAT(read(make(floats, {bytes_of({0.5f, 1.5f, 2.5f, -3.5f, 4.5f})})).pixels.data<float>(),
              ElementsAre(0.5f, 1.5f, 2.5f, -3.5f, 4.5f));
  EXPECT_THAT(complaint(make({.width = 1, .samples = 1025}, {std::string(1025, 'x')})),
              HasSubstr("a TIFF of 1025 channels"));
  EXPECT_THAT(testing::message_of<InputError>([&] { read_as_mask(make(infrared, {"\1\2\3\4"s})); }),
              HasSubstr("a mask has 1 channel, or 3 of colour; this picture has 4"));
}

TEST_F(Tiff, AnyNumberOfChannelsIsWritten) {
  for (std::int64_t channels : {2, 4, 7}) {
    const Image image = picture({5, 6, channels});
    expect_equal(read(encode_image(image, ".tif")), image);
    EXPECT_THAT(testing::message_of<InputError>([&] { encode_image(image, ".png"); }),
                HasSubstr("only TIFF (.tif) holds more"));
  }
}

TEST_F(Tiff, PagesAreReadByNumber) {
  write(make({}, {"\1\2"s}, 3));
  EXPECT_EQ(count_pages(path_), 3);
  EXPECT_THAT(read_image_page({path_, 0}).pixels.data<std::uint8_t>(), ElementsAre(1, 2));
  EXPECT_THAT(read_image_page({path_, 2}).pixels.data<std::uint8_t>(), ElementsAre(99, 2));
  EXPECT_THAT(read_raw_mask_page({path_, 1}).values.data<std::int32_t>(), ElementsAre(99, 2));
  EXPECT_THAT(testing::message_of<InputError>([&] { read_image_page({path_, 3}); }), HasSubstr("fewer pictures"));
}

TEST_F(Tiff, ThumbnailsAreNoPages) {
  write(make({}, {"\1\2"s}, 3, FILETYPE_REDUCEDIMAGE));
  EXPECT_EQ(count_pages(path_), 1);
  EXPECT_THAT(testing::message_of<InputError>([&] { read_image_page({path_, 1}); }), HasSubstr("fewer pictures"));
  write("no TIFF");
  EXPECT_EQ(count_pages(path_), 1);
}

TEST_F(Tiff, TilesAreJoined) {
  std::vector<std::string> tiles;
  for (char value = 1; value <= 4; ++value) tiles.emplace_back(16 * 16, value);
  const Image image = read(make({.width = 18, .height = 17, .tile = 16}, tiles));
  ASSERT_EQ(image.pixels.shape(), (Shape{17, 18, 1}));
  auto pixels = image.pixels.data<std::uint8_t>();
  EXPECT_THAT(pixels.first(16), Each(1));
  EXPECT_THAT(pixels.subspan(16, 2), Each(2));
  EXPECT_THAT(pixels.subspan(16 * 18, 16), Each(3));
  EXPECT_THAT(pixels.last(2), Each(4));
}

TEST_F(Tiff, PlanesAreInterleaved) {
  const Layout planes{.samples = 3, .photometric = PHOTOMETRIC_RGB, .planes = PLANARCONFIG_SEPARATE};
  EXPECT_THAT(read(make(planes, {"\1\4"s, "\2\5"s, "\3\6"s})).pixels.data<std::uint8_t>(),
              ElementsAre(1, 2, 3, 4, 5, 6));
  Layout tiled = planes;
  tiled.tile = 16;
  const auto tile = [](char value) { return std::string(256, value); };
  EXPECT_THAT(read(make(tiled, {tile(1), tile(2), tile(3)})).pixels.data<std::uint8_t>(),
              ElementsAre(1, 2, 3, 1, 2, 3));
}

TEST_F(Tiff, AnyNumberOfBits) {
  const std::string four = make({.bits = 4}, {"\x3f"s}), twelve = make({.bits = 12}, {"\x00\x1f\xff"s});
  EXPECT_THAT(read(four).pixels.data<std::uint8_t>(), ElementsAre(51, 255));
  EXPECT_THAT(read_as_mask(four).values.data<std::int32_t>(), ElementsAre(3, 15));
  EXPECT_THAT(read(twelve).pixels.data<float>(), ElementsAre(1.0f / 4095.0f, 1.0f));
  EXPECT_THAT(read_as_mask(twelve).values.data<std::int32_t>(), ElementsAre(1, 4095));
  EXPECT_EQ(read_as_mask(twelve).bits, 16);
  EXPECT_THAT(read_as_mask(make({.bits = 16}, {"\1\2\xff\xff"s})).values.data<std::int32_t>(), ElementsAre(513, 65535));
}

TEST_F(Tiff, WhiteMayBeZero) {
  const Layout fax{.width = 4, .bits = 1, .photometric = PHOTOMETRIC_MINISWHITE, .compression = COMPRESSION_CCITTFAX4};
  EXPECT_THAT(read(make(fax, {"\xa0"s})).pixels.data<std::uint8_t>(), ElementsAre(0, 255, 0, 255));
  EXPECT_THAT(read_as_mask(make(fax, {"\xa0"s})).values.data<std::int32_t>(), ElementsAre(0, 1, 0, 1));
  const Layout wide{.bits = 16, .photometric = PHOTOMETRIC_MINISWHITE};
  EXPECT_THAT(read(make(wide, {"\xff\xff\0\0"s})).pixels.data<float>(), ElementsAre(0.0f, 1.0f));
}

TEST_F(Tiff, PalettesAreShownAndKept) {
  Layout layout{.bits = 4, .photometric = PHOTOMETRIC_PALETTE};
  for (std::uint16_t i = 0; i < 16; ++i) layout.red.push_back(static_cast<std::uint16_t>(i * 0x1111));
  const std::string file = make(layout, {"\x2f"s});
  EXPECT_THAT(read(file).pixels.data<std::uint8_t>(), ElementsAre(0x22, 0, 0, 0xff, 0, 0));
  const RawMask mask = read_as_mask(file);
  EXPECT_EQ(mask.kind, RawMask::Kind::indexed);
  EXPECT_THAT(mask.values.data<std::int32_t>(), ElementsAre(2, 15));
  EXPECT_EQ(mask.palette.at(2), (Color{0x22, 0, 0}));
}

TEST_F(Tiff, OtherColoursAreConverted) {
  const Layout inks{.width = 1, .samples = 4, .photometric = PHOTOMETRIC_SEPARATED};
  EXPECT_THAT(read(make(inks, {"\0\xff\0\0"s})).pixels.data<std::uint8_t>(), ElementsAre(255, 0, 255));
  const Layout jpeg{
      .width = 8, .height = 1, .samples = 3, .photometric = PHOTOMETRIC_YCBCR, .compression = COMPRESSION_JPEG};
  const Image image = read(make(jpeg, {std::string(24, '\x50')}));
  ASSERT_EQ(image.pixels.shape(), (Shape{1, 8, 3}));
  for (int value : image.pixels.data<std::uint8_t>()) EXPECT_NEAR(value, 0x50, 2);
}

TEST_F(Tiff, IsTurnedAsItsTagSays) {
  EXPECT_THAT(read(make({.orientation = 2}, {"\1\2"s})).pixels.data<std::uint8_t>(), ElementsAre(2, 1));
  EXPECT_EQ(read(make({.orientation = 6}, {"\1\2"s})).pixels.shape(), (Shape{2, 1, 1}));
  const Layout inks{.samples = 4, .photometric = PHOTOMETRIC_SEPARATED, .orientation = 3};
  EXPECT_THAT(read(make(inks, {"\xff\0\0\0\0\0\0\0"s})).pixels.data<std::uint8_t>(),
              ElementsAre(255, 255, 255, 0, 255, 255));
}

TEST_F(Tiff, TheFirstOfManyPicturesIsRead) {
  EXPECT_THAT(read(make({}, {"\1\2"s}, 3)).pixels.data<std::uint8_t>(), ElementsAre(1, 2));
}

TEST_F(Tiff, DamageIsTold) {
  expect_damage_is_told(encode_image(picture({5, 7, 3}), ".tif"), 4);  // the place of a next picture
  expect_damage_is_told(make({.width = 16, .height = 16, .tile = 16}, {std::string(256, 'x')}), 4);
}

TEST_F(Tiff, SaysWhatIsWrong) {
  std::string missing = make({.height = 1}, {"\1\2"s});
  missing[missing.find("\x06\x01\x03\0"s)] = '\x07';  // a tag that nobody knows in place of the kind of colour
  EXPECT_THAT(complaint(missing), HasSubstr("the TIFF is damaged (a tag that it needs is missing)"));
  EXPECT_THAT(complaint(make({.width = 1 << 16, .height = 1 << 15}, {std::string(1 << 16, 'x')})),
              HasSubstr("claims more than 2^20 pixels a side or 2^30 in all"));
}

}  // namespace
}  // namespace inlay
