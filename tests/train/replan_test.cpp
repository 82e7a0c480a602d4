// Validation now and then, and runs whose number of epochs is decided on the way.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <thread>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/train.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

class Replan : public testing::Test {
 protected:
  Replan() : folder_("replan"), data_(blobs(folder_.path() / "data", 4, 2)) {}

  TrainResult run(const TrainOptions& options) {
    Model model = tiny_net(2, 0.2);
    return train(model, data_, options);
  }
  TrainOptions options(const std::string& name, std::int64_t epochs) {
    TrainOptions options = quick_training();
    options.epochs = epochs;
    options.directory = folder_.path() / name;
    return options;
  }
  std::string file(const std::string& run, const std::string& name) { return read_file(folder_.path() / run / name); }

  TemporaryFolder folder_;
  Dataset data_;
};

TEST_F(Replan, ValidatesEveryThirdEpochAndTheLast) {
  TrainOptions o = options("run", 8);
  o.validate_every = 3;
  std::int64_t images = 0;
  o.on_validation = [&](std::int64_t, std::int64_t) { ++images; };
  const TrainResult result = run(o);
  std::vector<std::int64_t> validated;
  for (const EpochReport& report : result.history) {
    EXPECT_EQ(report.validated, !std::isnan(report.val_mean_iou));
    if (report.validated) validated.push_back(report.epoch);
    EXPECT_TRUE(report.validated || !report.best);
  }
  EXPECT_THAT(validated, ElementsAre(2, 5, 7));
  EXPECT_EQ(images, 6);
  EXPECT_EQ(load_model(folder_.path() / "run" / "last.onnx").info.training.at("epochs"), "8");
  EXPECT_THAT(file("run", "metrics.csv"), HasSubstr("\n2,0.001,"));
}

TEST_F(Replan, ValidatingLessOftenDoesNotChangeWhatIsLearnt) {
  run(options("often", 4));
  TrainOptions o = options("seldom", 4);
  o.validate_every = 4;
  run(o);
  const Model often = load_model(folder_.path() / "often" / "last.onnx"),
              seldom = load_model(folder_.path() / "seldom" / "last.onnx");
  for (const auto& [name, tensor] : often.tensors)
    EXPECT_TRUE(std::ranges::equal(tensor.data<float>(), seldom.tensors.at(name).data<float>())) << name;
}

TEST_F(Replan, PatienceEndsWithAValidatedEpoch) {
  TrainOptions o = options("run", 50);
  o.learning_rate = 1e-12;
  o.validate_every = 3;
  o.patience = 4;
  const TrainResult result = run(o);
  EXPECT_TRUE(result.stopped_early);
  EXPECT_TRUE(result.history.back().validated);
  EXPECT_LT(result.history.size(), 50u);
  EXPECT_GE(std::ssize(result.history) - 1 - result.best_epoch, 4);
}

TEST_F(Replan, TheAnswerIsTheNumberOfEpochs) {
  TrainOptions o = options("run", 3);
  std::vector<std::int64_t> asked;
  o.replan = [&](const EpochReport& report) {
    asked.push_back(report.epoch);
    EXPECT_GT(report.seconds, 0);
    EXPECT_FALSE(report.validated);
    return report.epoch == 0 ? 5 : 4;
  };
  const TrainResult result = run(o);
  EXPECT_THAT(asked, ElementsAre(0, 1, 2, 3));
  EXPECT_EQ(result.history.size(), 4u);
  EXPECT_FALSE(result.stopped_early);
}

TEST_F(Replan, AnAnswerInThePastMakesThisTheLastEpochAndValidatesIt) {
  TrainOptions o = options("run", 9);
  o.validate_every = 5;
  o.replan = [](const EpochReport& report) { return report.epoch == 1 ? 0 : 9; };
  const TrainResult result = run(o);
  ASSERT_EQ(result.history.size(), 2u);
  EXPECT_TRUE(result.history[1].validated);
  EXPECT_FALSE(result.stopped_early);
}

