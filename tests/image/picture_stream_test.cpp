// Pictures by rows: what is read and written is what read_image() and write_image() see.
#include "inlay/picture_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>
#include <tiffio.h>

#include <algorithm>
#include <fstream>

#include "image/formats/tiff_file.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;
using testing::TempFolder;

Image picture(std::int64_t height, std::int64_t width, std::int64_t channels, DType type = DType::u8) {
  Image image{Tensor(type, {height, width, channels})};
  for (std::size_t i = 0; i < static_cast<std::size_t>(image.pixels.elements()); ++i) {
    if (type == DType::u8)
      image.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i * 37 + i / 91);
    else
      image.pixels.data<float>()[i] = static_cast<float>(i * 7919 % 65536) / 65535;
  }
  return image;
}

bool equal(const Tensor& a, const Tensor& b) {
  return a.type() == b.type() && a.shape() == b.shape() && std::memcmp(a.raw(), b.raw(), a.bytes()) == 0;
}

/// All rows, asked for by threes.
Tensor read_all(PictureReader& reader) {
  const PictureFacts& facts = reader.facts();
  Tensor all(facts.type, {facts.height, facts.width, facts.channels});
  std::size_t at = 0;
  while (at < all.bytes()) {
    const Tensor rows = reader.read(3);
    EXPECT_LE(rows.shape()[0], 3);
    std::memcpy(all.raw() + at, rows.raw(), rows.bytes());
    at += rows.bytes();
  }
  return all;
}

struct Layout {
  int samples = 3, bits = 8, format = SAMPLEFORMAT_UINT, photometric = PHOTOMETRIC_RGB, tile = 0, rows = 5;
  bool separate = false;
};

/// A TIFF of 40 x 37 pixels whose samples count up.
void write_tiff(const std::filesystem::path& path, const Layout& layout) {
  constexpr std::uint32_t kHeight = 40, kWidth = 37;
  TIFF* tiff = TIFFOpen(path.c_str(), "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, kWidth);
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, kHeight);
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, layout.bits);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, layout.samples);
  TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, layout.format);
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, layout.photometric);
  TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, layout.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, COMPRESSION_LZW);
  if (layout.photometric == PHOTOMETRIC_PALETTE) {
    std::vector<std::uint16_t> colors(256);
    for (std::size_t i = 0; i < 256; ++i) colors[i] = static_cast<std::uint16_t>(i * 251);
    TIFFSetField(tiff, TIFFTAG_COLORMAP, colors.data(), colors.data(), colors.data());
  }
  if (layout.tile > 0) {
    TIFFSetField(tiff, TIFFTAG_TILEWIDTH, layout.tile);
    TIFFSetField(tiff, TIFFTAG_TILELENGTH, layout.tile);
  } else {
    TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, layout.rows);
  }
  const std::uint32_t blocks = layout.tile > 0 ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
  std::uint32_t next = 1;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    const auto size = static_cast<std::size_t>(layout.tile > 0 ? TIFFTileSize(tiff) : TIFFStripSize(tiff));
    std::vector<std::uint8_t> block(size);
    for (std::size_t at = 0; at < size; at += static_cast<std::size_t>(layout.bits) / 8, next += 29) {
      if (layout.format == SAMPLEFORMAT_IEEEFP) {
        const float value = static_cast<float>(next % 1000) / 1000;
        std::memcpy(block.data() + at, &value, 4);
      } else {
        std::memcpy(block.data() + at, &next, static_cast<std::size_t>(layout.bits) / 8);
      }
    }
    if (layout.tile > 0)
      TIFFWriteEncodedTile(tiff, i, block.data(), static_cast<tmsize_t>(size));
    else
      TIFFWriteEncodedStrip(
          tiff, i, block.data(),
          static_cast<tmsize_t>(i + 1 < blocks || 40 % layout.rows == 0 ? size : size / 5 * (40 % 5)));
  }
  TIFFClose(tiff);
}

