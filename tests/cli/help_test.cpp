#include <gmock/gmock.h>

#include <sstream>

#include "cli/program.h"
#include "inlay/program.h"
#include "inlay/version.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

/// Columns of UTF-8 text.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

TEST(Help, EveryCommandExplainsItselfIn80Columns) {
  const TempFolder folder;
  for (const std::string command : {"",
                                    "train",
                                    "evaluate",
                                    "score",
                                    "compare",
                                    "predict",
                                    "inspect",
                                    "summary",
                                    "data",
                                    "data synth",
                                    "data check",
                                    "data info",
                                    "data preview",
                                    "data convert",
                                    "data split",
                                    "convert",
                                    "bench",
                                    "compare-upsampling",
                                    "tune",
                                    "models",
                                    "explain",
                                    "explain conv",
                                    "explain all"}) {
    const Outcome run = run_inlay(folder, command + " --help");
    EXPECT_EQ(run.status, 0) << command;
    EXPECT_EQ(run.err, "") << command;
    EXPECT_THAT(run.out, HasSubstr("Usage: inlay" + (command.empty() ? "" : " " + command))) << command;
    EXPECT_THAT(run.out, HasSubstr("Example")) << command;
    std::istringstream lines(run.out);
    for (std::string line; std::getline(lines, line);) EXPECT_LE(columns(line), 80u) << line;
  }
}

TEST(Help, TrainListsItsOptionsWithTheirDefaults) {
  const TempFolder folder;
  const std::string help = run_inlay(folder, "train --help").out;
  for (const char* option :
       {"--model",         "-o, --output", "--epochs",   "--batch",  "--size",          "--lr",
        "--optimizer",     "--schedule",   "--loss",     "--width",  "--depth",         "--up",
        "--seed",          "--threads",    "--patience", "--resume", "--config",        "--set",
        "--class-weights", "--budget",     "--dry-run",  "--init",   "--pixel-weights", "--border-sigma"})
    EXPECT_THAT(help, HasSubstr(std::string("  ") + option)) << option;
  EXPECT_THAT(help, HasSubstr("[auto]"));
  EXPECT_THAT(help, HasSubstr("[upright]"));
}

TEST(Help, BenchListsThePasses) {
  const TempFolder folder;
  const std::string help = run_inlay(folder, "bench --help").out;
  ASSERT_FALSE(list_passes().empty());
  for (const PassInfo& pass : list_passes()) EXPECT_THAT(help, HasSubstr(pass.name));
}

TEST(Help, VersionAndNetworks) {
  const TempFolder folder;
  EXPECT_EQ(run_inlay(folder, "--version").out, "inlay " + std::string(kVersion) + "\n");
  EXPECT_THAT(contents(INLAY_SOURCE "/CMakeLists.txt"),
              HasSubstr("project(inlay VERSION " + std::string(kVersion) + " "));
  const Outcome models = run_inlay(folder, "models");
  EXPECT_EQ(models.status, 0);
  EXPECT_THAT(models.out, HasSubstr("unet"));
}

}  // namespace
}  // namespace inlay::testing
