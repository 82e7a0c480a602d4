// inlay bench beyond its plain result.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kBench = "bench unet --width 4 --depth 2 --size 3x32x32 --runs 1 --threads 2 ";

/// Columns of UTF-8 text.
std::size_t widest(const std::string& text) {
  std::istringstream lines(text);
  std::size_t widest = 0;
  for (std::string line; std::getline(lines, line);)
    widest = std::max(widest,
                      static_cast<std::size_t>(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; })));
  return widest;
}

constexpr const char* kSharing =
    "bench sliding_window --set width=0.1 --size 3x4x5 --sliding-window --runs 1 --threads 2 ";

TEST(Bench, ShowsWhatPatchesShare) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, kSharing);
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("sliding_window, a picture of 3x4x5, 2 threads\n"));
  EXPECT_THAT(run.out, HasSubstr(" for 20 patches of 133x133"));
  EXPECT_THAT(run.out, HasSubstr(" for one pass over 136x137\n"));
  EXPECT_THAT(run.out, HasSubstr(" times as fast, "));
  EXPECT_LE(widest(run.out), 80u) << run.out;
}

TEST(Bench, TheJsonOfWhatPatchesShare) {
  const TempFolder folder;
  const json result = json::parse(run_inlay(folder, std::string(kSharing) + "--json -").out);
  EXPECT_EQ(result.at("patches"), 20);
  EXPECT_GT(result.at("patch_s"), 0);
  EXPECT_NEAR(result.at("faster").get<double>(),
              result.at("patch_s").get<double>() / result.at("dense_s").get<double>(), 1e-6);
  EXPECT_GT(result.at("patch_multiply_adds"), result.at("dense_multiply_adds"));
  EXPECT_LT(result.at("difference"), 1e-4);
}

TEST(Bench, SharingIsOfThePatchClassifierInInference) {
  const TempFolder folder;
  const auto error = [&](const std::string& arguments) {
    const Outcome run = run_inlay(folder, "bench " + arguments + " --size 3x8x8 --sliding-window");
    EXPECT_EQ(run.status, 2);
    return run.err;
  };
  EXPECT_THAT(error("unet"), HasSubstr("what patches share is measured with the net 'sliding_window', and 'unet' is"));
  EXPECT_THAT(error("sliding_window --mode train"), HasSubstr("is measured in inference, with a batch of 1"));
  EXPECT_THAT(error("sliding_window --batch 2"), HasSubstr("is measured in inference, with a batch of 1"));
  EXPECT_THAT(error("sliding_window --profile"), HasSubstr("--sliding-window"));
}

TEST(Bench, AProfileShowsPeaksOperatorsAndSteps) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, std::string(kBench) + "--mode train --profile");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("GFLOP/s of multiply-adds"));
  EXPECT_THAT(run.out, HasSubstr("ms  share GFLOP/s   GB/s  roof  steps operator\n"));
  EXPECT_THAT(run.out, HasSubstr("ms  share GFLOP/s   GB/s  roof  algorithm"));
  EXPECT_LT(run.out.find(" steps operator"), run.out.find(" algorithm "));
  EXPECT_THAT(run.out, HasSubstr(" conv2d down/4/a\n"));
  EXPECT_THAT(run.out, HasSubstr(" conv2d_weight_grad down/4/a\n"));
  EXPECT_LE(widest(run.out), 80u) << run.out;
}

TEST(Bench, TheJsonOfAProfileHasTheRoof) {
  const TempFolder folder;
  const json result = json::parse(run_inlay(folder, std::string(kBench) + "--profile --json -").out);
  EXPECT_GT(result.at("peak_gflops"), 0);
  EXPECT_GT(result.at("peak_gbytes"), 0);
  for (const char* list : {"operators", "profile"})
    for (const json& entry : result.at(list)) {
      EXPECT_TRUE(entry.contains("op"));
      EXPECT_GE(entry.at("roof"), 0);
    }
  EXPECT_GT(result.at("operators").at(0).at("steps"), 0);
}

TEST(Bench, ATraceIsWrittenWithoutPrintingTheProfile) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, std::string(kBench) + "--trace trace.json");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, Not(HasSubstr("roof")));
  EXPECT_GT(json::parse(contents(folder / "trace.json")).at("traceEvents").size(), 10u);
  const Outcome nowhere = run_inlay(folder, std::string(kBench) + "--trace /proc/no/trace.json");
  EXPECT_EQ(nowhere.status, 1);
  EXPECT_THAT(nowhere.err, HasSubstr("/proc/no"));
}

TEST(Bench, ScalingComparesWithOneThread) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, std::string(kBench) + "--scaling --json scaling.json");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.out, HasSubstr("threads         ms   images/s  GFLOP/s   faster efficiency\n"));
  EXPECT_THAT(run.out, HasSubstr("1.00x       100%\n"));
  const json result = json::parse(contents(folder / "scaling.json"));
  ASSERT_EQ(result.at("scaling").size(), 2u);
  const json &one = result.at("scaling").at(0), &two = result.at("scaling").at(1);
  EXPECT_EQ(one.at("threads"), 1);
  EXPECT_EQ(two.at("threads"), 2);
  EXPECT_NEAR(two.at("faster"), one.at("median_ms").get<double>() / two.at("median_ms").get<double>(), 1e-9);
  EXPECT_NEAR(two.at("efficiency"), two.at("faster").get<double>() / 2, 1e-9);
}

TEST(Bench, ScalingIsNoProfile) {
  const TempFolder folder;
  for (const char* other : {"--profile", "--trace t.json", "--dump-graph"}) {
    const Outcome run = run_inlay(folder, std::string(kBench) + "--scaling " + other);
    EXPECT_EQ(run.status, 2);
    EXPECT_THAT(run.err, AllOf(HasSubstr("--scaling"), HasSubstr("excludes"))) << other;
  }
}

}  // namespace
}  // namespace inlay::testing