TEST(PictureStream, TiffsOfEveryLayoutReadAsTheyDoWhole) {
  const TempFolder folder;
  const std::filesystem::path path = folder / "a.tif";
  for (const Layout& layout :
       {Layout{}, Layout{.tile = 16}, Layout{.rows = 40}, Layout{.separate = true},
        Layout{.tile = 16, .separate = true}, Layout{.samples = 1, .photometric = PHOTOMETRIC_MINISBLACK},
        Layout{.samples = 1, .photometric = PHOTOMETRIC_MINISWHITE}, Layout{.samples = 4}, Layout{.bits = 16},
        Layout{.samples = 1, .bits = 16, .photometric = PHOTOMETRIC_MINISWHITE, .tile = 16},
        Layout{.samples = 1, .bits = 32, .format = SAMPLEFORMAT_IEEEFP, .photometric = PHOTOMETRIC_MINISBLACK},
        Layout{.samples = 1, .photometric = PHOTOMETRIC_PALETTE}}) {
    write_tiff(path, layout);
    const auto reader = open_picture(path);
    EXPECT_LT(reader->facts().held_bytes, 40 * 37 * layout.samples * layout.bits / 8 + 20000);
    EXPECT_TRUE(equal(read_all(*reader), read_image(path).pixels))
        << layout.samples << " of " << layout.bits << ", tile " << layout.tile << ", separate " << layout.separate;
  }
}

TEST(PictureStream, ManyBandsAreKeptApart) {
  const TempFolder folder;
  write_tiff(folder / "a.tif", {.samples = 6, .photometric = PHOTOMETRIC_MINISBLACK});
  const auto reader = open_picture(folder / "a.tif");
  EXPECT_EQ(reader->facts().channels, 6);
  const Tensor rows = reader->read(1);
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(rows.data<std::uint8_t>()[i], (1 + 29 * i) % 256);
}

TEST(PictureStream, PngsAndOtherFormatsReadAsTheyDoWhole) {
  const TempFolder folder;
  for (const char* name : {"a.png", "a.jpg", "a.bmp", "a.webp", "a.tif"})
    for (const std::int64_t channels : {1, 3}) {
      write_image(folder / name, picture(23, 31, channels));
      EXPECT_TRUE(equal(read_all(*open_picture(folder / name)), read_image(folder / name).pixels)) << name;
    }
  write_image(folder / "wide.png", picture(9, 5, 3, DType::f32));
  EXPECT_TRUE(equal(read_all(*open_picture(folder / "wide.png")), read_image(folder / "wide.png").pixels));
  Mask mask{Tensor(DType::u8, {7, 9})};
  for (std::size_t i = 0; i < 63; ++i) mask.labels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i);
  write_mask(folder / "index.png", mask);
  EXPECT_TRUE(equal(read_all(*open_picture(folder / "index.png")), read_image(folder / "index.png").pixels));
  EXPECT_TRUE(equal(read_all(*read_rows_of(picture(8, 3, 2))), picture(8, 3, 2).pixels));
}

TEST(PictureStream, DamageIsToldWhenItIsReached) {
  const TempFolder folder;
  write_image(folder / "a.png", picture(200, 300, 3));
  write_tiff(folder / "a.tif", {});
  for (const char* name : {"a.png", "a.tif"}) {
    std::filesystem::resize_file(folder / name, std::filesystem::file_size(folder / name) * 2 / 3);
    EXPECT_THAT(input_error([&] { read_all(*open_picture(folder / name)); }),
                HasSubstr("cannot read '" + (folder / name).string() + "': the "));
  }
  EXPECT_THAT(input_error([&] { open_picture(folder / "none.png"); }), HasSubstr("none.png': No such file"));
  std::ofstream(folder / "b.png", std::ios::binary) << "\x89PNG\r\n\x1a\n broken";
  EXPECT_THAT(input_error([&] { open_picture(folder / "b.png"); }), HasSubstr("the PNG is damaged ("));
}

