#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainConv, IsTheLecturesExample) {
  const Explanation e = explain("conv");
  EXPECT_EQ(text_of(grid_of(e, "input")), "4 5 8 7/1 8 8 8/3 6 6 4/6 5 7 8");
  EXPECT_EQ(text_of(grid_of(e, "kernel")), "1 4 1/1 4 3/3 3 1");
  EXPECT_EQ(text_of(grid_of(e, "output")), "122 148/126 134");
  EXPECT_EQ(text_of(grid_of(e, "A")),
            "1 4 1 0 1 4 3 0 3 3 1 0 0 0 0 0/"
            "0 1 4 1 0 1 4 3 0 3 3 1 0 0 0 0/"
            "0 0 0 0 1 4 1 0 1 4 3 0 3 3 1 0/"
            "0 0 0 0 0 1 4 1 0 1 4 3 0 3 3 1");
  EXPECT_EQ(text_of(grid_of(e, "A · input")), "122 148 126 134");
  EXPECT_EQ(e.parts[0].below, "output (0, 0) = 4·1 + 5·4 + 8·1 + 1·1 + 8·4 + 8·3 + 3·3 + 6·3 + 6·1 = 122");
  expect_all_hold(e);
}

TEST(ExplainConv, ItsTransposeLeadsBackFrom2x2To4x4) {
  const Grid back = grid_of(explain("conv"), "Aᵀ · output");
  EXPECT_EQ(back.rows, 4);
  EXPECT_EQ(back.columns, 4);
  EXPECT_EQ(back.at(0, 0), 122);
  EXPECT_EQ(back.at(0, 1), 122 * 4 + 148);
  const Grid transpose = grid_of(explain("conv"), "Aᵀ");
  EXPECT_EQ(transpose.rows, 16);
  EXPECT_EQ(transpose.at(5, 0), 4);
}

TEST(ExplainConv, From5x5WithStride2AndBack) {
  const Explanation e = explain("conv", {{"size", "5"}, {"stride", "2"}});
  EXPECT_EQ(grid_of(e, "output").rows, 2);
  EXPECT_EQ(grid_of(e, "A").columns, 25);
  EXPECT_EQ(grid_of(e, "Aᵀ · output").rows, 5);
  EXPECT_EQ(grid_of(e, "Aᵀ · output").columns, 5);
  EXPECT_THAT(e.text, HasSubstr("floor((5 + 0 - 3) / 2) + 1 = 2"));
  expect_all_hold(e);
}

TEST(ExplainConv, EveryOptionCounts) {
  const Explanation e = explain("conv", {{"input", "1 2 3; 4 5 6; 7 8 9"},
                                         {"weights", "1 0; 0 -1"},
                                         {"padding", "1"},
                                         {"stride", "2x1"},
                                         {"dilation", "2"},
                                         {"at", "1,2"}});
  // Rows -1 and 1 of the padded input: taps two apart.
  EXPECT_EQ(text_of(grid_of(e, "input amid zeros")), "0 0 0 0 0/0 1 2 3 0/0 4 5 6 0/0 7 8 9 0/0 0 0 0 0");
  EXPECT_EQ(text_of(grid_of(e, "output")), "-5 -6 0/0 4 5") << "rows 0 and 2, taps (y, x) and (y + 2, x + 2)";
  EXPECT_EQ(e.parts[0].below, "output (1, 2) = 5·1 = 5");
  expect_all_hold(e);
}

TEST(ExplainConv, AStrideThatLeavesRowsOverStillComesBack) {
  const Explanation e = explain("conv", {{"size", "6x5"}, {"stride", "2"}, {"kernel", "3x2"}});
  EXPECT_EQ(grid_of(e, "Aᵀ · output").rows, 6);
  expect_all_hold(e);
}

TEST(ExplainConv, OnePixelAndTheLargestThatIsShown) {
  EXPECT_EQ(text_of(grid_of(explain("conv", {{"size", "1"}, {"kernel", "1"}}), "A")), "1");
  const Explanation e = explain("conv", {{"size", "32"}});
  EXPECT_EQ(grid_of(e, "A").columns, 1024);
  expect_all_hold(e);
}

TEST(ExplainConv, SaysWhatCannotBe) {
  EXPECT_THAT(
      explain_error("conv", {{"kernel", "5"}}),
      HasSubstr("explain conv: conv2d at 'example': the height 4 with padding 0+0 is smaller than the window of 5"));
  EXPECT_THAT(explain_error("conv", {{"stride", "0"}}), HasSubstr("stride is 0x0, expected >= 1"));
  EXPECT_THAT(explain_error("conv", {{"dilation", "0"}}), HasSubstr("dilation is 0x0, expected >= 1"));
  EXPECT_THAT(explain_error("conv", {{"padding", "-1"}}), HasSubstr("expected >= 0"));
  EXPECT_THAT(explain_error("conv", {{"padding", "100000"}}), HasSubstr("200002x200002 pixels, too many to be shown"));
  EXPECT_THAT(explain_error("conv", {{"padding", "20"}, {"size", "32"}}),
              HasSubstr("the operator's matrix is 4900 x 1024, too large to be shown; take fewer pixels"));
  EXPECT_THAT(explain_error("conv", {{"at", "2,0"}}), HasSubstr("at is 2,0, outside of the 2x2 output"));
}

TEST(ExplainConv, ThePageShowsThePaddedInputWithItsWindows) {
  const ExplainPlayground p = explain("conv", {{"padding", "1"}}, true).playground;
  ASSERT_EQ(p.sliders.size(), 5u);
  EXPECT_EQ(p.sliders[1].name, "kernel");
  EXPECT_EQ(p.sliders[1].values[p.sliders[1].start], "3");
  EXPECT_EQ(p.sliders[3].values[p.sliders[3].start], "1");
  // size 4, kernel 3, stride 1, padding 1, dilation 1
  const ExplainVariant& v = p.variants.at((((0 * 4 + 2) * 3 + 0) * 3 + 1) * 2 + 0);
  EXPECT_EQ(v.ring, 1);
  EXPECT_EQ(v.grids[0].rows, 6);
  EXPECT_EQ(v.grids[2].rows, 4);
  ASSERT_EQ(v.links.size(), 16u);
  EXPECT_EQ(v.links[0].size(), 9u);
  EXPECT_EQ(v.links[5][0].input, 7) << "output (1, 1) starts at the padded input's (1, 1)";
  EXPECT_EQ(v.links[5][1].weight, 4);
}

}  // namespace
}  // namespace inlay::testing
