#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/train.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

// Everything that is random or remembered is on.
TrainOptions rich(const std::filesystem::path& directory, OptimizerKind kind = OptimizerKind::adam) {
  TrainOptions options = quick_training();
  options.epochs = 6;
  options.batch = 2;
  options.accumulate = 2;
  options.clip = 1;
  options.optimizer.kind = kind;
  options.schedule = {.kind = ScheduleKind::plateau, .warmup_steps = 3, .plateau_epochs = 0};
  options.class_weights = ClassWeighting::median;
  options.augment = standard_augmentation();
  options.seed = 11;
  options.directory = directory;
  return options;
}

class Resume : public testing::Test {
 protected:
  Resume() : folder_("resume"), data_(blobs(folder_.path() / "data", 7, 2)) {}

  TrainResult run(const TrainOptions& options) {
    Model model = tiny_net(2, 0.2);
    return train(model, data_, options);
  }
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  // A run that is stopped after `steps` updates, and then again and again until it is done.
  TrainResult run_in_pieces(TrainOptions options, std::int64_t steps) {
    std::int64_t done = 0;
    options.on_step = [&](const StepReport&) { ++done; };
    options.stop = [&] {
      const bool enough = done >= steps;
      if (enough) done = 0;
      return enough;
    };
    TrainResult result = run(options);
    options.resume = true;
    while (result.interrupted) result = run(options);
    return result;
  }

  TemporaryFolder folder_;
  Dataset data_;
};

void expect_same_models(const std::filesystem::path& a, const std::filesystem::path& b) {
  EXPECT_TRUE(read_file(a / "last.onnx") == read_file(b / "last.onnx")) << a << " " << b;
  EXPECT_TRUE(read_file(a / "best.onnx") == read_file(b / "best.onnx")) << a << " " << b;
}

TEST_F(Resume, ThreeAndThreeEpochsAreSix) {
  const TrainResult whole = run(rich(path("whole")));
  TrainOptions options = rich(path("halves"));
  options.epochs = 3;
  run(options);
  EXPECT_FALSE(read_file(path("whole") / "last.onnx") == read_file(path("halves") / "last.onnx"));
  options.epochs = 6;
  options.resume = true;
  const TrainResult second = run(options);
  expect_same_models(path("whole"), path("halves"));
  EXPECT_EQ(second.steps, whole.steps);
  EXPECT_EQ(second.best_epoch, whole.best_epoch);
  EXPECT_EQ(second.best_score, whole.best_score);
  ASSERT_EQ(second.history.size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(second.history[i].train_loss, whole.history[i].train_loss);
    EXPECT_EQ(second.history[i].val_loss, whole.history[i].val_loss);
    EXPECT_EQ(second.history[i].learning_rate, whole.history[i].learning_rate);
  }
}

TEST_F(Resume, InterruptionsInTheMiddleOfEpochsLeaveNoTrace) {
  for (OptimizerKind kind : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw}) {
    const std::string name(to_string(kind));
    run(rich(path(name), kind));
    // Two steps an epoch: pieces of 3 end within an epoch and right before a validation.
    const TrainResult pieces = run_in_pieces(rich(path(name + "_pieces"), kind), 3);
    EXPECT_EQ(pieces.steps, 12);
    expect_same_models(path(name), path(name + "_pieces"));
  }
}

TEST_F(Resume, TwoRunsWithOneSeedAreEqualAndWithAnotherAreNot) {
  run(rich(path("one")));
  run(rich(path("two")));
  expect_same_models(path("one"), path("two"));
  TrainOptions other = rich(path("other"));
  other.seed = 12;
  run(other);
  EXPECT_FALSE(read_file(path("one") / "last.onnx") == read_file(path("other") / "last.onnx"));
}

TEST_F(Resume, TheNumberOfWorkersChangesNothing) {
  run(rich(path("one")));
  TrainOptions options = rich(path("three"));
  options.workers = 3;
  run(options);
  expect_same_models(path("one"), path("three"));
}

TEST_F(Resume, AnInterruptionDuringValidation) {
  run(rich(path("whole")));
  TrainOptions options = rich(path("stopped"));
  bool validating = false;
  options.on_validation = [&](std::int64_t, std::int64_t) { validating = true; };
  options.stop = [&] { return validating; };
  TrainResult result = run(options);
  EXPECT_TRUE(result.interrupted);
  EXPECT_EQ(result.history.size(), 0u);
  EXPECT_EQ(result.steps, 2);
  options.stop = nullptr;
  options.resume = true;
  result = run(options);
  EXPECT_FALSE(result.interrupted);
  expect_same_models(path("whole"), path("stopped"));
}