/// Writes the rows by fives.
void write_all(PictureWriter& writer, const Tensor& all) {
  const std::int64_t height = all.shape()[0];
  const std::size_t row = all.bytes() / static_cast<std::size_t>(height);
  for (std::int64_t y = 0; y < height; y += 5) {
    Shape shape = all.shape();
    shape[0] = std::min<std::int64_t>(5, height - y);
    Tensor part(all.type(), shape);
    std::memcpy(part.raw(), all.raw() + static_cast<std::size_t>(y) * row, part.bytes());
    writer.write(part);
  }
  writer.close();
}

TEST(PictureStream, WritesPicturesAndMasks) {
  const TempFolder folder;
  for (const std::int64_t channels : {1, 3})
    for (const DType type : {DType::u8, DType::f32}) {
      const Image image = picture(23, 31, channels, type);
      write_all(*create_png(folder / "a.png", {23, 31, channels, type}), image.pixels);
      write_image(folder / "b.png", image);
      EXPECT_TRUE(equal(read_image(folder / "a.png").pixels, read_image(folder / "b.png").pixels));
    }
  Mask mask{Tensor(DType::u8, {600, 301})};
  for (std::size_t i = 0; i < mask.labels.bytes(); ++i)
    mask.labels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i / 777);
  const std::vector<Color> palette{{1, 2, 3}, {4, 5, 6}};
  write_all(*create_mask_png(folder / "mask.png", 600, 301, palette), mask.labels);
  write_all(*create_mask_tiff(folder / "mask.tif", 600, 301, palette), mask.labels);
  for (const char* name : {"mask.png", "mask.tif"}) {
    EXPECT_TRUE(equal(read_mask(folder / name).labels, mask.labels)) << name;
    const RawMask raw = read_raw_mask(folder / name);
    EXPECT_EQ(raw.kind, RawMask::Kind::indexed);
    EXPECT_EQ(raw.palette.at(1), palette[1]);
    EXPECT_EQ(raw.palette.at(2), voc_color(2));
  }
}

TEST(PictureStream, WritesProbabilitiesAsBands) {
  const TempFolder folder;
  Tensor maps(DType::f32, {3, 270, 33});
  for (std::size_t i = 0; i < static_cast<std::size_t>(maps.elements()); ++i)
    maps.data<float>()[i] = static_cast<float>(i) / 1e5f;
  const auto writer = create_float_tiff(folder / "p.tif", 3, 270, 33);
  for (std::int64_t y = 0; y < 270; y += 90) {
    Tensor part(DType::f32, {3, 90, 33});
    for (std::int64_t c = 0; c < 3; ++c)
      std::copy_n(maps.data<float>().begin() + (c * 270 + y) * 33, 90 * 33, part.data<float>().begin() + c * 90 * 33);
    writer->write(part);
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "p.tif")) << "before it is complete";
  writer->close();
  const Tensor back = read_all(*open_picture(folder / "p.tif"));
  ASSERT_EQ(back.shape(), (Shape{270, 33, 3}));
  for (std::size_t i = 0; i < 270 * 33; ++i)
    for (std::size_t c = 0; c < 3; ++c) ASSERT_EQ(back.data<float>()[i * 3 + c], maps.data<float>()[c * 270 * 33 + i]);
}

TEST(PictureStream, AWriterThatIsNotClosedLeavesNothing) {
  const TempFolder folder;
  create_mask_png(folder / "a.png", 10, 10, {})->write(Tensor(DType::u8, {3, 10}));
  create_mask_tiff(folder / "a.tif", 10, 10, {})->write(Tensor(DType::u8, {3, 10}));
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(PictureStream, BigTiffWhereItMayGrowBeyondFourGigabytes) {
  const TempFolder folder;
  const auto version = [&](std::int64_t height) {
    const auto writer = create_mask_tiff(folder / "a.tif", height, 20000, {});
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      std::string start(4, '\0');
      file.read(start.data(), 4);
      return static_cast<int>(start[2]);
    }
    return 0;
  };
  EXPECT_EQ(version(20000), 42);
  EXPECT_EQ(version(300000), 43) << "BigTIFF";
}

}  // namespace
}  // namespace inlay
