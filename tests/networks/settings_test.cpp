// What every network says about its settings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/input_error.h"
#include "support/networks/tested_networks.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class EveryArchitecture : public ::testing::TestWithParam<Architecture> {
 protected:
  std::string name() const { return std::string(GetParam().name); }
  std::string error_with(const std::string& setting, const std::string& value) const {
    return input_error([&] { create_model(name(), {.settings = {{setting, value}}}); });
  }
};

TEST_P(EveryArchitecture, DescribesItselfInALine) {
  EXPECT_THAT(name(), ::testing::MatchesRegex("[a-z][a-z0-9_]*"));
  EXPECT_THAT(std::string(GetParam().about), ::testing::MatchesRegex("[A-Z0-9].*[^.]"));
  EXPECT_LE(GetParam().about.size(), 80u);
  EXPECT_THAT(std::string(GetParam().paper), ::testing::MatchesRegex(".+, .* (19|20)[0-9][0-9]"));
}

TEST_P(EveryArchitecture, AnswersAMisspeltSettingWithTheNearest) {
  for (const auto& [setting, value] : default_settings(GetParam())) {
    const std::string wrong = setting + "x";
    EXPECT_THAT(error_with(wrong, value),
                AllOf(HasSubstr(name() + ": unknown setting '" + wrong + "'"), HasSubstr("did you mean '")));
  }
  EXPECT_THAT(error_with("nonsense", "1"), HasSubstr(name() + ": unknown setting 'nonsense', expected one of "));
}

TEST_P(EveryArchitecture, RefusesAValueOfAnotherKind) {
  for (const auto& [setting, value] : default_settings(GetParam())) {
    EXPECT_THAT(error_with(setting, "?"), AllOf(HasSubstr(name() + ": " + setting + " is '?'"), HasSubstr("expected")));
    if (setting == "width" || setting == "depth") {
      EXPECT_THAT(error_with(setting, "0"), HasSubstr(name() + ": " + setting + " is 0, expected"));
      EXPECT_THAT(error_with(setting, "-1"), HasSubstr(name() + ": " + setting + " is -1, expected"));
    }
  }
}

TEST_P(EveryArchitecture, HasTheSettingsThatItLists) {
  const std::vector<TestedNetwork> tested = tested_networks();
  const auto plainest = std::ranges::find(tested, name(), &TestedNetwork::network);
  const std::map<std::string, std::string> small = plainest->settings;
  std::map<std::string, std::string> all = default_settings(GetParam());
  for (const auto& [setting, value] : small) all[setting] = value;
  EXPECT_EQ(to_string(create_model(name(), {.settings = all}).graph),
            to_string(create_model(name(), {.settings = small}).graph));
}

INSTANTIATE_TEST_SUITE_P(Networks, EveryArchitecture, ::testing::ValuesIn(architectures()),
                         [](const auto& instance) { return std::string(instance.param.name); });

}  // namespace
}  // namespace inlay::testing
