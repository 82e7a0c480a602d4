#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/evaluate.h"
#include "inlay/train.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using testing::ThrowsMessage;

class Train : public testing::Test {
 protected:
  Train() : folder_("train") {}
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  Dataset data(std::int64_t train = 4, std::int64_t val = 2, std::int64_t size = 16) {
    return blobs(path("data"), train, val, size);
  }
  TemporaryFolder folder_;
};

TEST_F(Train, ASmallUnetLearnsBlobs) {
  const Dataset set = data(16, 4, 32);
  Model model = create_model(
      "unet", {.in_channels = 1, .out_channels = 2, .settings = {{"width", "4"}, {"depth", "2"}}, .seed = 3});
  TrainOptions options = quick_training();
  options.epochs = 15;
  options.batch = 4;
  options.learning_rate = 0.01;
  const TrainResult result = train(model, set, options);
  EXPECT_GT(result.best_score, 0.9);
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
  EXPECT_EQ(result.steps, 60);
  EXPECT_FALSE(result.interrupted);

  Segmenter segment(model, {.threads = 1, .tune = false});
  EXPECT_EQ(evaluate(segment, set, Split::val).scores.mean_iou, result.history.back().val_mean_iou);
}

TEST_F(Train, EveryOptimizerWithEverySchedule) {
  const Dataset set = data();
  for (OptimizerKind optimizer : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw})
    for (ScheduleKind schedule : {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::cosine,
                                  ScheduleKind::polynomial, ScheduleKind::plateau}) {
      Model model = tiny_net();
      TrainOptions options = quick_training();
      options.epochs = 3;
      options.optimizer = {.kind = optimizer, .weight_decay = 1e-4};
      options.schedule = {.kind = schedule, .step_epochs = 1, .plateau_epochs = 1};
      const TrainResult result = train(model, set, options);
      EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss)
          << to_string(optimizer) << " " << to_string(schedule);
    }
}

TEST_F(Train, EveryLossWithOneAndTwoOutputs) {
  const Dataset set = data();
  for (const auto& [outputs, loss] : std::vector<std::pair<std::int64_t, std::string>>{
           {2, "auto"}, {2, "cross_entropy+dice"}, {2, "dice"}, {1, "auto"}, {1, "bce+0.5*dice"}}) {
    Model model = tiny_net(outputs);
    TrainOptions options = quick_training();
    options.loss = loss;
    options.learning_rate = 0.01;
    options.epochs = 4;
    if (loss != "dice") options.class_weights = outputs == 1 ? ClassWeighting::enet : ClassWeighting::median;
    const TrainResult result = train(model, set, options);
    EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss) << loss;
    EXPECT_GT(result.history.back().val_pixel_accuracy, 0);
  }
}

TEST_F(Train, ImagesOfAnySizeAndABatchLargerThanTheSet) {
  write_sample(path("odd") / "train", "a", blob(13, 1));
  write_sample(path("odd") / "train", "b", blob(30, 2));
  write_sample(path("odd") / "val", "c", blob(9, 3));
  const Dataset set = open_dataset(path("odd"));
  Model model = tiny_net();
  TrainOptions options = quick_training();
  options.batch = 5;
  std::vector<TrainPlan> plans;
  std::vector<std::string> messages;
  options.on_start = [&](const TrainPlan& plan) { plans.push_back(plan); };
  options.log = [&](Severity, std::string_view text) { messages.emplace_back(text); };
  const TrainResult result = train(model, set, options);
  EXPECT_EQ(result.steps, 2);
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_EQ(plans[0].height, 32);
  EXPECT_EQ(plans[0].width, 32);
  EXPECT_EQ(plans[0].train_images, 2);
  EXPECT_EQ(plans[0].val_images, 1);
  EXPECT_EQ(plans[0].steps_per_epoch, 1);
  EXPECT_EQ(plans[0].parameters, 4 * 9 + 4 + 4 + 2 * 4 + 2);
  EXPECT_EQ(plans[0].threads, 1);
  EXPECT_THAT(messages, testing::Contains(HasSubstr("patches of 30x30 become 32x32")));
  EXPECT_THAT(messages, testing::Contains(HasSubstr("a picture of 9x9 is padded by reflection to 12x12")));
}

