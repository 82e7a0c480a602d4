#include "workflow/explain/options.h"

#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainGrids, AreReadAsTheyAreTyped) {
  EXPECT_EQ(text_of(parse_grid("", "1 2 3; 4 5 6")), "1 2 3/4 5 6");
  EXPECT_EQ(text_of(parse_grid("", "1,2;\n3, -4.5e1;")), "1 2/3 -45");
  EXPECT_EQ(text_of(parse_grid("", "\t7 ")), "7");
}

TEST(ExplainGrids, SayWhatIsNoGrid) {
  const auto error = [](std::string_view text) { return input_error([&] { parse_grid("input", text); }); };
  EXPECT_THAT(error(""), HasSubstr("input: there is no number"));
  EXPECT_THAT(error(" ; "), HasSubstr("there is no number"));
  EXPECT_THAT(error("1 two"), HasSubstr("'two' is no number; expected rows of numbers, as \"1 2; 3 4\""));
  EXPECT_THAT(error("1 nan"), HasSubstr("'nan' is no number"));
  EXPECT_THAT(error("1 1e999"), HasSubstr("'1e999' is no number"));
  EXPECT_THAT(error("1 2; 3"), HasSubstr("row 1 has 1 numbers and row 0 has 2"));
}

TEST(ExplainGrids, DecimalsAreAsManyAsAreNeeded) {
  EXPECT_EQ(decimals_of(std::vector<double>{1, -20, 0}), 0);
  EXPECT_EQ(decimals_of(std::vector<double>{1, 0.5}), 2);
  EXPECT_EQ(decimals_of(std::vector<double>{0.0625}), 4);
  EXPECT_EQ(decimals_of(std::vector<double>{1.0 / 3}), 3);
  EXPECT_EQ(decimals_of(std::vector<double>{10.0 / 3}), 2);
  EXPECT_EQ(number_text(-0.001, 2), "0.00");
  EXPECT_EQ(number_text(-1.5, 1), "-1.5");
}

TEST(ExplainGrids, MadeUpNumbersAreDigits) {
  for (const double value : made_up_grid({9, 11}).values) {
    EXPECT_GE(value, 1);
    EXPECT_LE(value, 9);
    EXPECT_EQ(value, std::floor(value));
  }
  EXPECT_EQ(difference(made_up_grid(2), made_up_grid({2, 3})), std::numeric_limits<double>::infinity());
}

TEST(ExplainOptions, SizesPaddingsFactorsAndPixels) {
  Size2 size = 0;
  parse_setting("kernel", "3", size);
  EXPECT_EQ(size, Size2(3));
  parse_setting("kernel", "3x5", size);
  EXPECT_EQ(size, Size2(3, 5));
  EXPECT_EQ(option_text(size), "3x5");
  Padding padding = 0;
  parse_setting("padding", "1x2", padding);
  EXPECT_EQ(padding, Padding(1, 2, 1, 2));
  EXPECT_EQ(option_text(Padding(1)), "1");
  Scale2 scale = 1;
  parse_setting("scale", "1.5x2", scale);
  EXPECT_EQ(scale, Scale2(1.5, 2));
  PixelAt at;
  parse_setting("at", "3,4", at);
  EXPECT_EQ(option_text(at), "3,4");
  EXPECT_EQ(option_text(parse_grid("", "1 2; 3 4")), "1 2; 3 4");
}

TEST(ExplainOptions, SayWhatCannotBeUnderstood) {
  Size2 size = 0;
  Padding padding = 0;
  Scale2 scale = 1;
  PixelAt at;
  EXPECT_THAT(input_error([&] { parse_setting("kernel", "3y5", size); }),
              HasSubstr("kernel: '3y5' is no size; expected N or HxW, as 3 or 3x5"));
  EXPECT_THAT(input_error([&] { parse_setting("kernel", "9999999", size); }), HasSubstr("is no size"));
  EXPECT_THAT(input_error([&] { parse_setting("padding", "", padding); }), HasSubstr("'' is no padding"));
  EXPECT_THAT(input_error([&] { parse_setting("scale", "x", scale); }), HasSubstr("'x' is no factor"));
  EXPECT_THAT(input_error([&] { parse_setting("at", "3", at); }), HasSubstr("expected ROW,COLUMN"));
}

TEST(ExplainOptions, SizeAndNumbersMustAgree) {
  EXPECT_EQ(text_of(InputChoice{Size2(2), parse_grid("", "1 2; 3 4")}.grid({})), "1 2/3 4");
  EXPECT_THAT(input_error([] {
                InputChoice{Size2(3), parse_grid("", "1 2")}.grid({});
              }),
              HasSubstr("size is 3x3, but input has 1x2 numbers; leave one of the two out"));
  EXPECT_THAT(input_error([] { KernelChoice{Size2(0), {}}.grid({}); }), HasSubstr("kernel is 0x0, expected >= 1"));
  EXPECT_THAT(input_error([] {
                InputChoice{Size2(33, 32), {}}.grid({});
              }),
              HasSubstr("size is 33x32; numbers are shown for up to 1024 pixels"));
}

TEST(ExplainTopics, EachListsItsOptionsAndRunsItsExample) {
  const auto list = explain_topics();
  EXPECT_EQ(list.size(), 13u);
  for (const ExplainTopic& topic : list) {
    EXPECT_FALSE(topic.title.empty() || topic.about.empty() || topic.example.empty()) << topic.name;
    for (const ExplainOption& option : topic.options) EXPECT_FALSE(option.about.empty()) << topic.name << option.name;
    EXPECT_THAT(explain_error(topic.name, {{"colour", "red"}}),
                HasSubstr("explain " + topic.name + ": there is no option 'colour'; the options of " + topic.name));
  }
  EXPECT_THAT(explain_error("convv", {}), HasSubstr("nothing to explain about 'convv'"));
  EXPECT_THAT(explain_error("convv", {}), HasSubstr("did you mean 'conv'?"));
}

}  // namespace
}  // namespace inlay::testing
