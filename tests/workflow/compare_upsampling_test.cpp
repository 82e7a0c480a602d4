#include "inlay/compare_upsampling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/ops.h"
#include "inlay/synth.h"
#include "models/unet.h"
#include "support/data_folder.h"
#include "support/input_error.h"
#include "workflow/checkerboards.h"
#include "workflow/tile_sheet.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

/// logit = the picture's value, 0..1, of one channel.
Segmenter looking_glass() {
  Model model;
  const Value image = model.graph.input("image", {DType::f32, {1, 1, 8, 8}});
  model.graph.set_output("logits", affine(image, 1));
  model.info.classes.resize(2);
  return Segmenter(std::move(model), {.threads = 1, .tune = false});
}

TEST(Checkerboards, AreTheShareOfPeriodTwoInLogitsAndTruth) {
  const DataFolder folder;
  folder.grey("images/a.png", {4, 4}, {255, 0, 255, 0, 0, 255, 0, 255, 255, 0, 255, 0, 0, 255, 0, 255});
  folder.grey("masks/a.png", {4, 4}, {1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  folder.plain("images/flat.png", 4, 4, 90);
  folder.grey("masks/flat.png", {4, 4}, {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0});
  folder.plain("images/small.png", 3, 9, 90);
  folder.plain("masks/small.png", 3, 9, 0);
  const Dataset dataset = open_dataset(folder.path(), {.val_fraction = 0});
  Segmenter segmenter = looking_glass();
  const workflow::Checkerboards found = workflow::measure_checkerboards(segmenter, dataset, Split::train);
  EXPECT_DOUBLE_EQ(found.logits, 1) << "flat planes and small pictures do not count";
  EXPECT_DOUBLE_EQ(found.truth, 0);
  EXPECT_TRUE(std::isnan(workflow::measure_checkerboards(segmenter, dataset, Split::val).logits));
}

TEST(GreyTile, SpreadsTheMiddleOfTheNumbers) {
  std::vector<float> plane(200);
  for (std::size_t i = 0; i < plane.size(); ++i) plane[i] = static_cast<float>(i);
  plane[0] = -1e6F;
  const Image tile = workflow::grey_tile(plane, 10, 20);
  const auto pixels = tile.pixels.data<std::uint8_t>();
  EXPECT_EQ(tile.pixels.shape(), (Shape{10, 20, 1}));
  EXPECT_EQ(pixels[0], 0);
  EXPECT_EQ(pixels[199], 255);
  EXPECT_NEAR(pixels[100], 127, 2) << "one number far out does not darken the rest";
  const Image flat = workflow::grey_tile(std::vector<float>(6, 7.0F), 2, 3);
  EXPECT_EQ(flat.pixels.data<std::uint8_t>()[3], 128);
}

TEST(TileSheet, IsAnSvgOfThreeAColumn) {
  const Image image{Tensor(DType::u8, {2, 2, 1})};
  const std::vector<workflow::Tile> tiles(4, {"a<b", "more & less", image});
  const std::string svg = workflow::tile_sheet(tiles);
  EXPECT_THAT(svg, ::testing::StartsWith("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"800\" height=\"596\""));
  EXPECT_THAT(svg, HasSubstr("a&lt;b"));
  EXPECT_THAT(svg, HasSubstr("more &amp; less"));
  EXPECT_THAT(svg, HasSubstr("href=\"data:image/png;base64,iVBOR"));
  EXPECT_THAT(svg, HasSubstr("<image x=\"20\" y=\"308\""));
}

class CompareUpsampling : public ::testing::Test {
 protected:
  void SetUp() override {
    synthesise({.count = 6, .height = 32, .width = 32, .seed = 1}, folder_ / "cells");
    request_.recipe.data = (folder_ / "cells").string();
    request_.recipe.epochs = 1;
    request_.recipe.width = 2;
    request_.recipe.depth = 1;
    request_.recipe.threads = 1;
    request_.recipe.tune = false;
    request_.output = folder_ / "compared";
  }
  TempFolder folder_;
  workflow::UpsamplingRequest request_;
};

TEST_F(CompareUpsampling, TrainsAndMeasuresEach) {
  request_.up = {"nails", "transposed"};
  std::vector<std::string> said;
  request_.on_run = [&](std::size_t number, std::size_t count, const std::string& up) {
    said.push_back(fmt::format("{}/{} {}", number, count, up));
  };
  request_.on_result = [&](const workflow::UpsamplingResult& result) { said.push_back(result.up); };
  const workflow::UpsamplingComparison comparison = workflow::compare_upsampling(request_);
  EXPECT_EQ(said, (std::vector<std::string>{"0/2 nails", "nails", "1/2 transposed", "transposed"}));
  ASSERT_EQ(comparison.results.size(), 2u);
  const workflow::UpsamplingResult &nails = comparison.results[0], &transposed = comparison.results[1];
  EXPECT_EQ(nails.parameters - transposed.parameters, 4 * 2 * 9 - 4 * 2 * 4);
  EXPECT_GT(transposed.multiply_adds, 0);
  EXPECT_GT(nails.milliseconds, 0);
  EXPECT_GT(nails.memory_mb, 0);
  EXPECT_GT(nails.checkerboard, 0);
  EXPECT_GT(nails.train_seconds, 0);
  EXPECT_GE(nails.mean_iou, 0);
  EXPECT_GT(comparison.truth_checkerboard, 0);
  EXPECT_EQ(comparison.size.height, 32);
  EXPECT_FALSE(comparison.interrupted);
  for (const char* file : {"config.toml", "compare.csv", "compare.svg", "nails/best.onnx", "transposed/report.html"})
    EXPECT_TRUE(std::filesystem::exists(request_.output / file)) << file;
  const std::string csv = read_file(request_.output / "compare.csv");
  EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
  EXPECT_THAT(csv, HasSubstr("\ntransposed,"));
}

TEST_F(CompareUpsampling, GoesOnWhereItWasStopped) {
  request_.up = {"nails", "nearest"};
  request_.recipe.epochs = 2;
  const auto whole = workflow::compare_upsampling(request_);
  request_.output = folder_ / "stopped";
  int steps = 0;
  request_.callbacks.on_step = [&](const StepReport&) { ++steps; };
  request_.callbacks.stop = [&] { return steps >= 3; };
  const auto stopped = workflow::compare_upsampling(request_);
  EXPECT_TRUE(stopped.interrupted);
  EXPECT_LT(stopped.results.size(), 2u);
  request_.callbacks.stop = {};
  request_.resume = true;
  const auto resumed = workflow::compare_upsampling(request_);
  ASSERT_EQ(resumed.results.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(resumed.results[i].mean_iou, whole.results[i].mean_iou);
    EXPECT_EQ(resumed.results[i].checkerboard, whole.results[i].checkerboard);
  }
  steps = 0;
  EXPECT_EQ(workflow::compare_upsampling(request_).results.size(), 2u);
  EXPECT_EQ(steps, 0) << "finished runs are only measured";
}

TEST_F(CompareUpsampling, RefusesWhatCannotBeCompared) {
  const auto error = [&] { return input_error([&] { workflow::compare_upsampling(request_); }); };
  request_.up = {"nearset"};
  EXPECT_THAT(error(), HasSubstr("unknown up-sampler 'nearset', expected some of transposed, nearest"));
  EXPECT_THAT(error(), HasSubstr("did you mean 'nearest'?"));
  request_.up = {"nails", "nails"};
  EXPECT_THAT(error(), HasSubstr("the up-sampler 'nails' was named twice"));
  request_.up = {};
  request_.recipe.model = "fcn_plain";
  EXPECT_THAT(error(), HasSubstr("compared in the network unet, and 'fcn_plain' was asked for"));
  request_.recipe.model = "unet";
  request_.resume = true;
  EXPECT_THAT(error(), HasSubstr("there is nothing to resume in"));
  request_.resume = false;
  write_file(request_.output / "note.txt", "mine");
  EXPECT_THAT(error(), HasSubstr("is not empty; go on with the comparison in it by --resume"));
  EXPECT_FALSE(std::filesystem::exists(request_.output / "config.toml"));
}

TEST(ListUpsamplers, AreAllOfTheUnet) {
  const std::vector<std::string> names = workflow::list_upsamplers();
  EXPECT_EQ(names.size(), enum_names(UpSampler{}).size());
  EXPECT_THAT(names, ::testing::Contains("resize_conv"));
}

}  // namespace
}  // namespace inlay::testing