TEST_F(Replan, SchedulesStretchToThePlan) {
  TrainOptions o = options("run", 2);
  o.schedule.kind = ScheduleKind::polynomial;
  o.replan = [](const EpochReport&) { return 6; };
  const TrainResult result = run(o);
  ASSERT_EQ(result.history.size(), 6u);
  EXPECT_NEAR(result.history[0].learning_rate, 1e-3 * std::pow(1 - 1.0 / 4, 0.9), 1e-9);  // planned as 4 steps
  EXPECT_NEAR(result.history[1].learning_rate, 1e-3 * std::pow(1 - 3.0 / 12, 0.9), 1e-9);
}

TEST_F(Replan, AResumedRunKeepsThePlan) {
  const auto planned = [](const EpochReport& report) { return report.epoch < 2 ? 7 : 5; };
  TrainOptions whole = options("whole", 3);
  whole.schedule.kind = ScheduleKind::cosine;
  whole.replan = planned;
  run(whole);

  TrainOptions pieces = whole;
  pieces.directory = folder_.path() / "pieces";
  std::int64_t images = 0;
  pieces.on_validation = [&](std::int64_t, std::int64_t) { ++images; };
  pieces.stop = [&] { return images == 5; };  // in the third validation
  EXPECT_TRUE(run(pieces).interrupted);
  pieces.stop = nullptr;
  pieces.resume = true;
  pieces.replan = [&](const EpochReport& report) {
    EXPECT_GT(report.epoch, 2) << "asked already";
    return planned(report);
  };
  EXPECT_EQ(run(pieces).history.size(), 5u);
  EXPECT_TRUE(file("whole", "last.onnx") == file("pieces", "last.onnx"));

  pieces.replan = nullptr;
  EXPECT_EQ(run(pieces).history.size(), 5u) << "the plan holds without a planner";
  pieces.epochs = 6;
  EXPECT_EQ(run(pieces).history.size(), 6u) << "another number asked for is a new plan";
}

TEST_F(Replan, ValidationIntervalsAreHeldToWhenARunGoesOn) {
  TrainOptions o = options("run", 2);
  run(o);
  o.resume = true;
  o.validate_every = 2;
  EXPECT_THAT([&] { run(o); }, ThrowsMessage<InputError>(HasSubstr("validate every = (none), now it is 2 epochs")));
}

TEST_F(Replan, EpochsOfSoManyStepsGoThroughTheImagesInTheSameOrder) {
  // 4 images, batches of 2: a pass has 2 steps. 2 epochs of 3 steps are 3 passes.
  TrainOptions passes = options("passes", 3), steps = options("steps", 2);
  passes.batch = steps.batch = 2;
  passes.schedule.kind = steps.schedule.kind = ScheduleKind::constant;
  steps.epoch_steps = 3;
  const TrainResult by_passes = run(passes), by_steps = run(steps);
  EXPECT_EQ(by_passes.steps, 6);
  EXPECT_EQ(by_steps.steps, 6);
  EXPECT_EQ(std::ssize(by_steps.history), 2);
  EXPECT_EQ(load_model(folder_.path() / "steps" / "last.onnx").tensors.at("a/weight").data<float>()[0],
            load_model(folder_.path() / "passes" / "last.onnx").tensors.at("a/weight").data<float>()[0]);
}

TEST_F(Replan, ARunOfSuchEpochsIsResumedBitForBit) {
  TrainOptions whole = options("whole", 2);
  whole.batch = 2;
  whole.accumulate = 2;
  whole.epoch_steps = 3;
  run(whole);
  TrainOptions cut = whole;
  cut.directory = folder_.path() / "cut";
  int steps = 0;
  cut.stop = [&] { return ++steps == 2; };
  EXPECT_TRUE(run(cut).interrupted);
  cut.stop = nullptr;
  cut.resume = true;
  run(cut);
  EXPECT_EQ(file("cut", "last.onnx"), file("whole", "last.onnx"));
  cut.epoch_steps = 4;
  EXPECT_THAT([&] { run(cut); }, ThrowsMessage<InputError>(HasSubstr("steps of an epoch")));
  cut.epoch_steps = -1;
  EXPECT_THAT([&] { run(cut); }, ThrowsMessage<InputError>(HasSubstr("epoch_steps is -1; expected 0 or more")));
}

}  // namespace
}  // namespace inlay
