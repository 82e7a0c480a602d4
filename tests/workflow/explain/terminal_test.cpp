#include <sstream>

#include "base/wrap.h"
#include "workflow/explain/explained.h"
#include "workflow/explain/pictures.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

Grid counted(std::int64_t rows, std::int64_t columns, Grid::Look look = Grid::Look::numbers) {
  Grid grid{.name = "many", .rows = rows, .columns = columns, .look = look};
  for (std::int64_t i = 0; i < rows * columns; ++i) grid.values.push_back(static_cast<double>(i));
  return grid;
}

std::string text_with(Grid grid) {
  Explanation e;
  e.parts.push_back({"part", {std::move(grid)}, {}, ""});
  return to_text(e);
}

TEST(ExplainText, IsThePromisedSketch) {
  const std::string text = to_text(explain("conv"));
  EXPECT_THAT(text, HasSubstr("Forward\n"
                              "  input       kernel     output\n"
                              "  4 5 8 7  ∗  1 4 1   =  122 148\n"
                              "  1 8 8 8     1 4 3      126 134\n"
                              "  3 6 6 4     3 3 1\n"
                              "  6 5 7 8\n"));
  EXPECT_THAT(text, HasSubstr("  1 4 1 · 1 4 3 · 3 3 1 · · · · ·   1 · · ·\n")) << "no zero in the way";
  EXPECT_THAT(text, HasSubstr("  ✓ the matrix of conv_transpose2d is Aᵀ: difference 0\n"));
}

TEST(ExplainText, FitsInto80Columns) {
  std::vector<Explanation> all;
  for (const ExplainTopic& topic : explain_topics())
    all.push_back(explain(topic.name,
                          topic.name == "receptive-field" ? ExplainTexts{{"set", "depth=1 width=4"}} : ExplainTexts{}));
  all.push_back(explain("conv", {{"size", "14x15"}, {"kernel", "5"}}));
  all.push_back(explain("bicubic", {{"size", "9"}, {"scale", "1.5"}}));
  all.push_back(explain("checkerboard", {{"size", "16"}}));
  for (const Explanation& e : all) {
    std::istringstream lines(to_text(e));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_LE(count_columns(line), 80u) << e.topic << ": " << line;
      EXPECT_TRUE(line.empty() || line.back() != ' ') << e.topic << ": " << line;
    }
  }
}

TEST(ExplainText, LargeGridsAreShortened) {
  const std::string wide = text_with(counted(2, 100));
  EXPECT_THAT(wide, HasSubstr("many (2x100)\n"));
  EXPECT_THAT(wide, HasSubstr("  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16   …  99\n"));
  const std::string tall = text_with(counted(50, 1));
  EXPECT_THAT(tall, HasSubstr("many (50x1)\n   0\n"));
  EXPECT_THAT(tall, HasSubstr("  16\n  ⋮\n  48\n  49\n"));
  EXPECT_THAT(text_with(counted(20, 1)), HasSubstr("  18\n  19\n")) << "20 rows are not large";
}

TEST(ExplainText, LongNamesInTablesKeepTheirEnd) {
  Explanation e;
  e.parts.push_back({"part", {}, {{"layer", "kernel"}, {{std::string(90, 'a') + "/conv2d", "3"}}}, ""});
  EXPECT_THAT(to_text(e), HasSubstr("  …" + std::string(62, 'a') + "/conv2d       3\n"));
}

TEST(ExplainText, AFailedCheckIsSeen) {
  Explanation e;
  e.checks.push_back({"one is two", 1, false});
  EXPECT_THAT(to_text(e), HasSubstr("  ✗ one is two: difference 1.0e+00\n"));
}

TEST(ExplainText, PicturesAreDrawnInBlocks) {
  EXPECT_THAT(text_with({.name = "p", .rows = 1, .columns = 5, .values = {0, 1, 2, 3, 4}, .look = Grid::Look::picture}),
              HasSubstr("  p\n    ░░▒▒▓▓██\n"));
  std::istringstream lines(text_with(counted(200, 100, Grid::Look::picture)));
  int rows = -5;  // title, rule, text, an empty line, caption
  for (std::string line; std::getline(lines, line);) ++rows;
  EXPECT_EQ(rows, 1 + 38);
}

TEST(ExplainPictures, SpreadFromBlackToWhite) {
  const auto grey = [](std::vector<double> values) {
    const Image image =
        grey_picture({.rows = 1, .columns = static_cast<std::int64_t>(values.size()), .values = values});
    const auto pixels = image.pixels.data<std::uint8_t>();
    return std::vector<int>(pixels.begin(), pixels.end());
  };
  EXPECT_EQ(grey({0, 1, 2}), (std::vector<int>{0, 128, 255}));
  EXPECT_EQ(grey({-1, 0, 1}), (std::vector<int>{0, 128, 255}));
  EXPECT_EQ(grey({3, 3}), (std::vector<int>{255, 255}));
  EXPECT_EQ(grey({0, 0}), (std::vector<int>{0, 0}));
}

TEST(ExplainPictures, WhereThereIsNoneAnErrorSaysSo) {
  EXPECT_THAT(input_error([] { picture_of(explain("conv")); }),
              HasSubstr("explain conv: there is no picture to write"));
}

}  // namespace
}  // namespace inlay::testing
