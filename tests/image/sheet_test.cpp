#include "inlay/sheet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlay {
namespace {

Image white(std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  std::ranges::fill(image.pixels.data<std::uint8_t>(), std::uint8_t{255});
  return image;
}

std::string as_text(const Image& image) {
  std::string text;
  for (std::int64_t y = 0; y < image.height(); ++y) {
    for (std::int64_t x = 0; x < image.width(); ++x)
      text += image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(3 * (y * image.width() + x))] == 0 ? '#' : '.';
    text += '\n';
  }
  return text;
}

Color at(const Image& image, std::int64_t y, std::int64_t x) {
  const auto pixels = image.pixels.data<std::uint8_t>();
  const auto i = static_cast<std::size_t>(3 * (y * image.width() + x));
  return {pixels[i], pixels[i + 1], pixels[i + 2]};
}

TEST(DrawText, LettersStandBesideEachOther) {
  Image image = white(7, 11);
  draw_text(image, 0, 0, "A1", 1, {0, 0, 0});
  EXPECT_EQ(as_text(image),
            ".###....#..\n#...#..##..\n#...#...#..\n#...#...#..\n#####...#..\n#...#...#..\n#...#..###.\n");
}

TEST(DrawText, IsEnlargedAndCutAtTheEdge) {
  Image image = white(4, 4);
  draw_text(image, -2, 2, "I", 2, {0, 0, 0});
  EXPECT_EQ(as_text(image), "....\n....\n....\n....\n");
  draw_text(image, -2, -2, "I", 2, {0, 0, 0});
  EXPECT_EQ(as_text(image), "..##\n..##\n..##\n..##\n");
}

TEST(DrawText, WhatIsNoAsciiIsAQuestionMark) {
  Image a = white(7, 5), b = white(7, 5);
  draw_text(a, 0, 0, "\x80", 1, {0, 0, 0});
  draw_text(b, 0, 0, "?", 1, {0, 0, 0});
  EXPECT_EQ(as_text(a), as_text(b));
}

TEST(ContactSheet, TilesAreFittedAndEnlargedByWholeFactors) {
  const Image small{Tensor::of<std::uint8_t>({1, 2, 1}, {10, 200})};
  const Image large{Tensor::filled({300, 100, 1}, 0.5f)};
  const Image sheet = contact_sheet(std::vector<SheetTile>{{small, "s"}, {large, "l"}}, 2, {}, 101);
  EXPECT_EQ(sheet.width(), 2 * 101 + 3 * 12);
  EXPECT_EQ(at(sheet, 12, 12), (Color{10, 10, 10}));
  EXPECT_EQ(at(sheet, 12 + 49, 12 + 49), (Color{10, 10, 10}));
  EXPECT_EQ(at(sheet, 12, 12 + 50), (Color{200, 200, 200}));
  EXPECT_EQ(at(sheet, 12 + 52, 12), (Color{255, 255, 255}));
  EXPECT_EQ(at(sheet, 12 + 100, 12 + 101 + 12 + 32), (Color{128, 128, 128}));
}

TEST(ContactSheet, TheLegendShowsEveryColour) {
  const std::vector<SheetLegend> legend{
      {"a class with a long name", {255, 0, 0}}, {"another one", {0, 255, 0}}, {"x", {0, 0, 255}}};
  const Image tile{Tensor(DType::u8, {8, 8, 1})};
  const Image sheet = contact_sheet(std::vector<SheetTile>{{tile, "t"}}, 4, legend, 100);
  for (const SheetLegend& entry : legend) {
    bool found = false;
    for (std::int64_t y = 0; y < sheet.height(); ++y)
      for (std::int64_t x = 0; x < sheet.width(); ++x) found = found || at(sheet, y, x) == entry.color;
    EXPECT_TRUE(found) << entry.name;
  }
}

TEST(ContactSheet, OfNothingIsASmallWhitePicture) {
  const Image sheet = contact_sheet({}, 4, {});
  EXPECT_GE(sheet.height(), 1);
}

}  // namespace
}  // namespace inlay
