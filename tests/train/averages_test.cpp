// Moving averages of the weights, and batch norm's statistics worked out anew.
#include "train/averages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/train.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Averages, FollowTheFormula) {
  ArenaLayout layout;
  layout.add("w", {2});
  const Arena weights(layout);
  Tensors tensors{{"w", weights.view(layout.slots[0])}, {"running", Tensor::filled({1}, 8)}};
  std::ranges::copy(std::vector<float>{1, 2}, tensors.at("w").data<float>().begin());
  Averages averages(tensors, layout, 0.25);
  tensors.at("w").data<float>()[0] = 12;
  tensors.at("running").data<float>()[0] = 19;
  averages.update(weights.all(), tensors, 1);  // 2/11 of the old
  EXPECT_FLOAT_EQ(averages.tensors().at("w").data<float>()[0], 12 - 11 * 2.0f / 11);
  EXPECT_FLOAT_EQ(averages.tensors().at("w").data<float>()[1], 2);
  EXPECT_FLOAT_EQ(averages.tensors().at("running").data<float>()[0], 19 - 11 * 2.0f / 11);
  averages.update(weights.all(), tensors, 1000);  // a quarter of the old
  EXPECT_FLOAT_EQ(averages.tensors().at("w").data<float>()[0], 12 - 2 * 0.25f);
}

class Averaging : public testing::Test {
 protected:
  Averaging() : folder_("averaging"), data_(blobs(folder_.path() / "data", 4, 2)) {}
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }
  Model trained(const TrainOptions& options, Model model = tiny_net()) {
    train(model, data_, options);
    return model;
  }
  TemporaryFolder folder_;
  Dataset data_;
};

TrainOptions one_step_an_epoch(std::int64_t epochs) {
  TrainOptions options = quick_training();
  options.batch = 4;
  options.epochs = epochs;
  return options;
}

TEST_F(Averaging, TheModelIsTheAverageOfTheWeightsAfterEachStep) {
  std::map<std::string, std::vector<double>> expected;
  for (const auto& [name, tensor] : tiny_net().tensors)
    expected[name].assign(tensor.data<float>().begin(), tensor.data<float>().end());
  for (std::int64_t t = 1; t <= 3; ++t)
    for (const auto& [name, tensor] : trained(one_step_an_epoch(t)).tensors)
      for (std::size_t i = 0; i < expected[name].size(); ++i)
        expected[name][i] += (1 - (1.0 + static_cast<double>(t)) / (10.0 + static_cast<double>(t))) *
                             (static_cast<double>(tensor.data<float>()[i]) - expected[name][i]);
  TrainOptions options = one_step_an_epoch(3);
  options.ema = 0.999;
  options.directory = path("run");
  const Model model = trained(options), last = load_model(path("run") / "last.onnx");
  for (const auto& [name, numbers] : expected)
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      EXPECT_NEAR(model.tensors.at(name).data<float>()[i], numbers[i], 1e-5) << name;
      EXPECT_EQ(model.tensors.at(name).data<float>()[i], last.tensors.at(name).data<float>()[i]) << name;
    }
}

TEST_F(Averaging, TheWeightsThatAreTrainedAreNotChangedByIt) {
  TrainOptions options = one_step_an_epoch(3);
  const TrainResult plain = [&] {
    Model model = tiny_net();
    return train(model, data_, options);
  }();
  options.ema = 0.9;
  options.bn_batches = 2;
  Model model = tiny_net();
  const TrainResult averaged = train(model, data_, options);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(plain.history[i].train_loss, averaged.history[i].train_loss);
  EXPECT_NE(plain.history[2].val_loss, averaged.history[2].val_loss) << "validation takes the average";
}

Model net_with_momentum(double momentum) {
  Model model;
  const Scope net(model.graph);
  Value x = model.graph.input("image", {DType::f32, {1, 1, 4, 4}});
  x = batch_norm(net / "a", conv2d(net / "a", x, 3, {.padding = 1, .bias = false}), {.momentum = momentum});
  model.graph.set_output("logits", conv2d(net / "head", relu(x), 2, {.kernel = 1}));
  model.tensors = initialise(model.graph, 5);
  return model;
}

