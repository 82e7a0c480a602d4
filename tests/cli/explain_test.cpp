#include "inlay/explain.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "inlay/image.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(Explain, PrintsWhatTheLibraryShows) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "explain conv --size 5 --stride 2 --at 1,1");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.out, to_text(explain("conv", {{"size", "5"}, {"stride", "2"}, {"at", "1,1"}})));
}

TEST(Explain, EveryTopicTakesItsOptionsAndShowsItsDefaults) {
  const TempFolder folder;
  for (const ExplainTopic& topic : explain_topics()) {
    const Outcome help = run_inlay(folder, "explain " + topic.name + " --help");
    EXPECT_EQ(help.status, 0) << topic.name;
    for (const ExplainOption& option : topic.options)
      EXPECT_THAT(help.out, HasSubstr(option.name == "net" ? "NET" : "--" + option.name)) << topic.name;
    EXPECT_EQ(topic.pictures, help.out.find("--image") != std::string::npos) << topic.name;
    if (topic.name == "receptive-field") continue;
    const Outcome example = run_shell(folder, "inlay explain " + topic.name + " " + topic.example);
    EXPECT_EQ(example.status, 0) << topic.name << ": " << example.err;
  }
}

TEST(Explain, JsonHoldsTheNumbers) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "explain max-unpool --json -");
  const json result = json::parse(run.out);
  EXPECT_EQ(result.at("topic"), "max-unpool");
  const json& grid = result.at("parts").at(1).at("grids").at(2);
  EXPECT_EQ(grid.at("name"), "output");
  EXPECT_EQ(grid.at("rows"), 4);
  EXPECT_EQ(grid.at("values"), json({0, 0, 2, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, 0, 0, 4}));
  EXPECT_EQ(result.at("checks").at(0).at("holds"), true);
  const json table = json::parse(run_inlay(folder, "explain dilated --json -").out).at("parts").at(1).at("table");
  EXPECT_EQ(table.at("rows").at(2).at(4), "15");
}

TEST(Explain, WritesPagesAndPictures) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "explain skip --html page.html --image skip.png --json out.json");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(contents(folder / "page.html"), HasSubstr("data-topic=\"skip\""));
  EXPECT_EQ(read_image(folder / "skip.png").height(), 384 + 2 * 16);
  EXPECT_EQ(json::parse(contents(folder / "out.json")).at("topic"), "skip");
  EXPECT_THAT(run_inlay(folder, "explain skip --image skip.gif").err, HasSubstr("cannot be written as '.gif'"));
}

TEST(Explain, MistakesEndWithCodeTwo) {
  const TempFolder folder;
  const std::pair<const char*, const char*> mistakes[] = {
      {"explain", "say which command: sliding-window, conv"},
      {"explain convv", "unknown command 'convv'; did you mean 'conv'?; see 'inlay explain --help'"},
      {"explain conv --krnel 3", "unknown option '--krnel'; did you mean '--kernel'?; see 'inlay explain conv --help'"},
      {"explain conv --kernel 5", "explain conv: conv2d at 'example': the height 4 with padding 0+0 is smaller"},
      {"explain conv --stride 0", "stride is 0x0, expected >= 1"},
      {"explain conv --size 100", "numbers are shown for up to 1024 pixels"},
      {"explain conv --image a.png", "unknown option '--image'"},
      {"explain receptive-field unett", "did you mean 'unet'?"},
      {"explain all --size 3", "unknown option '--size'"},
  };
  for (const auto& [arguments, message] : mistakes) {
    const Outcome run = run_inlay(folder, arguments);
    EXPECT_EQ(run.status, 2) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    EXPECT_THAT(run.err, HasSubstr(message));
  }
  EXPECT_TRUE(files_below(folder.path()).empty());
}

}  // namespace
}  // namespace inlay::testing
