#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.h"
#include "inlay/model.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(Models, AreATableOf80Columns) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "models");
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.err, "");
  EXPECT_THAT(run.out, HasSubstr("Network              Parameters Mult-adds  Field  Paper\n"
                                 "unet                     1.94 M    12.1 G    200  Ronneberger et al. 2015\n"));
  for (const Architecture& network : architectures())
    EXPECT_THAT(run.out, HasSubstr("\n" + std::string(network.name) + " ")) << network.name;
  std::istringstream lines(run.out);
  for (std::string line; std::getline(lines, line);) {
    const auto columns = std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
    EXPECT_LE(columns, 80) << line;
  }
}

TEST(Models, AreThoseOfTheDocs) {
  const TempFolder folder;
  const std::string out = run_inlay(folder, "models").out, table = out.substr(0, out.find("\n\n") + 1);
  EXPECT_TRUE(contents(INLAY_SOURCE "/docs/networks.md").find("```\n" + table + "```\n") != std::string::npos)
      << "docs/networks.md has another table than\n"
      << table;
  const std::string count = std::to_string(architectures().size()) + " networks: ";
  EXPECT_TRUE(contents(INLAY_SOURCE "/README.md").find(count) != std::string::npos)
      << "README.md does not say " << count;
}

TEST(Models, OneSaysWhatItsSettingsAre) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "models unet");
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, HasSubstr("  Pictures        sides divisible by 16\n"));
  EXPECT_THAT(run.out, HasSubstr("  Parameters      1,942,577 trained, 2,944 running statistics\n"));
  EXPECT_THAT(run.out, HasSubstr("  Multiply-adds   12.1 G for 512x512\n"));
  EXPECT_THAT(run.out, HasSubstr("  Receptive field 200x200 pixels\n"));
  EXPECT_THAT(run.out, HasSubstr("\n  width           16\n"));
  EXPECT_THAT(run.out, HasSubstr("\n  up              transposed, nearest, bilinear, "));
}

TEST(Models, AreJson) {
  const TempFolder folder;
  const auto all = nlohmann::json::parse(run_inlay(folder, "models --json -").out);
  ASSERT_EQ(all.size(), architectures().size());
  const auto one = nlohmann::json::parse(run_inlay(folder, "models unet --json -").out);
  EXPECT_EQ(one, *std::ranges::find_if(all, [](const auto& entry) { return entry.at("name") == "unet"; }));
  EXPECT_EQ(one.at("parameters"), 1942577);
  EXPECT_EQ(one.at("picture"), nlohmann::json({512, 512}));
  EXPECT_EQ(one.at("receptive_field"), nlohmann::json({200, 200}));
  EXPECT_EQ(one.at("sees_everything"), false);
  EXPECT_EQ(one.at("size").at("multiple"), 16);
  EXPECT_EQ(one.at("settings").at(0),
            (nlohmann::json{{"name", "width"}, {"default", "16"}, {"choices", nlohmann::json::array()}}));
  EXPECT_EQ(one.at("settings").at(4).at("default"), "transposed");
  EXPECT_EQ(one.at("settings").at(4).at("choices").at(1), "nearest");
}

TEST(Models, KnowTheNearestName) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "models uent");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.out, "");
  EXPECT_THAT(run.err, HasSubstr("unknown network 'uent'"));
  EXPECT_THAT(run.err, HasSubstr("did you mean 'unet'?"));
}

}  // namespace
}  // namespace inlay::testing
