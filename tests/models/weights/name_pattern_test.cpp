#include "models/weights/name_pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

/// The name that `ours` makes of `name`; "no" when it does not match.
std::string map(const char* theirs, const char* ours, const char* name) {
  const NamePattern from(theirs), to(ours);
  to.expect_fillable_from(from);
  const auto captures = from.match(name);
  return captures ? to.fill(*captures) : "no";
}

TEST(NamePattern, LiteralsMatchWholeNamesWithDotsOrSlashes) {
  EXPECT_EQ(map("conv1.weight", "a/weight", "conv1.weight"), "a/weight");
  EXPECT_EQ(map("conv1.weight", "a.weight", "conv1/weight"), "a/weight");
  EXPECT_EQ(map("conv1.weight", "a", "conv1.weights"), "no");
  EXPECT_EQ(map("conv1.weight", "a", "conv1"), "no");
  EXPECT_EQ(map("conv1", "a", "conv1.weight"), "no");
}

TEST(NamePattern, AStarStaysWithinAPart) {
  EXPECT_EQ(map("layer*.weight", "stage*/w", "layer12.weight"), "stage12/w");
  EXPECT_EQ(map("layer*.weight", "stage*/w", "layer.weight"), "stage/w");
  EXPECT_EQ(map("layer*.weight", "stage*/w", "layer1.0.weight"), "no");
  EXPECT_EQ(map("*.*.weight", "*/x/*", "a.b.weight"), "a/x/b");
  EXPECT_EQ(map("*_*.weight", "*/*", "a_b_c.weight"), "a/b_c") << "as short as possible from the left";
  EXPECT_EQ(map("d*d", "*", "d1d2d"), "1d2");
}

TEST(NamePattern, TwoStarsAreAnyNumberOfParts) {
  EXPECT_EQ(map("**.bn.weight", "net/**/scale", "a.b.bn.weight"), "net/a/b/scale");
  EXPECT_EQ(map("**.bn.weight", "net/**/scale", "bn.weight"), "net/scale");
  EXPECT_EQ(map("**", "**", "a.b"), "a/b");
  EXPECT_EQ(map("**.weight", "**/w", "a.weight.weight"), "a/weight/w");
  EXPECT_EQ(map("**.x.**", "**/y/**", "a.x.b.x.c"), "a/y/b/x/c");
  EXPECT_EQ(map("fc.**", "**", "fcc.weight"), "no");
}

TEST(NamePattern, AChoiceIsTranslatedByPlace) {
  EXPECT_EQ(map("bn.{weight,bias}", "{scale,shift}", "bn.weight"), "scale");
  EXPECT_EQ(map("bn.{weight,bias}", "{scale,shift}", "bn.bias"), "shift");
  EXPECT_EQ(map("bn.{weight,bias}", "{scale,shift}", "bn.mean"), "no");
  EXPECT_EQ(map("b{1,12}.w", "level*", "b12.w"), "level12") << "a star takes the text";
  EXPECT_EQ(map("b{1,12}2.w", "level{x,y}", "b12.w"), "levelx");
  EXPECT_EQ(map("{a,ab}{,c}", "{1,2}{3,4}", "abc"), "24");
  EXPECT_EQ(map("{a,ab}{,c}", "{1,2}{3,4}", "a"), "13");
}

TEST(NamePattern, LongNamesAreNoBurden) {
  std::string name = "a";
  for (int i = 0; i < 499; ++i) name += ".a";
  EXPECT_FALSE(NamePattern("**.a.**.b").match(name));
  EXPECT_TRUE(NamePattern("**.a.**.a").match(name));
}

TEST(NamePattern, RefusesWhatMeansNothing) {
  const auto error = [](const char* text) { return input_error([&] { NamePattern pattern(text); }); };
  EXPECT_EQ(error(""), "a name is missing");
  EXPECT_THAT(error("a**.b"), HasSubstr("'a**.b': ** stands for whole parts of a name and must be alone between dots"));
  EXPECT_THAT(error("a{b"), HasSubstr("'a{b': a brace has no partner within a part of the name"));
  EXPECT_THAT(error("a}b"), HasSubstr("a brace has no partner"));
  EXPECT_THAT(error("{a.b,c}"), HasSubstr("a brace has no partner"));
}

TEST(NamePattern, BothSidesMustPairUp) {
  const auto error = [](const char* theirs, const char* ours) { return input_error([&] { map(theirs, ours, ""); }); };
  EXPECT_EQ(error("a*.b*", "c*"),
            "'a*.b*' has 2 wildcards and 'c*' 1; each stands for its counterpart on the other side");
  EXPECT_THAT(error("a", "*"), HasSubstr("'a' has 0 wildcards and '*' 1"));
  EXPECT_EQ(error("**.a", "*"),
            "wildcard 1 of '**.a' and of '*' do not go together: ** goes with **, {a,b} with {c,d} or *");
  EXPECT_THAT(error("*", "**"), HasSubstr("wildcard 1 of '*' and of '**' do not go together"));
  EXPECT_THAT(error("**.{a,b}", "**.{a,b,c}"), HasSubstr("wildcard 2 of"));
  EXPECT_THAT(error("*", "{a,b}"), HasSubstr("do not go together"));
}

}  // namespace
}  // namespace inlay