TEST_F(Train, ReportsEveryStepAndEpoch) {
  const Dataset set = data(5, 2);
  Model model = tiny_net();
  TrainOptions options = quick_training();
  options.schedule.warmup_steps = 2;
  std::vector<StepReport> steps;
  std::vector<EpochReport> epochs;
  std::int64_t validated = 0;
  options.on_step = [&](const StepReport& report) { steps.push_back(report); };
  options.on_epoch = [&](const EpochReport& report) { epochs.push_back(report); };
  options.on_validation = [&](std::int64_t done, std::int64_t images) {
    validated += done;
    EXPECT_EQ(images, 2);
  };
  train(model, set, options);
  ASSERT_EQ(steps.size(), 6u);
  EXPECT_EQ(steps[4].epoch, 1);
  EXPECT_EQ(steps[4].step, 1);
  EXPECT_EQ(steps[4].epochs, 2);
  EXPECT_EQ(steps[4].steps_per_epoch, 3);
  EXPECT_EQ(steps[0].learning_rate, 0.0005);
  EXPECT_EQ(steps[1].learning_rate, 0.001);
  EXPECT_GT(steps[0].gradient_norm, 0);
  EXPECT_GT(steps[0].images_per_second, 0);
  EXPECT_DOUBLE_EQ(steps[2].mean_loss, (steps[0].loss + steps[1].loss + steps[2].loss) / 3);
  ASSERT_EQ(epochs.size(), 2u);
  EXPECT_DOUBLE_EQ(epochs[0].train_loss, steps[2].mean_loss);
  EXPECT_TRUE(epochs[0].best);
  EXPECT_GT(epochs[1].val_loss, 0);
  EXPECT_TRUE(epochs[1].validated);
  EXPECT_GE(epochs[1].waiting, 0);
  EXPECT_LE(epochs[1].waiting, 1);
  EXPECT_EQ(validated, 6);
}

// Without batch statistics.
Model plain_net() {
  Model model;
  Value x = model.graph.input("image", {DType::f32, {1, 1, 4, 4}});
  model.graph.set_output("logits", conv2d(Scope(model.graph, "a"), x, 2, {.padding = 1}));
  model.tensors = initialise(model.graph, 1);
  return model;
}

// With equally many pixels in all batches, the mean of means is the mean.
TEST_F(Train, AveragingOverTwoBatchesIsOneBatchOfTwo) {
  const Dataset set = data(4, 1);
  const auto weights = [&](std::int64_t batch, std::int64_t accumulate) {
    Model model = plain_net();
    TrainOptions options = quick_training();
    options.batch = batch;
    options.accumulate = accumulate;
    options.optimizer.kind = OptimizerKind::sgd;
    train(model, set, options);
    return model.tensors.at("a/weight");
  };
  const Tensor once = weights(2, 1), twice = weights(1, 2);
  for (std::size_t i = 0; i < 18; ++i) EXPECT_NEAR(once.data<float>()[i], twice.data<float>()[i], 1e-5);
}

TEST_F(Train, ClippingLimitsTheStep) {
  const Dataset set = data(2, 1);
  const auto moved = [&](double clip) {
    Model model = tiny_net();
    const Model before = tiny_net();
    TrainOptions options = quick_training();
    options.epochs = 1;
    options.clip = clip;
    options.learning_rate = 1;
    options.optimizer = {.kind = OptimizerKind::sgd, .momentum = 0, .nesterov = false};
    train(model, set, options);
    double sum = 0;
    for (const char* name : {"a/weight", "a/scale", "a/shift", "head/weight", "head/bias"})
      for (std::size_t i = 0; i < static_cast<std::size_t>(model.tensors.at(name).elements()); ++i)
        sum += std::pow(model.tensors.at(name).data<float>()[i] - before.tensors.at(name).data<float>()[i], 2);
    return std::sqrt(sum);
  };
  EXPECT_NEAR(moved(0.01), 0.01, 1e-4);
  EXPECT_GT(moved(0), 0.05);
}

