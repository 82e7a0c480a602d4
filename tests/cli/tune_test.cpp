#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "runtime/cpu/tuner.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Tune : public ::testing::Test {
 protected:
  Outcome tune(const std::string& options = "") {
    return run_shell(folder_, "export XDG_CACHE_HOME=$PWD/cache; inlay tune " + options);
  }
  /// Two shapes known here, one on another machine.
  void remember() {
    const std::string here = json::parse(tune("--json -").out).at("processor");
    json file{{"kernels", kTimedKernels}};
    file[here + ", 2 threads"]["forward 1x2"] = {{"direct", 2.5}, {"winograd", 0.125}};
    file[here + ", 4 threads"]["forward 3x4"] = {{"direct", 1}};
    file["Abacus, 1 threads"]["forward 5x6"] = {{"direct", 1000}};
    std::filesystem::create_directories(folder_ / "cache/inlay");
    std::ofstream(folder_ / "cache/inlay/tuning.json") << file;
  }
  TempFolder folder_;
};

TEST_F(Tune, SaysWhereTheFileIsAndWhatIsKnown) {
  EXPECT_THAT(tune().out, AllOf(HasSubstr("cache/inlay/tuning.json\n"), HasSubstr("no shape is known yet")));
  remember();
  const Outcome run = tune();
  EXPECT_EQ(run.status, 0);
  EXPECT_THAT(run.out, HasSubstr("1 shapes on Abacus, 1 threads (another machine)\n"));
  EXPECT_THAT(run.out, HasSubstr("  forward 1x2\n      winograd 0.125 ms, direct 2.500 ms\n"));
  EXPECT_THAT(run.out, HasSubstr("forward 3x4"));
  EXPECT_THAT(run.out, Not(HasSubstr("forward 5x6")));
  EXPECT_THAT(tune("--all").out, HasSubstr("\nAbacus, 1 threads\n  forward 5x6\n      direct 1000.000 ms\n"));
  EXPECT_THAT(run_shell(folder_, "unset HOME XDG_CACHE_HOME; inlay tune").out,
              HasSubstr("none: neither XDG_CACHE_HOME nor HOME is set"));
}

TEST_F(Tune, ForgetsThisMachineOrAll) {
  remember();
  EXPECT_THAT(tune("--clear").out, HasSubstr("forgot 2 shapes of "));
  json left = json::parse(tune("--json -").out).at("machines");
  EXPECT_EQ(left.size(), 1u);
  EXPECT_EQ(left.at("Abacus, 1 threads").at("forward 5x6").at("direct"), 1000);
  EXPECT_THAT(tune("--clear").out, HasSubstr("forgot 0 shapes of "));
  EXPECT_EQ(json::parse(tune("--clear --all --json -").out).at("cleared"), 1);
  EXPECT_EQ(json::parse(tune("--json -").out).at("machines").size(), 0u);
}

TEST_F(Tune, WithoutAFileThereIsNothingToForget) {
  EXPECT_THAT(tune("--clear --all").out, HasSubstr("forgot 0 shapes of all machines\n"));
  EXPECT_EQ(files_below(folder_.path()), std::vector<std::string>{});
}

}  // namespace
}  // namespace inlay::testing
