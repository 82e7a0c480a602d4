#include "inlay/attributes.h"

#include <gtest/gtest.h>

#include "inlay/error.h"

namespace inlay {
namespace {

std::string error_of(auto call) {
  try {
    call();
  } catch (const InputError& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Attributes, PrintEveryKind) {
  EXPECT_EQ(to_string(Attribute(true)), "true");
  EXPECT_EQ(to_string(Attribute(std::int64_t{-3})), "-3");
  EXPECT_EQ(to_string(Attribute(2.0)), "2.0");
  EXPECT_EQ(to_string(Attribute(1e-5)), "1e-05");
  EXPECT_EQ(to_string(Attribute(std::string("bilinear"))), "bilinear");
  EXPECT_EQ(to_string(Attribute(std::vector<std::int64_t>{1, 2})), "[1, 2]");
  EXPECT_EQ(to_string(Attribute(std::vector<double>{1, 2.5})), "[1.0, 2.5]");
}

TEST(Attributes, ComeBackFromTextWithTheirKind) {
  Attributes attributes;
  attributes.set("training", true);
  attributes.set("groups", std::int64_t{4});
  attributes.set("epsilon", 1e-5);
  attributes.set("scale", 2.0);
  attributes.set("mode", std::string("bilinear"));
  attributes.set("stride", std::vector<std::int64_t>{2, 1});
  attributes.set("factors", std::vector<double>{2, 0.5});
  const std::string text =
      "{training=true, groups=4, epsilon=1e-05, scale=2.0, mode=bilinear, stride=[2, 1], factors=[2.0, 0.5]}";
  EXPECT_EQ(to_string(attributes), text);
  EXPECT_EQ(parse_attributes(text), attributes);
}

TEST(Attributes, MayBeNone) {
  EXPECT_EQ(to_string(Attributes()), "");
  EXPECT_TRUE(parse_attributes("").empty());
  EXPECT_TRUE(parse_attributes(" {} ").empty());
  EXPECT_EQ(Attributes().find("x"), nullptr);
}

TEST(Attributes, SettingTwiceReplaces) {
  Attributes attributes;
  attributes.set("a", std::int64_t{1});
  attributes.set("a", 2.5);
  EXPECT_EQ(to_string(attributes), "{a=2.5}");
}

TEST(Attributes, SayWhatIsNoAttribute) {
  EXPECT_EQ(error_of([] { parse_attributes("a=1"); }), "expected {name=value, ...}, got 'a=1'");
  EXPECT_EQ(error_of([] { parse_attributes("{a}"); }), "expected name=value, got 'a'");
  EXPECT_EQ(error_of([] { parse_attribute("[1, x]"); }), "'x' is no number in the list [1, x]");
}

}  // namespace
}  // namespace inlay
