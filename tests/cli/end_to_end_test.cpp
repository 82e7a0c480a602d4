#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "inlay/image.h"
#include "inlay/train_config.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsSupersetOf;
using ::testing::Not;

/// Without the comments, which say why a run chose what it did.
std::string settings(const std::filesystem::path& file) {
  TrainConfig config;
  read_config(file, config);
  return to_toml(config);
}

TEST(EndToEnd, ADryRunWritesItsSettingsAndNothingElse) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome run = run_shell(folder, "inlay train cells --dry-run --epochs 3 --width 4 > plan.toml");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.err, AllOf(HasSubstr("setting        chosen               why\n"),
                             HasSubstr("\nwidth          4                    asked for\n"),
                             HasSubstr("\ndepth          2                    the lowest map has 8x8 pixels\n")));
  EXPECT_FALSE(std::filesystem::exists(folder / "runs"));
  const Outcome train = run_inlay(folder, "train --config plan.toml --threads 1 -o run");
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_THAT(train.err, HasSubstr("epoch 3/3"));
}

// One walk, since every step needs the files of the one before.
TEST(EndToEnd, TrainEvaluatePredictSummary) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome train = run_inlay(folder, std::string("train cells --epochs 2") + kTiny);
  ASSERT_EQ(train.status, 0) << train.err;
  EXPECT_THAT(train.err, AllOf(HasSubstr("epoch 1/2  "), HasSubstr("epoch 2/2  "), HasSubstr("  val mIoU 0."),
                               HasSubstr("  *best")));
  EXPECT_THAT(train.err, Not(HasSubstr("\r"))) << "plain lines where there is no terminal";
  EXPECT_THAT(train.out, AllOf(HasSubstr("validation mIoU"), HasSubstr("runs/cells-unet/best.onnx")));
  EXPECT_THAT(files_below(folder / "runs/cells-unet"), IsSupersetOf({"best.onnx", "last.onnx", "state.safetensors",
                                                                     "config.toml", "metrics.csv", "report.html"}));
  EXPECT_FALSE(files_below(folder / "runs/cells-unet/samples").empty());

  const std::string report = contents(folder / "runs/cells-unet/report.html");
  EXPECT_THAT(report, AllOf(HasSubstr("inlay train cells --width 4 --depth 2 --epochs 2 --batch 4"),
                            HasSubstr("SHA-256 of best.onnx"), HasSubstr("<th>epoch 2</th>"), HasSubstr("asked for"),
                            HasSubstr("no class is rare")));
  EXPECT_THAT(files_below(folder / "runs/cells-unet/progress"),
              IsSupersetOf({"epoch-1-0.png", "epoch-2-0.png", "image-0.png", "truth-0.png"}));

  const Outcome again = run_inlay(folder, std::string("train cells --epochs 2") + kTiny);
  EXPECT_EQ(again.status, 2);
  EXPECT_THAT(again.err, AllOf(HasSubstr("runs/cells-unet"), HasSubstr("--resume"), HasSubstr("-o")));

  const Outcome repeat = run_inlay(folder, "train --config runs/cells-unet/config.toml -o again");
  ASSERT_EQ(repeat.status, 0) << repeat.err;
  EXPECT_EQ(contents(folder / "again/last.onnx"), contents(folder / "runs/cells-unet/last.onnx"));
  EXPECT_EQ(settings(folder / "again/config.toml"), settings(folder / "runs/cells-unet/config.toml"));

  const Outcome scores = run_inlay(folder, "evaluate runs/cells-unet/best.onnx cells --split test --json -");
  ASSERT_EQ(scores.status, 0) << scores.err;
  const auto json = nlohmann::json::parse(scores.out);
  for (const char* key : {"pixel_accuracy", "mean_accuracy", "mean_iou", "frequency_weighted_iou", "mean_dice"}) {
    EXPECT_GE(json.at(key), 0) << key;
    EXPECT_LE(json.at(key), 1) << key;
  }
  EXPECT_EQ(json.at("images"), 2);
  EXPECT_EQ(json.at("classes").at(1).at("name"), "membrane");
  const Outcome table = run_inlay(folder, "evaluate runs/cells-unet/best.onnx cells --absent 1");
  EXPECT_EQ(table.status, 0);
  EXPECT_THAT(table.out, AllOf(HasSubstr("membrane"), HasSubstr("pixel_accuracy")));

  const Outcome predict =
      run_inlay(folder, "predict runs/cells-unet/best.onnx 'cells/test/im*/*.png' cells/val -o out --overlay");
  EXPECT_EQ(predict.status, 2) << "cells/val holds folders only";
  EXPECT_THAT(predict.err, HasSubstr("'cells/val' holds no picture"));
  const Outcome good = run_inlay(folder, "predict runs/cells-unet/best.onnx 'cells/test/im*/*.png' -o out --overlay");
  EXPECT_EQ(good.status, 0) << good.err;
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("0010.png", "0010_overlay.png", "0011.png", "0011_overlay.png"));
  EXPECT_EQ(read_raw_mask(folder / "out/0010.png").kind, RawMask::Kind::indexed);
  EXPECT_EQ(read_mask(folder / "out/0010.png").height(), 32);

  EXPECT_THAT(run_inlay(folder, "summary runs/cells-unet/best.onnx").out, HasSubstr("down/4/a/conv2d"));
  EXPECT_EQ(run_inlay(folder, "bench runs/cells-unet/best.onnx --size 1x32x32 --runs 1").status, 0);
}

