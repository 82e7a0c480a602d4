#include <gif_lib.h>
#include <gmock/gmock.h>

#include "support/picture_files.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Layout {
  int width = 3, height = 1, left = 0, top = 0, canvas_width = 3, canvas_height = 1, background = 0;
  bool interlaced = false, grey = false;
};

int append(GifFileType* file, const GifByteType* bytes, int count) {
  static_cast<std::string*>(file->UserData)
      ->append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count));
  return count;
}

// By giflib's own writing. Colour i of the palette is (i, 0, 0), or grey.
std::string make(const Layout& layout, std::vector<GifByteType> pixels, int pictures = 1) {
  std::string out;
  int error = 0;
  GifFileType* file = EGifOpen(&out, append, &error);
  ColorMapObject* colors = GifMakeMapObject(256, nullptr);
  for (int i = 0; i < 256; ++i) {
    const auto v = static_cast<GifByteType>(i), other = layout.grey ? v : GifByteType{0};
    colors->Colors[i] = {v, other, other};
  }
  EGifPutScreenDesc(file, layout.canvas_width, layout.canvas_height, 8, layout.background, colors);
  EGifPutExtension(file, COMMENT_EXT_FUNC_CODE, 2, "hi");
  for (; pictures > 0; --pictures) {
    EGifPutImageDesc(file, layout.left, layout.top, layout.width, layout.height, layout.interlaced, nullptr);
    for (int y = 0; y < layout.height; ++y) EGifPutLine(file, pixels.data() + y * layout.width, layout.width);
    for (GifByteType& pixel : pixels) pixel = 99;  // the further pictures differ
  }
  EGifCloseFile(file, &error);
  GifFreeMapObject(colors);
  return out;
}

class Gif : public testing::PictureFiles {};

TEST_F(Gif, ColoursOfThePalette) {
  const std::string file = make({}, {1, 2, 200}, 2);
  EXPECT_THAT(read(file).pixels.data<std::uint8_t>(), ElementsAre(1, 0, 0, 2, 0, 0, 200, 0, 0));
  const RawMask mask = read_as_mask(file);
  EXPECT_EQ(mask.kind, RawMask::Kind::indexed);
  EXPECT_THAT(mask.values.data<std::int32_t>(), ElementsAre(1, 2, 200));
}

TEST_F(Gif, APaletteOfGreysIsGrey) {
  const std::string file = make({.grey = true}, {0, 255, 7});
  EXPECT_THAT(read(file).pixels.data<std::uint8_t>(), ElementsAre(0, 255, 7));
  EXPECT_EQ(read(file).channels(), 1);
  EXPECT_EQ(read_as_mask(file).kind, RawMask::Kind::grey);
}

TEST_F(Gif, InterlacedRows) {
  // Stored: rows 0, 4, 2, 1, 3.
  const Layout layout{.width = 1, .height = 5, .canvas_width = 1, .canvas_height = 5, .interlaced = true, .grey = true};
  EXPECT_THAT(read(make(layout, {10, 14, 12, 11, 13})).pixels.data<std::uint8_t>(), ElementsAre(10, 11, 12, 13, 14));
}

TEST_F(Gif, APictureSmallerThanTheCanvasLeavesTheBackground) {
  const Layout layout{.width = 1,
                      .height = 1,
                      .left = 1,
                      .top = 1,
                      .canvas_width = 2,
                      .canvas_height = 2,
                      .background = 9,
                      .grey = true};
  EXPECT_THAT(read(make(layout, {5})).pixels.data<std::uint8_t>(), ElementsAre(9, 9, 9, 5));
}

TEST_F(Gif, WhatIsWrongIsSaid) {
  constexpr std::size_t kFlags = 10, kPalette = 13;
  std::string colourless = make({}, {1, 2, 3});
  colourless[kFlags] = static_cast<char>(colourless[kFlags] & 0x7f);
  EXPECT_THAT(complaint(colourless.erase(kPalette, 768)), HasSubstr("it has no palette"));
  EXPECT_THAT(complaint(make({.left = 1}, {1, 2, 3})), HasSubstr("is not within 1x3"));
  EXPECT_THAT(complaint(make({}, {1, 2, 3}, 0)), HasSubstr("holds no picture"));
  EXPECT_THAT(complaint("GIF89a"), HasSubstr("the GIF is damaged"));
  EXPECT_THAT(testing::message_of<InputError>([] {
                encode_image({Tensor(DType::u8, {1, 1, 1})}, ".gif");
              }),
              HasSubstr("cannot be written as '.gif'"));
}

TEST_F(Gif, DamageIsTold) { expect_damage_is_told(make({.grey = true}, {0, 255, 7}), 4); }

}  // namespace
}  // namespace inlay
