#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

constexpr const char* kQuick = " --epochs 1 --width 2 --depth 1 --size 32 --batch 4 --threads 1 --tune false";

TEST(CompareUpsampling, PrintsATableAndLeavesAFolder) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome run = run_inlay(folder, std::string("compare-upsampling cells --up transposed,resize_conv") + kQuick);
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, ::testing::StartsWith("Up-sampler     mIoU  Parameters  ms/image    Memory  Checkerboard\n"
                                             "transposed  "));
  EXPECT_THAT(run.out, HasSubstr("\nresize_conv  "));
  EXPECT_THAT(run.out, HasSubstr("\ntruth        "));
  EXPECT_THAT(run.out, HasSubstr("picture of 32x32"));
  EXPECT_THAT(run.out, HasSubstr("runs/cells-upsampling/compare.svg\n"));
  EXPECT_THAT(run.err, HasSubstr("1/2 transposed: mIoU 0."));
  EXPECT_THAT(run.err, HasSubstr("2/2 resize_conv: mIoU 0."));
  EXPECT_THAT(files_below(folder / "runs/cells-upsampling"),
              ::testing::IsSupersetOf(
                  {"compare.csv", "compare.svg", "config.toml", "transposed/best.onnx", "resize_conv/report.html"}));

  const Outcome again = run_inlay(folder, std::string("compare-upsampling cells --up transposed") + kQuick);
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, HasSubstr("is not empty; go on with the comparison in it by --resume"));
  const Outcome resumed = run_inlay(folder, "compare-upsampling cells --up transposed --resume --json -");
  EXPECT_EQ(resumed.status, 0) << resumed.err;
  const auto json = nlohmann::json::parse(resumed.out);
  EXPECT_EQ(json.at("epochs"), 1) << "of the folder's own settings";
  EXPECT_EQ(json.at("size"), nlohmann::json({32, 32}));
  ASSERT_EQ(json.at("results").size(), 1u);
  EXPECT_EQ(json.at("results").at(0).at("up"), "transposed");
  EXPECT_GT(json.at("results").at(0).at("parameters"), 100);
  EXPECT_GT(json.at("results").at(0).at("checkerboard"), 0);
  EXPECT_GT(json.at("truth_checkerboard"), 0);
}

TEST(CompareUpsampling, SaysWhatIsWrong) {
  const TempFolder folder;
  draw_cells(folder);
  const auto error = [&](const std::string& arguments) {
    const Outcome run = run_inlay(folder, "compare-upsampling " + arguments);
    EXPECT_EQ(run.status, 2) << arguments;
    EXPECT_EQ(run.out, "") << arguments;
    return run.err;
  };
  EXPECT_THAT(error(""), HasSubstr("DATA is required"));
  EXPECT_THAT(error("nowhere"), HasSubstr("nowhere"));
  EXPECT_THAT(error("cells --up bilinaer"), HasSubstr("did you mean 'bilinear'?"));
  EXPECT_THAT(error("cells --epochs many"), HasSubstr("--epochs"));
  EXPECT_THAT(error("cells --model fcn_plain"), HasSubstr("unknown option '--model'"));
  EXPECT_THAT(error("cells --resume"), HasSubstr("there is nothing to resume in"));
}

}  // namespace
}  // namespace inlay::testing