// One batch of all pictures: with a momentum of 1 its statistics are the running ones.
TEST_F(Averaging, StatisticsAreThoseOfTheBatches) {
  TrainOptions options = one_step_an_epoch(1);
  options.learning_rate = 1e-30;
  const Model all = trained(options, net_with_momentum(1));
  options.bn_batches = 3;
  for (const double momentum : {0.1, 0.5}) {
    const Model estimated = trained(options, net_with_momentum(momentum));
    for (const char* name : {"a/running_mean", "a/running_variance"})
      for (std::size_t i = 0; i < 3; ++i)
        EXPECT_NEAR(estimated.tensors.at(name).data<float>()[i], all.tensors.at(name).data<float>()[i], 1e-5) << name;
  }
  const Model kept = trained(options, net_with_momentum(0));
  EXPECT_EQ(kept.tensors.at("a/running_mean").data<float>()[0], 0) << "no momentum: they never move";
}

TEST_F(Averaging, ANetWithoutBatchNormHasNothingToWorkOut) {
  Model model;
  Value x = model.graph.input("image", {DType::f32, {1, 1, 4, 4}});
  model.graph.set_output("logits", conv2d(Scope(model.graph, "a"), x, 2, {.padding = 1}));
  model.tensors = initialise(model.graph, 1);
  TrainOptions options = one_step_an_epoch(1);
  options.bn_batches = 2;
  EXPECT_EQ(train(model, data_, options).history.size(), 1u);
}

TEST_F(Averaging, InterruptionsLeaveNoTrace) {
  TrainOptions whole = quick_training();
  whole.epochs = 4;
  whole.augment = standard_augmentation();
  whole.ema = 0.95;
  whole.bn_batches = 2;
  whole.directory = path("whole");
  trained(whole, tiny_net(2, 0.2));
  TrainOptions pieces = whole;
  pieces.directory = path("pieces");
  std::int64_t asked = 0;
  pieces.stop = [&] { return ++asked % 5 == 0; };  // in training, in between, and in validation
  TrainResult result;
  do {
    Model model = tiny_net(2, 0.2);
    result = train(model, data_, pieces);
    pieces.resume = true;
  } while (result.interrupted);
  EXPECT_GT(asked, 15);
  for (const char* name : {"last.onnx", "best.onnx"})
    EXPECT_TRUE(read_file(path("whole") / name) == read_file(path("pieces") / name)) << name;
}

TEST_F(Averaging, RefusesWhatIsOutOfRangeAndOtherSettingsOnTheWay) {
  const auto refused = [&](auto change, const std::string& message) {
    TrainOptions options = one_step_an_epoch(1);
    change(options);
    EXPECT_THAT([&] { trained(options); }, ThrowsMessage<InputError>(HasSubstr(message)));
  };
  refused([](TrainOptions& o) { o.ema = 1; }, "ema is 1; expected 0 or more and below 1");
  refused([](TrainOptions& o) { o.ema = -0.1; }, "ema is -0.1; expected 0 or more and below 1");
  refused([](TrainOptions& o) { o.bn_batches = -1; }, "bn_batches is -1; expected 0 or more");
  refused([](TrainOptions& o) { o.recoveries = -1; }, "recoveries is -1; expected 0 or more");
  refused([](TrainOptions& o) { o.label_smoothing = 1; }, "label smoothing is 1");
  TrainOptions options = one_step_an_epoch(1);
  options.directory = path("run");
  trained(options);
  options.resume = true;
  options.ema = 0.9;
  EXPECT_THAT([&] { trained(options); },
              ThrowsMessage<InputError>(HasSubstr("moving average = (none), now it is 0.9")));
  options.ema = 0;
  options.bn_batches = 3;
  EXPECT_THAT([&] { trained(options); }, ThrowsMessage<InputError>(HasSubstr("batch norm statistics = (none)")));
  options.bn_batches = 0;
  options.label_smoothing = 0.1;
  EXPECT_THAT([&] { trained(options); }, ThrowsMessage<InputError>(HasSubstr("label smoothing = (none)")));
}

}  // namespace
}  // namespace inlay
