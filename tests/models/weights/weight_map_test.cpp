#include "models/weights/weight_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;
using Kind = WeightRule::Kind;

WeightMap parse(const std::string& text) { return parse_weight_map(text, "my.map"); }
std::string error(const std::string& text) {
  return input_error([&] { parse(text); });
}

TEST(WeightMap, ReadsEveryKindOfRule) {
  const WeightMap map = parse(
      "# a comment\n"
      "\n"
      "a.weight -> b/weight\r\n"
      "  c.* ->\td/* or e/*   # the one that is there\n"
      "k.W -> k/weight | transpose | flip\n"
      "n#1 -> n | reverse_inputs\n"
      "drop **.step\n"
      "fresh head/**");
  ASSERT_EQ(map.rules.size(), 6u);
  EXPECT_EQ(map.rules[0].kind, Kind::assign);
  EXPECT_EQ(map.rules[0].pattern.text(), "a.weight");
  EXPECT_EQ(map.rules[0].targets.at(0).text(), "b/weight");
  EXPECT_TRUE(map.rules[0].transforms.empty());
  ASSERT_EQ(map.rules[1].targets.size(), 2u);
  EXPECT_EQ(map.rules[1].targets[1].text(), "e/*");
  EXPECT_THAT(map.rules[2].transforms, ElementsAre(WeightTransform::transpose, WeightTransform::flip));
  EXPECT_EQ(map.rules[3].pattern.text(), "n#1") << "no comment without a blank before it";
  EXPECT_THAT(map.rules[3].transforms, ElementsAre(WeightTransform::reverse_inputs));
  EXPECT_EQ(map.rules[4].kind, Kind::drop);
  EXPECT_EQ(map.rules[4].pattern.text(), "**.step");
  EXPECT_EQ(map.rules[5].kind, Kind::fresh);
}

TEST(WeightMap, ReadsWhatBelongsToTheModel) {
  const WeightMap map = parse(
      "model = espnet\n"
      "set p = 2\n"
      "set dropout=0.1, 0.2\n"
      "channels = 3\n"
      "classes = 12\n"
      "mean = 0.5, 0.25, 1e-3\n"
      "stddev=72\n"
      "channel_order = bgr\n");
  EXPECT_TRUE(map.rules.empty());
  EXPECT_EQ(map.model, "espnet");
  EXPECT_EQ(map.settings, (std::map<std::string, std::string>{{"p", "2"}, {"dropout", "0.1, 0.2"}}));
  EXPECT_EQ(map.channels, 3);
  EXPECT_EQ(map.classes, 12);
  EXPECT_THAT(map.mean, ElementsAre(0.5, 0.25, 1e-3));
  EXPECT_THAT(map.stddev, ElementsAre(72));
  EXPECT_EQ(map.channel_order, ChannelOrder::bgr);
  const WeightMap empty = parse("");
  EXPECT_FALSE(empty.channels || empty.classes || empty.channel_order);
}

TEST(WeightMap, NamesTheLineThatItDoesNotUnderstand) {
  EXPECT_EQ(error("drop a\nfoo bar\n"),
            "'my.map', line 2: 'foo bar' is no rule; expected 'THEIRS -> OURS', 'drop THEIRS', 'fresh OURS', 'set KEY "
            "= VALUE' or one of model, channels, classes, mean, stddev and channel_order with '= VALUE'");
  for (const char* line : {"a ->", "-> a", "a -> b c", "a -> b or", "a -> b |", "a -> b | flip or c", "drop",
                           "drop a b", "fresh", "set a", "set = 3", "set a =", "mean =", "= 3", "a b c = 3"})
    EXPECT_THAT(error(line), HasSubstr("is no rule; expected")) << line;
  EXPECT_THAT(error("modle = unet"), HasSubstr("'modle' cannot be set, expected one of model, channels, classes, mean, "
                                               "stddev, channel_order; did you mean 'model'?"));
  EXPECT_THAT(
      error("a -> b | flop"),
      HasSubstr(
          "the transform is 'flop', expected one of flip, transpose, reverse_inputs, reshape; did you mean 'flip'?"));
  EXPECT_THAT(error("channels = many"), HasSubstr("channels is 'many', expected a whole number"));
  EXPECT_THAT(error("mean = 1 2"), HasSubstr("mean is '1 2', expected a number or a list of numbers"));
  EXPECT_THAT(error("channel_order = gbr"), HasSubstr("channel_order is 'gbr', expected one of rgb, bgr"));
  EXPECT_THAT(error("\n\na.* -> b"), HasSubstr("'my.map', line 3: 'a.*' has 1 wildcards and 'b' 0"));
  EXPECT_THAT(error("a.* -> b/* or c"), HasSubstr("'a.*' has 1 wildcards and 'c' 0"));
  EXPECT_THAT(error("drop a{"), HasSubstr("line 1: 'a{': a brace has no partner"));
  EXPECT_EQ(error("\xff\xfe"), "'my.map' is no text in UTF-8, as a weight map should be");
}

TEST(WeightMap, TheFirstOfTwoComesFirst) {
  const WeightMap map = joined(parse("drop a\nclasses = 5\nset p = 1\nmean = 1"),
                               parse("b -> c\nclasses = 6\nchannels = 1\nset p = 2\nset q = 3\nmodel = m\nmean = 2\n"
                                     "stddev = 4\nchannel_order = bgr"));
  ASSERT_EQ(map.rules.size(), 2u);
  EXPECT_EQ(map.rules[0].pattern.text(), "a");
  EXPECT_EQ(map.rules[1].pattern.text(), "b");
  EXPECT_EQ(map.classes, 5);
  EXPECT_EQ(map.channels, 1);
  EXPECT_EQ(map.settings, (std::map<std::string, std::string>{{"p", "1"}, {"q", "3"}}));
  EXPECT_EQ(map.model, "m");
  EXPECT_THAT(map.mean, ElementsAre(1));
  EXPECT_THAT(map.stddev, ElementsAre(4));
  EXPECT_EQ(map.channel_order, ChannelOrder::bgr);
}

}  // namespace
}  // namespace inlay