TEST(EndToEnd, FoldsAreScoredInOneTable) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome run = run_inlay(folder, std::string("train cells -o run --folds 2 --epochs 1 --tensorboard") + kTiny);
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(run.err, HasSubstr("fold 1, 2 of 2\n"));
  EXPECT_THAT(run.out, AllOf(HasSubstr("Fold      images      mIoU  pixel accuracy\n0 "), HasSubstr("\nspread "),
                             HasSubstr("\nall "), HasSubstr("run/folds.csv")));
  EXPECT_FALSE(files_below(folder / "run/fold-1/tensorboard").empty());
  const Outcome again = run_inlay(folder, "train cells -o run --folds 2 --resume");
  EXPECT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(again.out, run.out);
}

TEST(EndToEnd, BceGivesOneOutputChannel) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome train = run_inlay(
      folder,
      std::string("train cells -o run --epochs 1 --loss bce --optimizer sgd --schedule constant --augment none") +
          kTiny);
  ASSERT_EQ(train.status, 0) << train.err;
  const Outcome predict = run_inlay(folder, "predict run/best.onnx cells/test/images/0010.png -o out --probabilities");
  EXPECT_EQ(predict.status, 0) << predict.err;
  EXPECT_THAT(files_below(folder / "out"), ElementsAre("0010.png", "0010_probability_1_membrane.png"));
  const Image map = read_image(folder / "out/0010_probability_1_membrane.png");
  ASSERT_EQ(map.pixels.type(), DType::f32) << "16 bits";
  const Mask mask = read_mask(folder / "out/0010.png");
  for (std::int64_t i = 0; i < mask.labels.elements(); ++i) {
    const float p = map.pixels.data<float>()[static_cast<std::size_t>(i)];
    if (std::abs(p - 0.5f) < 1e-4f) continue;
    EXPECT_EQ(mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(i)], p > 0.5f ? 1 : 0);
  }
}

TEST(EndToEnd, InterruptedAndResumedIsTheSameModel) {
  const TempFolder folder;
  draw_cells(folder);
  const std::string options = std::string(" --epochs 40 --save-every 100") + kTiny;
  const Outcome stopped = run_shell(folder, "\"$PROGRAM\" train cells -o cut" + options + R"( 2>log &
pid=$!
tries=0
while ! grep -q '^epoch 2/' log && [ $tries -lt 1000 ]; do sleep 0.01; tries=$((tries+1)); done
kill -INT $pid
wait $pid; status=$?
cat log >&2
exit $status)");
  ASSERT_EQ(stopped.status, 1) << stopped.err;
  EXPECT_THAT(stopped.err, HasSubstr("\n  inlay train cells -o cut --resume\n"));
  EXPECT_THAT(stopped.err, Not(HasSubstr("epoch 40/40")));

  const Outcome resumed = run_inlay(folder, "train cells -o cut --resume");
  ASSERT_EQ(resumed.status, 0) << resumed.err;
  EXPECT_THAT(resumed.err, HasSubstr("epoch 40/40"));
  const Outcome whole = run_inlay(folder, "train cells -o whole" + options);
  ASSERT_EQ(whole.status, 0) << whole.err;
  EXPECT_EQ(contents(folder / "cut/last.onnx"), contents(folder / "whole/last.onnx"));
  EXPECT_EQ(contents(folder / "cut/best.onnx"), contents(folder / "whole/best.onnx"));
}

TEST(EndToEnd, ResumeNeedsARun) {
  const TempFolder folder;
  draw_cells(folder);
  const Outcome run = run_inlay(folder, "train cells -o none --resume");
  EXPECT_EQ(run.status, 2);
  EXPECT_THAT(run.err, AllOf(HasSubstr("nothing to resume in 'none'"), HasSubstr("leave out --resume")));
}

}  // namespace
}  // namespace inlay::testing
