// Training that goes wrong: what is noticed, and the way back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/train.h"
#include "train/checkpoint.h"
#include "train/health.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using testing::ThrowsMessage;

/// Three convolutions without anything that bounds their values: they diverge at a large learning rate, and at a
/// larger one still their ReLUs die.
Model unbounded_net(bool with_relu) {
  Model model;
  const Scope net(model.graph);
  Value x = model.graph.input("image", {DType::f32, {1, 1, 4, 4}});
  for (const char* name : {"a", "b"}) {
    x = conv2d(net / name, x, 6, {.padding = 1});
    if (with_relu) x = relu(x);
  }
  model.graph.set_output("logits", conv2d(net / "head", x, 2, {.kernel = 1}));
  model.tensors = initialise(model.graph, 5);
  return model;
}

class Recovery : public testing::Test {
 protected:
  Recovery() : folder_("recovery"), data_(blobs(folder_.path() / "data", 6, 2)) {}

  TrainOptions options(double rate, std::int64_t epochs) {
    TrainOptions options = quick_training();
    options.epochs = epochs;
    options.learning_rate = rate;
    options.optimizer = {.kind = OptimizerKind::sgd, .momentum = 0.9};
    options.on_event = [this](const TrainEvent& event) {
      if (event.kind == TrainEvent::Kind::recovered) recovered_.push_back(event.text);
      if (event.kind == TrainEvent::Kind::collapse) collapses_.push_back(event.text);
    };
    return options;
  }
  TrainResult run(const TrainOptions& options, bool with_relu = false) {
    Model model = unbounded_net(with_relu);
    return train(model, data_, options);
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  TemporaryFolder folder_;
  Dataset data_;
  std::vector<std::string> recovered_, collapses_;
};

constexpr double kDiverges = 30;  // the learning rate of the nets without ReLU

TEST_F(Recovery, ALossThatIsNotFiniteGoesBackToTheStartWithATenthOfTheRate) {
  const TrainResult result = run(options(kDiverges, 4));
  ASSERT_GE(result.recoveries, 1);
  ASSERT_EQ(std::ssize(recovered_), result.recoveries);
  EXPECT_THAT(recovered_[0],
              AllOf(StartsWith("the "), HasSubstr(" in epoch "), HasSubstr("(learning rate 30)"),
                    HasSubstr(": back to the start, and on with a tenth of the learning rate (1 of 3 times)")));
  ASSERT_EQ(result.history.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(result.history[i].epoch, static_cast<std::int64_t>(i));
    EXPECT_TRUE(std::isfinite(result.history[i].train_loss));
  }
  EXPECT_NEAR(result.history.back().learning_rate, kDiverges * std::pow(0.1, result.recoveries), 1e-9);
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
}

TEST_F(Recovery, ItIsTheRunThatStartedWithTheLowerRate) {
  TrainOptions diverging = options(kDiverges, 3);
  diverging.directory = path("diverging");
  const TrainResult result = run(diverging);
  ASSERT_GE(result.recoveries, 1);
  ASSERT_THAT(recovered_.back(), HasSubstr("back to the start"));
  Model direct = unbounded_net(false);
  train(direct, data_, options(kDiverges * std::pow(0.1, result.recoveries), 3));
  const Model recovered = load_model(path("diverging") / "last.onnx");
  for (const auto& [name, tensor] : direct.tensors)
    for (std::size_t i = 0; i < static_cast<std::size_t>(tensor.elements()); ++i)
      EXPECT_NEAR(recovered.tensors.at(name).data<float>()[i], tensor.data<float>()[i], 1e-6) << name;
}

TEST_F(Recovery, GoesBackToTheEndOfTheLastGoodEpoch) {
  TrainOptions o = options(0.01, 4);
  o.directory = path("run");
  std::int64_t steps = 0;
  o.on_step = [&](const StepReport&) { ++steps; };
  o.stop = [&] { return steps == 7; };  // in the third epoch of three steps each
  const TrainResult before = run(o);
  ASSERT_TRUE(before.interrupted);
  const std::filesystem::path state = path("run") / "state.safetensors";
  Checkpoint checkpoint = load_checkpoint(state);
  ASSERT_TRUE(checkpoint.good);
  EXPECT_EQ(checkpoint.good->progress.epoch, 2);
  checkpoint.tensors.at("model/a/weight").data<float>()[0] = NAN;
  save_checkpoint(state, checkpoint.progress, checkpoint.settings, checkpoint.tensors, &*checkpoint.good);
  o.stop = nullptr;
  o.resume = true;
  const TrainResult result = run(o);
  ASSERT_EQ(recovered_.size(), 1u);
  EXPECT_THAT(recovered_[0], AllOf(HasSubstr("the loss is nan in epoch 3, step 2 (learning rate 0.01)"),
                                   HasSubstr(": back to the end of epoch 2, and on with a tenth")));
  ASSERT_EQ(result.history.size(), 4u);
  EXPECT_EQ(result.history[1].train_loss, before.history[1].train_loss);
  EXPECT_EQ(result.history[1].learning_rate, 0.01);
  EXPECT_NEAR(result.history[2].learning_rate, 0.001, 1e-12);
  EXPECT_EQ(result.recoveries, 1);
  EXPECT_EQ(result.steps, 12);
}

TEST_F(Recovery, InterruptionsLeaveNoTrace) {
  for (const bool with_relu : {false, true}) {  // it diverges, it collapses
    const std::string name = with_relu ? "collapse" : "diverge";
    TrainOptions whole = options(with_relu ? 20 : kDiverges, with_relu ? 8 : 3);
    whole.directory = path(name);
    whole.ema = 0.9;
    const TrainResult expected = run(whole, with_relu);
    ASSERT_GE(expected.recoveries, 1);
    TrainOptions pieces = whole;
    pieces.directory = path(name + "_pieces");
    std::int64_t done = 0;
    pieces.on_step = [&](const StepReport&) { ++done; };
    pieces.stop = [&] { return done >= 2 ? (done = 0, true) : false; };
    TrainResult result = run(pieces, with_relu);
    pieces.resume = true;
    while (result.interrupted) result = run(pieces, with_relu);
    EXPECT_EQ(result.recoveries, expected.recoveries);
    for (const char* file : {"last.onnx", "best.onnx"})
      EXPECT_TRUE(read_file(path(name) / file) == read_file(path(name + "_pieces") / file)) << name << "/" << file;
  }
}

TEST_F(Recovery, TheLadderEndsWithAnError) {
  TrainOptions o = options(1e300, 2);
  o.directory = path("run");
  EXPECT_THAT([&] { run(o); },
              ThrowsMessage<Error>(AllOf(HasSubstr("although it was lowered 3 times already"),
                                         HasSubstr("smaller learning rate"), HasSubstr("last good moment"))));
  EXPECT_EQ(recovered_.size(), 3u);
  recovered_.clear();
  o.directory = path("once");
  o.recoveries = 1;
  EXPECT_THAT([&] { run(o); }, ThrowsMessage<Error>(HasSubstr("although it was lowered 1 time already")));
  o.directory = path("never");
  o.recoveries = 0;
  EXPECT_THAT([&] { run(o); }, ThrowsMessage<Error>(AllOf(HasSubstr("is "), Not(HasSubstr("lowered")))));
  EXPECT_EQ(recovered_.size(), 1u);
}

// Training takes the batch's own statistics, so that the running ones are seen in validation alone.
TEST_F(Recovery, AValidationLossThatIsNotFiniteIsNoticed) {
  TrainOptions o = options(0.01, 2);
  const auto poisoned = [] {
    Model model;
    const Scope net(model.graph);
    Value x = model.graph.input("image", {DType::f32, {1, 1, 4, 4}});
    x = batch_norm(net / "a", conv2d(net / "a", x, 3, {.padding = 1}));
    model.graph.set_output("logits", conv2d(net / "head", x, 2, {.kernel = 1}));
    model.tensors = initialise(model.graph, 5);
    model.tensors.at("a/running_mean").data<float>()[0] = NAN;
    return model;
  };
  Model model = poisoned();
  EXPECT_THAT([&] { train(model, data_, o); },
              ThrowsMessage<Error>(AllOf(HasSubstr("the validation loss is nan in epoch 1, step 3"),
                                         HasSubstr("lowered 3 times already"))));
  o.bn_batches = 2;
  model = poisoned();
  EXPECT_EQ(train(model, data_, o).recoveries, 0) << "statistics that are worked out anew are whole again";
}

TEST_F(Recovery, DeadUnitsAreNoticedAndBroughtBack) {
  const TrainResult result = run(options(20, 8), true);
  ASSERT_FALSE(collapses_.empty());
  EXPECT_THAT(collapses_[0], AllOf(StartsWith("validation finds '"), HasSubstr("in every pixel"),
                                   HasSubstr("smaller learning rate"), HasSubstr("--class-weights median")));
  ASSERT_FALSE(recovered_.empty());
  EXPECT_EQ(result.history.size(), 8u);
  EXPECT_GT(result.best_score, 0.5);
}

TEST_F(Recovery, ACollapseIsOnlyToldWhenItMayNotGoBack) {
  TrainOptions o = options(2000, 6);
  o.recoveries = 0;
  o.optimizer.momentum = 0;
  Model model = unbounded_net(true);
  for (const char* name : {"b/bias"})  // all units are dead from the start
    std::ranges::fill(model.tensors.at(name).data<float>(), -1e6f);
  o.learning_rate = 1e-6;
  const TrainResult result = train(model, data_, o);
  EXPECT_EQ(result.history.size(), 6u);
  EXPECT_EQ(collapses_.size(), 1u) << "told once while it lasts";
  EXPECT_TRUE(recovered_.empty());
}

TEST_F(Recovery, ACollapseThatStaysIsAnError) {
  TrainOptions o = options(1e-9, 40);
  Model model = unbounded_net(true);
  std::ranges::fill(model.tensors.at("b/bias").data<float>(), -1e6f);
  EXPECT_THAT([&] { train(model, data_, o); },
              ThrowsMessage<Error>(AllOf(HasSubstr("told nothing apart"), HasSubstr("lowered 3 times already"))));
  EXPECT_EQ(recovered_.size(), 3u);
}

ConfusionMatrix confusion(std::vector<std::uint8_t> prediction, std::vector<std::uint8_t> truth) {
  ConfusionMatrix matrix(3);
  matrix.add(std::span<const std::uint8_t>(prediction), std::span<const std::uint8_t>(truth));
  return matrix;
}

TEST(Health, OneClassEverywhereIsACollapseWhenTheTruthHasMore) {
  EXPECT_EQ(only_class(confusion({2, 2, 2, 2}, {0, 1, 2, kIgnore})), 2);
  EXPECT_EQ(only_class(confusion({2, 2, 2, 0}, {0, 1, 2, kIgnore})), 2) << "ignored pixels do not count";
  EXPECT_EQ(only_class(confusion({2, 2, 1}, {0, 1, 2})), std::nullopt);
  EXPECT_EQ(only_class(confusion({1, 1, 1}, {1, 1, 1})), std::nullopt) << "right";
  EXPECT_EQ(only_class(ConfusionMatrix(3)), std::nullopt);
}

TEST(Health, AGuessScoresTheCommonestClassEverywhere) {
  const ConfusionMatrix matrix = confusion({0, 0, 0, 0}, {0, 0, 0, 1});
  EXPECT_DOUBLE_EQ(guess_mean_iou(matrix), 0.375);
  EXPECT_DOUBLE_EQ(guess_mean_iou(matrix), score(matrix).mean_iou);
  EXPECT_TRUE(std::isnan(guess_mean_iou(ConfusionMatrix(3))));
}

}  // namespace
}  // namespace inlay