TEST_F(Train, StopsWithoutABetterScore) {
  const Dataset set = data();
  Model model = tiny_net();
  TrainOptions options = quick_training();
  options.epochs = 50;
  options.patience = 2;
  options.learning_rate = 1e-12;
  std::vector<TrainEvent> events;
  options.on_event = [&](const TrainEvent& event) { events.push_back(event); };
  const TrainResult result = train(model, set, options);
  EXPECT_TRUE(result.stopped_early);
  EXPECT_LT(result.history.size(), 50u);
  EXPECT_EQ(static_cast<std::int64_t>(result.history.size()) - 1 - result.best_epoch, 2);
  EXPECT_EQ(events.back().kind, TrainEvent::Kind::early_stop);
  EXPECT_EQ(events.back().text, "no better score for 2 epochs");
}

TEST_F(Train, SaysWhenThePlateauLowersTheRate) {
  const Dataset set = data();
  Model model = tiny_net();
  TrainOptions options = quick_training();
  options.epochs = 4;
  options.learning_rate = 1e-12;
  options.schedule = {.kind = ScheduleKind::plateau, .factor = 0.5, .plateau_epochs = 0};
  std::vector<std::string> texts;
  options.on_event = [&](const TrainEvent& event) {
    if (event.kind == TrainEvent::Kind::lower_rate) texts.push_back(event.text);
  };
  const TrainResult result = train(model, set, options);
  ASSERT_FALSE(texts.empty());
  EXPECT_EQ(texts[0], "the learning rate goes down to 5e-13");
  EXPECT_LT(result.history.back().learning_rate, 1e-12);
}

TEST_F(Train, WithoutValidationImagesTheLossDecides) {
  write_sample(path("one") / "train", "a", blob(16, 1));
  const Dataset set = open_dataset(path("one"));
  ASSERT_EQ(set.size(Split::val), 0);
  Model model = tiny_net();
  TrainOptions options = quick_training();
  options.directory = path("run");
  const TrainResult result = train(model, set, options);
  EXPECT_TRUE(std::isnan(result.history[0].val_mean_iou));
  EXPECT_EQ(result.best_score, -result.history[static_cast<std::size_t>(result.best_epoch)].train_loss);
  EXPECT_THAT(read_file(path("run") / "metrics.csv"), HasSubstr(",,,,"));
}

TEST_F(Train, ABrokenValidationImageIsFoundBeforeTheFirstEpoch) {
  write_sample(path("one") / "train", "a", blob(16, 1));
  write_sample(path("one") / "val", "b", blob(16, 2));
  const Dataset set = open_dataset(path("one"));
  write_file(path("one") / "val" / "images" / "b.png", "no picture");
  Model model = tiny_net();
  TrainOptions options = quick_training();
  int epochs = 0;
  options.on_epoch = [&](const EpochReport&) { ++epochs; };
  EXPECT_THAT([&] { train(model, set, options); }, ThrowsMessage<InputError>(HasSubstr("b.png")));
  EXPECT_EQ(epochs, 0);
}

TEST_F(Train, LeavesTheFilesOfARun) {
  const Dataset set = data();
  Model model = tiny_net();
  TrainOptions options = quick_training();
  options.directory = path("run");
  const TrainResult result = train(model, set, options);
  EXPECT_EQ(model.info.classes.size(), 2u);
  EXPECT_GT(model.info.mean.at(0), 0.2);
  EXPECT_LT(model.info.mean.at(0), 0.6);
  EXPECT_EQ(model.info.training.at("data"), "data");
  EXPECT_EQ(model.info.training.at("epochs"), "2");
  const Model last = load_model(path("run") / "last.onnx");
  for (const auto& [name, tensor] : model.tensors)
    EXPECT_TRUE(std::ranges::equal(tensor.data<float>(), last.tensors.at(name).data<float>())) << name;
  const Model best = load_model(path("run") / "best.onnx");
  EXPECT_EQ(best.info.training.at("epochs"), std::to_string(result.best_epoch + 1));
  const std::string csv = read_file(path("run") / "metrics.csv");
  EXPECT_THAT(csv, StartsWith("epoch,learning_rate,train_loss,val_loss,val_mean_iou,val_pixel_accuracy,seconds,"
                              "images_per_second,waiting,best\n1,0.001,"));
  EXPECT_EQ(std::ranges::count(csv, '\n'), 3);
}

