// The whole lecture: its receptive field runs a U-Net of the usual size forward and backward.
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "support/temp_folder.h"
#include "workflow/explain/explained.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(ExplainAll, IsOnePageAndOneText) {
  const TempFolder folder;
  const std::string line = fmt::format("cd '{}' && '{}' explain all --html page.html --json all.json > all.txt",
                                       folder.path().string(), INLAY_PROGRAM);
  ASSERT_EQ(std::system(line.c_str()), 0);
  const std::string text = read_file(folder / "all.txt"), page = read_file(folder / "page.html");
  const auto json = nlohmann::json::parse(read_file(folder / "all.json"));
  std::size_t number = 0;
  for (const ExplainTopic& topic : explain_topics()) {
    EXPECT_THAT(text, HasSubstr(topic.title + "\n─")) << topic.name;
    EXPECT_THAT(page, HasSubstr("<a href=\"#" + topic.name + "\">")) << topic.name;
    EXPECT_THAT(page, HasSubstr("data-topic=\"" + topic.name + "\"")) << topic.name;
    EXPECT_EQ(json.at(number).at("topic"), topic.name);
    for (const auto& check : json.at(number).at("checks")) EXPECT_EQ(check.at("holds"), true) << check;
    ++number;
  }
  EXPECT_THAT(text, HasSubstr("formula: 200x200 pixels"));
  EXPECT_LT(page.size(), 2'000'000u);
}

}  // namespace
}  // namespace inlay::testing