TEST_F(Resume, AFinishedRunHasNothingToDo) {
  TrainOptions options = rich(path("done"));
  run(options);
  const std::string before = read_file(path("done") / "last.onnx");
  options.resume = true;
  Model model = tiny_net(2, 0.2);
  const TrainResult result = train(model, data_, options);
  EXPECT_EQ(result.steps, 12);
  EXPECT_FALSE(result.interrupted);
  EXPECT_FALSE(result.stopped_early);
  EXPECT_EQ(read_file(path("done") / "last.onnx"), before);
  EXPECT_NE(model.tensors.at("head/weight").data<float>()[0], tiny_net().tensors.at("head/weight").data<float>()[0]);
}

TEST_F(Resume, RefusesOtherSettings) {
  TrainOptions first = rich(path("run"));
  first.epochs = 1;
  run(first);
  const auto refused = [&](auto change, const std::string& message) {
    TrainOptions options = first;
    options.resume = true;
    change(options);
    EXPECT_THAT([&] { run(options); },
                ThrowsMessage<InputError>(AllOf(HasSubstr("state.safetensors"), HasSubstr(message))));
  };
  refused([](TrainOptions& o) { o.seed = 3; }, "made with seed = 11, now it is 3");
  refused([](TrainOptions& o) { o.batch = 4; }, "made with batch = 2, now it is 4");
  refused([](TrainOptions& o) { o.height = 32; }, "made with patch = 16x16, now it is 32x16");
  refused([](TrainOptions& o) { o.learning_rate = 0.5; }, "made with learning rate = 0.001, now it is 0.5");
  refused([](TrainOptions& o) { o.accumulate = 1; }, "made with accumulate = 2, now it is 1");
  refused([](TrainOptions& o) { o.clip = 0; }, "made with clip = 1, now it is 0");
  refused([](TrainOptions& o) { o.loss = "cross_entropy+dice"; },
          "made with loss = auto, now it is cross_entropy+dice");
  refused([](TrainOptions& o) { o.class_weights = ClassWeighting::none; },
          "made with class weights = median, now it is none");
  refused([](TrainOptions& o) { o.augment.noise = 0.5; }, "made with augmentation = ");
  refused([](TrainOptions& o) { o.optimizer.beta1 = 0.5; }, "made with optimizer = adam, betas 0.9 0.999");
  refused([](TrainOptions& o) { o.schedule.kind = ScheduleKind::step; }, "made with schedule = plateau, ");

  TrainOptions options = first;
  options.resume = true;
  Model model = tiny_net(1, 0.2);
  EXPECT_THAT([&] { train(model, data_, options); },
              ThrowsMessage<InputError>(HasSubstr("made with model tensors = 62 numbers")));
  write_sample(path("data") / "train", "late", blob(16, 99));
  const Dataset more = open_dataset(path("data"));
  Model same = tiny_net(2, 0.2);
  EXPECT_THAT([&] { train(same, more, options); },
              ThrowsMessage<InputError>(AllOf(HasSubstr("training data = 7 images"), HasSubstr("now it is 8 images"))));
}

TEST_F(Resume, SaysWhatMayChangeTheResult) {
  TrainOptions options = rich(path("run"));
  options.schedule = {.kind = ScheduleKind::cosine};
  options.epochs = 1;
  run(options);
  std::vector<std::string> warnings;
  options.log = [&](Severity severity, std::string_view text) {
    if (severity == Severity::warning) warnings.emplace_back(text);
  };
  options.epochs = 2;
  options.threads = 2;
  options.resume = true;
  run(options);
  EXPECT_THAT(warnings, testing::IsSupersetOf({HasSubstr("planned for 1 epochs, now for 2: the cosine schedule"),
                                               HasSubstr("started with 1 threads, now it has 2")}));
}

TEST_F(Resume, TheStateIsSavedWithinAnEpochWhenTimePasses) {
  TrainOptions options = rich(path("run"));
  options.epochs = 1;
  options.save_minutes = 1e-9;
  std::vector<TrainEvent::Kind> events;
  options.on_event = [&](const TrainEvent& event) { events.push_back(event.kind); };
  run(options);
  EXPECT_EQ(std::ranges::count(events, TrainEvent::Kind::saved), 3);  // two steps, one epoch
  TrainOptions rarely = rich(path("rarely"));
  rarely.epochs = 3;
  rarely.save_every = 2;
  events.clear();
  rarely.on_event = options.on_event;
  run(rarely);
  EXPECT_EQ(std::ranges::count(events, TrainEvent::Kind::saved), 2);  // after the second and the last
}

}  // namespace
}  // namespace inlay