TEST_F(Train, KeepsTheNormalisationOfATrainedModel) {
  const Dataset set = data();
  TrainOptions options = quick_training();
  options.epochs = 1;
  Model trained = tiny_net();
  trained.info.mean = {0};
  trained.info.stddev = {1};
  trained.info.training["data"] = "elsewhere";
  train(trained, set, options);
  EXPECT_EQ(trained.info.mean, std::vector<double>{0});
  Model fresh = tiny_net();
  fresh.info.mean = {0};
  fresh.info.stddev = {1};
  train(fresh, set, options);
  EXPECT_NE(fresh.info.mean, std::vector<double>{0});
}

// Red pixels are class 1.
Sample red_blob(std::uint64_t seed) {
  Sample sample = blob(8, seed);
  const Image grey = sample.image;
  sample.image = with_channels(grey, 3);
  for (std::size_t i = 0; i < 64; ++i) {
    sample.image.pixels.data<std::uint8_t>()[3 * i + 1] = 40;
    sample.image.pixels.data<std::uint8_t>()[3 * i + 2] = static_cast<std::uint8_t>(i);
  }
  return sample;
}

TEST_F(Train, ANetThatReadsBgrTrainsAsOneThatReadsRgb) {
  for (std::uint64_t i = 0; i < 4; ++i)
    write_sample(path("red") / (i < 3 ? "train" : "val"), std::to_string(i), red_blob(i));
  const Dataset set = open_dataset(path("red"));
  const auto trained = [&](ChannelOrder order) {
    Model model;
    Value x = model.graph.input("image", {DType::f32, {1, 3, 4, 4}});
    model.graph.set_output("logits", conv2d(Scope(model.graph, "a"), x, 2, {.kernel = 1}));
    model.tensors = {{"a/weight", Tensor::filled({2, 3, 1, 1}, 0.1f)}, {"a/bias", Tensor(DType::f32, {2})}};
    model.info.channel_order = order;
    train(model, set, quick_training());
    return model;
  };
  const Model rgb = trained(ChannelOrder::rgb), bgr = trained(ChannelOrder::bgr);
  EXPECT_NE(rgb.info.mean[0], rgb.info.mean[2]);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(bgr.info.mean[c], rgb.info.mean[2 - c]);
    EXPECT_EQ(bgr.info.stddev[c], rgb.info.stddev[2 - c]);
    EXPECT_NEAR(bgr.tensors.at("a/weight").data<float>()[c], rgb.tensors.at("a/weight").data<float>()[2 - c], 1e-5);
  }
}

