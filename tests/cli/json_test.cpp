// --json - gives one JSON object on standard output and nothing else.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using nlohmann::json;

json result_of(const TempFolder& folder, const std::string& arguments) {
  const Outcome run = run_inlay(folder, arguments + " --json -");
  EXPECT_EQ(run.status, 0) << arguments << ": " << run.err;
  return json::parse(run.out);
}

TEST(Json, Summary) {
  const TempFolder folder;
  const json summary = result_of(folder, "summary unet --width 16 --classes 1 --size 128x128x3");
  EXPECT_GT(summary.at("parameters"), 1900000);
  EXPECT_GT(summary.at("multiply_adds"), 0);
  EXPECT_EQ(summary.at("receptive_field").size(), 2u);
  const json& layers = summary.at("layers");
  EXPECT_EQ(layers.front().at("output"), json({1, 3, 128, 128}));
  EXPECT_EQ(layers.back().at("output"), json({1, 1, 128, 128}));
  bool lowest = false;
  for (const json& layer : layers) lowest |= layer.at("output") == json({1, 256, 8, 8});
  EXPECT_TRUE(lowest);
}

TEST(Json, BenchOfBothModes) {
  const TempFolder folder;
  for (const std::string mode : {"infer", "train"}) {
    const json bench = result_of(
        folder,
        "bench unet --width 4 --depth 2 --classes 3 --size 3x32x48 --batch 2 --runs 3 --threads 1 --profile --mode " +
            mode);
    EXPECT_EQ(bench.at("runs"), 3);
    EXPECT_EQ(bench.at("threads"), 1);
    EXPECT_GE(bench.at("median_ms"), bench.at("min_ms"));
    EXPECT_GT(bench.at("images_per_s"), 0);
    EXPECT_GT(bench.at("gflops"), 0);
    EXPECT_GT(bench.at("peak_rss_mb"), 1);
    EXPECT_FALSE(bench.at("algorithms").empty());
    ASSERT_FALSE(bench.at("profile").empty());
    EXPECT_GE(bench.at("profile").front().at("ms"), bench.at("profile").back().at("ms"));
  }
}

TEST(Json, BenchLeavesOutTheAlgorithmsThatAreNamed) {
  const TempFolder folder;
  const std::string bench = "bench unet --width 16 --depth 1 --size 1x8x8 --runs 1 --threads 1 --no-tune";
  std::string without_ours = bench;
  for (const char* ours : {"bf16x3", "winograd", "winograd_6x6", "few_channels", "patches"})
    without_ours += fmt::format(" --skip-algorithm {}", ours);
  const auto all = result_of(folder, bench).at("algorithms"), left = result_of(folder, without_ours).at("algorithms");
  EXPECT_TRUE(all.contains("winograd") || all.contains("bf16x3")) << all.dump();
  for (const char* ours : {"bf16x3", "winograd", "winograd_6x6", "few_channels", "patches"})
    EXPECT_FALSE(left.contains(ours)) << ours;
}

TEST(Json, BenchLeavesOutThePassesThatAreNamed) {
  const TempFolder folder;
  const std::string bench = "bench unet --width 4 --depth 1 --size 1x8x8 --runs 1 --threads 1 --dump-graph";
  const auto graph = [&](const std::string& options) {
    return result_of(folder, bench + options).at("graph").get<std::string>();
  };
  EXPECT_EQ(graph("").find("relu("), std::string::npos);
  const std::string text = graph(" --skip-pass fold_batch_norm --skip-pass fuse_batch_norm_relu");
  EXPECT_NE(text.find("batch_norm("), std::string::npos);
  EXPECT_NE(text.find("relu("), std::string::npos);
}

TEST(Json, DataCheckNamesTheProblems) {
  const TempFolder folder;
  draw_cells(folder);
  const json info = result_of(folder, "data info cells");
  EXPECT_EQ(info.at("train").get<int>() + info.at("val").get<int>() + info.at("test").get<int>(), 12);
  EXPECT_EQ(info.at("classes").size(), 2u);
  EXPECT_EQ(info.at("min_height"), 32);
  EXPECT_GT(info.at("best_threshold_iou"), 0.2);
  EXPECT_LT(info.at("best_threshold_iou"), 1);
  EXPECT_NE(info.at("best_threshold_iou"), result_of(folder, "data info cells --split test").at("best_threshold_iou"));
  std::filesystem::resize_file(folder / "cells/train/images/0000.png", 40);
  const Outcome run = run_inlay(folder, "data check cells --json -");
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(json::parse(run.out).at("usable"), false);
  EXPECT_NE(json::parse(run.out).at("problems").at(0).get<std::string>().find("0000.png"), std::string::npos);
}

TEST(Json, IntoAFile) {
  const TempFolder folder;
  const Outcome run = run_inlay(folder, "summary unet --width 4 --depth 1 --size 16x16x1 --json out.json");
  EXPECT_EQ(run.status, 0);
  EXPECT_NE(run.out.find("Parameters"), std::string::npos);
  EXPECT_GT(json::parse(contents(folder / "out.json")).at("parameters"), 0);
}

}  // namespace
}  // namespace inlay::testing
