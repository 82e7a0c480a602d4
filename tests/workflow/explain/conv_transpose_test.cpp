#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainConvTranspose, IsTheLecturesExample) {
  const Explanation e = explain("conv-transpose");
  EXPECT_EQ(text_of(grid_of(e, "output", "Forward")), "2 9 6 1/6 29 30 7/10 29 33 13/12 24 16 4");
  EXPECT_EQ(e.parts[0].below, "output (1, 1) = 2·4 + 1·1 + 4·4 + 4·1 = 29");
  EXPECT_EQ(text_of(grid_of(e, "A")), text_of(grid_of(explain("conv"), "Aᵀ"))) << "named for its matrix";
  expect_all_hold(e);
}

TEST(ExplainConvTranspose, IsADirectConvolutionOfTheStretchedInput) {
  const Explanation e = explain("conv-transpose", {{"stride", "2"}, {"padding", "1"}, {"output-padding", "1"}});
  const Grid stretched = grid_of(e, "stretched input");
  EXPECT_EQ(text_of(stretched), "0 0 0 0 0 0/0 2 0 1 0 0/0 0 0 0 0 0/0 4 0 4 0 0/0 0 0 0 0 0/0 0 0 0 0 0");
  EXPECT_EQ(text_of(grid_of(e, "turned")), "1 3 3/3 4 1/1 4 1");
  EXPECT_EQ(text_of(grid_of(e, "output", "direct")), text_of(grid_of(e, "output", "Forward")));
  EXPECT_EQ(e.checks[0].what, "the direct convolution gives the same");
  EXPECT_THAT(e.text, HasSubstr("1·2 + 3 - 2 + 1 = 4"));
  expect_all_hold(e);
}

TEST(ExplainConvTranspose, WithMorePaddingThanADirectConvolutionCanHave) {
  const Explanation e = explain("conv-transpose", {{"size", "5"}, {"padding", "3"}});
  for (const ExplainPart& part : e.parts) EXPECT_EQ(part.caption.find("direct"), std::string::npos);
  EXPECT_EQ(grid_of(e, "output").rows, 5 - 1 + 3 - 6);
}

TEST(ExplainConvTranspose, Stride2FromA2x2InputMakes5x5) {
  EXPECT_EQ(grid_of(explain("conv-transpose", {{"stride", "2"}}), "output").rows, 5);
  const Explanation dilated = explain("conv-transpose", {{"dilation", "2"}, {"kernel", "2"}, {"input", "1"}});
  EXPECT_EQ(grid_of(dilated, "output").at(0, 1), 0) << "between the weights";
  expect_all_hold(dilated);
}

TEST(ExplainConvTranspose, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("conv-transpose", {{"output-padding", "1"}}), HasSubstr("expected 0 to stride - 1 = 0"));
  EXPECT_THAT(explain_error("conv-transpose", {{"padding", "5"}}), HasSubstr("takes all of it"));
  EXPECT_THAT(explain_error("conv-transpose", {{"size", "30"}, {"stride", "4"}}),
              HasSubstr("from 30x30 to 119x119 pixels the operator's matrix is 14161 x 900"));
}

}  // namespace
}  // namespace inlay::testing