TEST_F(Train, ALossThatIsNotFiniteEndsTheRunAndKeepsTheFiles) {
  const Dataset set = data(4, 1);
  TrainOptions options = quick_training();
  options.directory = path("run");
  options.optimizer = {.kind = OptimizerKind::sgd, .momentum = 0, .nesterov = false};
  options.learning_rate = 1e300;
  std::vector<std::string> saved;
  options.on_epoch = [&](const EpochReport&) { saved.push_back(read_file(path("run") / "last.onnx")); };
  Model model = plain_net();
  const Model before = plain_net();
  EXPECT_THAT(
      [&] { train(model, set, options); },
      ThrowsMessage<Error>(AllOf(HasSubstr("is "), HasSubstr("in epoch 1, step 2"), HasSubstr("smaller learning rate"),
                                 HasSubstr("masks"), HasSubstr("last good moment"))));
  EXPECT_TRUE(saved.empty());
  EXPECT_FALSE(std::filesystem::exists(path("run") / "last.onnx"));
  EXPECT_TRUE(
      std::ranges::equal(model.tensors.at("a/weight").data<float>(), before.tensors.at("a/weight").data<float>()));

  Model poisoned = plain_net();
  poisoned.tensors.at("a/weight").data<float>()[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(
      [&] { train(poisoned, set, quick_training()); },
      ThrowsMessage<Error>(AllOf(HasSubstr("the loss is nan in epoch 1, step 1"), testing::Not(HasSubstr("files")))));
}

TEST_F(Train, RefusesOptionsOutOfRange) {
  const Dataset set = data();
  const auto refused = [&](auto change, const std::string& message) {
    TrainOptions options = quick_training();
    change(options);
    Model model = tiny_net();
    EXPECT_THAT([&] { train(model, set, options); }, ThrowsMessage<InputError>(HasSubstr(message)));
  };
  refused([](TrainOptions& o) { o.epochs = 0; }, "epochs is 0; expected 1 or more");
  refused([](TrainOptions& o) { o.batch = 0; }, "batch is 0; expected 1 or more");
  refused([](TrainOptions& o) { o.height = -1; }, "height is -1; expected 0 or more");
  refused([](TrainOptions& o) { o.width = -1; }, "width is -1; expected 0 or more");
  refused([](TrainOptions& o) { o.accumulate = 0; }, "accumulate is 0; expected 1 or more");
  refused([](TrainOptions& o) { o.patience = -1; }, "patience is -1; expected 0 or more");
  refused([](TrainOptions& o) { o.validate_every = 0; }, "validate_every is 0; expected 1 or more");
  refused([](TrainOptions& o) { o.workers = 0; }, "workers is 0; expected 1 or more");
  refused([](TrainOptions& o) { o.save_every = 0; }, "save_every is 0; expected 1 or more");
  refused([](TrainOptions& o) { o.learning_rate = NAN; }, "learning_rate is nan; expected a number of 0 or more");
  refused([](TrainOptions& o) { o.clip = -1; }, "clip is -1; expected a number of 0 or more");
  refused([](TrainOptions& o) { o.save_minutes = -1; }, "save_minutes is -1; expected a number of 0 or more");
  refused([](TrainOptions& o) { o.resume = true; }, "a run without a folder cannot be resumed; give its directory");
  refused([](TrainOptions& o) { o.loss = "diec"; }, "unknown loss 'diec'");
  refused([](TrainOptions& o) { o.augment.flip_vertical = 2; }, "flip_vertical");
  refused([](TrainOptions& o) { o.schedule.factor = 2; }, "factor is 2");
  refused([](TrainOptions& o) { o.optimizer.momentum = 2; }, "momentum is 2");
  EXPECT_FALSE(std::filesystem::exists(path("run")));
}

TEST_F(Train, RefusesAModelThatDoesNotFitTheData) {
  const Dataset set = data();
  Model many = tiny_net(3), deep = tiny_net(2, 0, 4);
  EXPECT_THAT([&] { train(many, set, quick_training()); },
              ThrowsMessage<InputError>(
                  AllOf(HasSubstr("has 2 classes"), HasSubstr("the model tells 3 apart; make the model with 2"))));
  EXPECT_THAT([&] { train(deep, set, quick_training()); },
              ThrowsMessage<InputError>(HasSubstr("a picture with 1 channels cannot become one with 4")));
  const Dataset empty(path("none"), "folder", set.classes(), {}, {});
  Model model = tiny_net();
  EXPECT_THAT([&] { train(model, empty, quick_training()); },
              ThrowsMessage<InputError>(HasSubstr("has no training images")));
}

TEST(ClassWeighting, Names) {
  for (ClassWeighting weighting : {ClassWeighting::none, ClassWeighting::median, ClassWeighting::enet})
    EXPECT_EQ(parse_class_weighting(to_string(weighting)), weighting);
  EXPECT_THAT([] { parse_class_weighting("all"); },
              ThrowsMessage<InputError>("'all' is no class weighting; expected one of none, median, enet"));
}

}  // namespace
}  // namespace inlay
