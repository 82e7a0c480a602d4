#include "models/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/input_error.h"

namespace inlay {
namespace {

TEST(Width, MultipliesChannels) {
  EXPECT_EQ(scaled(64, 1), 64);
  EXPECT_EQ(scaled(64, 0.25), 16);
  EXPECT_EQ(scaled(3, 0.5), 2) << "to the nearest, halves up";
  EXPECT_EQ(scaled(3, 0.01), 1) << "never none";
  EXPECT_NO_THROW(check_width("net", 8.0));
  EXPECT_THAT(testing::input_error([] { check_width("net", 0.0); }),
              ::testing::HasSubstr("net: width is 0, expected a number above 0 and up to 8"));
  EXPECT_THROW(check_width("net", 8.1), InputError);
}

TEST(Width, MayBeChannels) {
  EXPECT_NO_THROW(check_width("net", std::int64_t{1024}));
  EXPECT_THAT(testing::input_error([] { check_width("net", std::int64_t{1025}); }),
              ::testing::HasSubstr("net: width is 1025, expected 1 to 1024"));
  EXPECT_THROW(check_width("net", std::int64_t{0}), InputError);
}

struct Common {
  double width = 1;
  double dropout = 0.5;
  static void visit(auto& self, auto&& field) {
    field("width", self.width);
    field("dropout", self.dropout);
  }
};

TEST(ParseSettings, ChecksWhatEveryNetworkMayHave) {
  EXPECT_NO_THROW(parse_settings<Common>("net", {{"width", "0.5"}, {"dropout", "0"}}));
  EXPECT_THAT(testing::input_error([] {
                parse_settings<Common>("net", {{"width", "9"}});
              }),
              ::testing::HasSubstr("net: width is 9, expected a number above 0 and up to 8"));
  EXPECT_THAT(testing::input_error([] {
                parse_settings<Common>("net", {{"dropout", "1"}});
              }),
              ::testing::HasSubstr("net: dropout is 1, expected 0 <= dropout < 1"));
}

using ::testing::HasSubstr;
using testing::input_error;

enum class Fruit : std::uint8_t { apple, pear };
constexpr auto enum_names(Fruit) { return std::array<std::string_view, 2>{"apple", "pear"}; }

struct Example {
  std::int64_t count = 3;
  double rate = 0.5;
  bool fresh = true;
  std::vector<double> list = {0.25};
  Fruit fruit = Fruit::pear;
  std::vector<std::int64_t> steps = {1, 2};
  std::optional<Fruit> second;
  static void visit(auto& self, auto&& field) {
    field("count", self.count);
    field("rate", self.rate);
    field("fresh", self.fresh);
    field("list", self.list);
    field("fruit", self.fruit);
    field("steps", self.steps);
    field("second", self.second);
  }
};

Example parse(const SettingTexts& texts) { return parse_settings<Example>("net", texts); }
std::string error_of(const std::string& name, const std::string& text) {
  return input_error([&] { parse({{name, text}}); });
}

TEST(Settings, ReadsEveryKind) {
  const Example e = parse({{"count", " -7 "},
                           {"rate", "1e-3"},
                           {"fresh", "off"},
                           {"list", "[0.1, 0,0.5]"},
                           {"fruit", "apple"},
                           {"steps", "1, 2,4"},
                           {"second", "pear"}});
  EXPECT_EQ(e.count, -7);
  EXPECT_EQ(e.rate, 1e-3);
  EXPECT_FALSE(e.fresh);
  EXPECT_EQ(e.list, (std::vector<double>{0.1, 0, 0.5}));
  EXPECT_EQ(e.fruit, Fruit::apple);
  EXPECT_EQ(e.steps, (std::vector<std::int64_t>{1, 2, 4}));
  EXPECT_EQ(e.second, Fruit::pear);
  EXPECT_FALSE(parse({{"second", "none"}}).second);
}

TEST(Settings, KeepsDefaults) {
  const Example e = parse({{"list", "2"}});
  EXPECT_EQ(e.count, 3);
  EXPECT_EQ(e.list, std::vector<double>{2});
}

TEST(Settings, KnowsWaysToSayYesAndNo) {
  for (const char* yes : {"on", "true", "yes", "1"}) EXPECT_TRUE(parse({{"fresh", yes}}).fresh);
  for (const char* no : {"off", "false", "no", "0"}) EXPECT_FALSE(parse({{"fresh", no}}).fresh);
}

TEST(Settings, ExplainsWhatDoesNotWork) {
  EXPECT_THAT(error_of("cuont", "3"), HasSubstr("net: unknown setting 'cuont', expected one of count, rate, fresh, "
                                                "list, fruit, steps, second; did you mean 'count'?"));
  EXPECT_THAT(error_of("count", "3.5"), HasSubstr("net: count is '3.5', expected a whole number"));
  EXPECT_THAT(error_of("count", ""), HasSubstr("expected a whole number"));
  EXPECT_THAT(error_of("rate", "fast"), HasSubstr("net: rate is 'fast', expected a number"));
  EXPECT_THAT(error_of("rate", "inf"), HasSubstr("expected a number"));
  EXPECT_THAT(error_of("fresh", "maybe"), HasSubstr("net: fresh is 'maybe', expected on or off"));
  for (const char* list : {"", "[]", "1,", "1,,2", "[1,2", "a", "nan"})
    EXPECT_THAT(error_of("list", list), HasSubstr("expected a number or a list of numbers such as 0.1,0.2")) << list;
  for (const char* list : {"", "1,", "1.5", "1,x"})
    EXPECT_THAT(error_of("steps", list), HasSubstr("expected a whole number or a list of whole numbers such as 1,2"));
  EXPECT_THAT(error_of("second", "paer"),
              HasSubstr("net: second is 'paer', expected none or one of apple, pear; did you mean 'pear'?"));
  EXPECT_THAT(error_of("fruit", "appel"),
              HasSubstr("net: fruit is 'appel', expected one of apple, pear; did you mean 'apple'?"));
}

TEST(Settings, PrintsDefaults) {
  EXPECT_EQ(print_setting(1.0), "1");
  EXPECT_EQ(print_defaults<Example>(),
            "count=3 rate=0.5 fresh=true list=0.25 fruit=pear|apple steps=1,2 second=none|apple|pear");
}

}  // namespace
}  // namespace inlay
