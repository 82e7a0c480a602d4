#include "inlay/model.h"
#include "inlay/summary.h"
#include "support/temp_folder.h"
#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

const ExplainTexts kSmall{{"set", "depth=1 width=4"}};

TEST(ExplainReceptiveField, FollowsTheFormulaLayerByLayer) {
  const Explanation e = explain("receptive-field", kSmall);
  const ExplainTable& table = e.parts.at(0).table;
  const std::vector<std::vector<std::string>> expected{
      {"down/4/a/conv2d", "3", "1", "1", "3"},    {"down/4/b/conv2d", "3", "1", "1", "5"},
      {"down/4/max_pool2d", "2", "2", "2", "6"},  {"bottom/8/a/conv2d", "3", "1", "2", "10"},
      {"bottom/8/b/conv2d", "3", "1", "2", "14"}, {"up/4/conv_transpose2d", "1", "0.5", "1", "14"},
      {"merge/4/a/conv2d", "3", "1", "1", "16"},  {"merge/4/b/conv2d", "3", "1", "1", "18"}};
  EXPECT_EQ(table.rows, expected);
  EXPECT_EQ(e.parts[0].below, "formula: 18x18 pixels");
}

TEST(ExplainReceptiveField, MeasuresWhatTheFormulaAllows) {
  const Explanation e = explain("receptive-field", kSmall);
  EXPECT_THAT(e.parts.at(1).below, HasSubstr("measured: 18x18 pixels of the 26x26 picture"));
  const Grid gradient = grid_of(e, "gradient");
  EXPECT_EQ(gradient.rows, 26);
  EXPECT_EQ(gradient.look, Grid::Look::picture);
  EXPECT_EQ(*std::max_element(gradient.values.begin(), gradient.values.end()), 1);
  EXPECT_EQ(gradient.at(0, 0), 0);
  expect_all_hold(e);
}

TEST(ExplainReceptiveField, TakesAModelFileASizeAndAPixel) {
  const TempFolder folder;
  save_model(create_model("unet", {.in_channels = 1, .settings = {{"depth", "1"}, {"width", "4"}}}),
             folder / "net.onnx");
  const Explanation e = explain("receptive-field", {{"net", (folder / "net.onnx").string()},
                                                    {"size", "20x30"},
                                                    {"at", "0,1"},
                                                    {"weights", "own"},
                                                    {"pictures", "1"},
                                                    {"seed", "3"}});
  EXPECT_THAT(e.parts.at(1).caption, HasSubstr("output (0, 1)"));
  EXPECT_EQ(grid_of(e, "gradient").columns, 30);
  EXPECT_THAT(e.parts[1].below, HasSubstr("the picture's border cuts it off"));
}

TEST(ExplainReceptiveField, SaysWhatCannotBe) {
  EXPECT_THAT(explain_error("receptive-field", {{"net", "unett"}}), HasSubstr("did you mean 'unet'"));
  EXPECT_THAT(explain_error("receptive-field", {{"set", "widht=3"}}), HasSubstr("did you mean 'width'"));
  EXPECT_THAT(explain_error("receptive-field", {{"set", "width"}}), HasSubstr("key=value"));
  EXPECT_THAT(explain_error("receptive-field", {{"size", "3000"}, {"set", "width=2"}}),
              HasSubstr("size is 3000, expected 1 to 2048"));
  EXPECT_THAT(explain_error("receptive-field", {{"size", "100"}, {"set", "width=2"}}), HasSubstr("try 112x112"));
  EXPECT_THAT(explain_error("receptive-field", {{"weights", "mine"}}), HasSubstr("expected one of constant, own"));
  ExplainTexts texts = kSmall;
  texts["pictures"] = "0";
  EXPECT_THAT(explain_error("receptive-field", texts), HasSubstr("0 pictures to probe with"));
  texts = kSmall;
  texts["at"] = "26,0";
  EXPECT_THAT(explain_error("receptive-field", texts), HasSubstr("outside of the logits"));
}

TEST(ExplainReceptiveField, ThePageComparesTheWeights) {
  const ExplainPlayground p = explain("receptive-field", kSmall, true).playground;
  ASSERT_EQ(p.variants.size(), 2u);
  EXPECT_NE(p.variants[0].grids.at(0).values, p.variants[1].grids.at(0).values);
  EXPECT_THAT(p.variants[0].note, HasSubstr("formula: 18x18 pixels; measured: 18x18"));
  EXPECT_TRUE(p.variants[0].links.empty());
}

}  // namespace
}  // namespace inlay::testing
