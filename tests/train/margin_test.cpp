// Nets whose logits cover less than the patch, and pixel weights, from patch to validation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "inlay/train.h"
#include "support/input_error.h"
#include "train/train_data.h"
#include "train/training_graph.h"

namespace inlay {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

/// Two 3x3 convolutions without padding, with batch norm and dropout in between.
Model unpadded_net(const SizeRule& rule = {.least = 5, .margin = 2}) {
  Model model;
  const Scope net(model.graph);
  Value x = model.graph.input("image", {DType::f32, {1, 1, 5, 5}});
  x = dropout(net / "a", conv_norm(net / "a", x, 8), 0.1);
  model.graph.set_output("logits", conv2d(net / "head", x, 2));
  model.tensors = initialise(model.graph, 5);
  model.info.architecture = "unpadded";
  model.info.size = rule;
  return model;
}

class Margin : public ::testing::Test {
 protected:
  Margin() : folder_("margin"), data_(blobs(folder_.path() / "data", 6, 2)) {}
  std::filesystem::path path(const std::string& name) const { return folder_.path() / name; }

  /// The plan, and what the log says of patches.
  std::pair<TrainPlan, std::vector<std::string>> plan(const SizeRule& rule, std::int64_t side) {
    Model model = unpadded_net(rule);
    TrainOptions options = quick_training();
    options.epochs = 1;
    options.height = options.width = side;
    std::pair<TrainPlan, std::vector<std::string>> result;
    options.on_start = [&](const TrainPlan& begun) { result.first = begun; };
    options.log = [&](Severity, std::string_view text) {
      if (text.find("patch") != std::string_view::npos) result.second.emplace_back(text);
    };
    train(model, data_, options);
    return result;
  }

  TemporaryFolder folder_;
  Dataset data_;
};

TEST_F(Margin, TheNetLearnsTheMiddleOfAPatch) {
  Model model = unpadded_net();
  TrainOptions options = quick_training();
  options.epochs = 12;
  options.learning_rate = 0.02;
  const TrainResult result = train(model, data_, options);
  EXPECT_LT(result.history.back().train_loss, 0.7 * result.history.front().train_loss);
  EXPECT_GT(result.best_score, 0.8);
}

TEST_F(Margin, PatchesAreThePicturesAndTheMargins) {
  const auto& [begun, said] = plan({.least = 5, .margin = 2}, 0);
  EXPECT_EQ(begun.height, 20);
  EXPECT_EQ(begun.width, 20);
  EXPECT_THAT(said, ElementsAre("of a patch of 20x20 the 16x16 labels in the middle are learnt"));
}

TEST_F(Margin, PatchesAreOfTheSideThatTheNetPrefers) {
  const auto& [begun, said] = plan({.least = 5, .margin = 2, .patch = 5}, 0);
  EXPECT_EQ(begun.height, 5);
  EXPECT_THAT(said, ElementsAre("of a patch of 5x5 the label in the middle is learnt; a larger size gives more"));
}

TEST_F(Margin, PatchesFollowTheRule) {
  const auto enlarged = plan({.multiple = 4, .remainder = 1, .least = 5, .margin = 2}, 10);
  EXPECT_EQ(enlarged.first.height, 13);
  EXPECT_THAT(enlarged.second,
              Contains("patches of 10x10 become 13x13, since the net needs sides of 4 k + 1, at least 5"));
  const auto reduced = plan({.least = 5, .most = 5, .margin = 2}, 10);
  EXPECT_EQ(reduced.first.height, 5);
  EXPECT_THAT(reduced.second, ElementsAre("patches of 10x10 become 5x5, since the net needs sides of 5",
                                          "of a patch of 5x5 the label in the middle is learnt"));
}

/// Everything that is random or remembered is on.
TrainOptions rich(const std::filesystem::path& directory) {
  TrainOptions options = quick_training();
  options.epochs = 3;
  options.class_weights = ClassWeighting::median;
  options.pixel_weights = PixelWeighting::border;
  options.augment = standard_augmentation();
  options.directory = directory;
  return options;
}

TEST_F(Margin, GoesOnBitForBit) {
  Model whole = unpadded_net(), pieces = unpadded_net();
  train(whole, data_, rich(path("whole")));
  TrainOptions options = rich(path("pieces"));
  int steps = 0;
  options.stop = [&] { return ++steps % 3 == 0; };
  while (train(pieces, data_, options).interrupted) {
    options.resume = true;
    pieces = unpadded_net();
  }
  EXPECT_TRUE(read_file(path("whole") / "last.onnx") == read_file(path("pieces") / "last.onnx"));
}

TEST_F(Margin, PixelWeightsAreHeldToWhenARunGoesOn) {
  Model model = unpadded_net();
  TrainOptions options = rich(path("run"));
  train(model, data_, options);
  options.resume = true;
  options.epochs = 4;
  options.borders.sigma = 3;
  EXPECT_THAT(input_error([&] { train(model, data_, options); }), HasSubstr("pixel weights"));
  options.pixel_weights = PixelWeighting::none;
  EXPECT_THAT(input_error([&] { train(model, data_, options); }), HasSubstr("pixel weights"));
}

TEST_F(Margin, PixelWeightsChangeWhatIsLearnt) {
  const auto trained = [&](PixelWeighting weighting, double w0) {
    Model model = unpadded_net();
    TrainOptions options = quick_training();
    options.pixel_weights = weighting;
    options.borders.w0 = w0;
    train(model, data_, options);
    const auto values = model.tensors.at("head/weight").data<float>();
    return std::vector<float>(values.begin(), values.end());
  };
  // There is one cell in every picture, so that nothing but the mirror images around it weigh more.
  EXPECT_EQ(trained(PixelWeighting::border, 0), trained(PixelWeighting::none, 10));
  EXPECT_NE(trained(PixelWeighting::border, 100), trained(PixelWeighting::none, 10));
  EXPECT_EQ(trained(PixelWeighting::boundary, 0), trained(PixelWeighting::none, 10));
  EXPECT_NE(trained(PixelWeighting::boundary, 100), trained(PixelWeighting::border, 100));
}

TEST_F(Margin, WeightsOutOfRangeAreRefused) {
  Model model = unpadded_net();
  TrainOptions options = quick_training();
  options.borders.sigma = 0;
  EXPECT_THAT(input_error([&] { train(model, data_, options); }), HasSubstr("'sigma' is 0"));
  options = quick_training();
  options.pixel_weights = PixelWeighting::border;
  options.loss = "dice";
  EXPECT_THAT(input_error([&] { train(model, data_, options); }), HasSubstr("takes no class or pixel weights"));
}

TEST(PixelWeighting, HasNames) {
  EXPECT_EQ(parse_pixel_weighting("border"), PixelWeighting::border);
  EXPECT_EQ(parse_pixel_weighting("boundary"), PixelWeighting::boundary);
  EXPECT_EQ(to_string(PixelWeighting::none), "none");
  EXPECT_THAT(
      input_error([] { parse_pixel_weighting("borders"); }),
      HasSubstr("'borders' is no pixel weighting; expected one of none, border, boundary; did you mean 'border'?"));
}

TEST(TrainingGraph, LabelsAreOfTheLogitsSize) {
  const TrainingGraph training = make_training_graph(unpadded_net().graph, {2, 1, 9, 12},
                                                     {.name = "auto", .class_weights = true, .pixel_weights = true}, 2);
  EXPECT_EQ(training.graph.find_leaf("labels").type(), (TensorType{DType::u8, {2, 5, 8}}));
  EXPECT_EQ(training.graph.find_leaf("pixel_weights").type(), (TensorType{DType::f32, {2, 5, 8}}));
  EXPECT_EQ(training.graph.find_leaf("class_weights").shape(), Shape{2});
  EXPECT_THAT(input_error([] {
                make_training_graph(unpadded_net().graph, {2, 1, 9, 12}, {.name = "auto"}, 3);
              }),
              HasSubstr("turns a picture of 9x12 into logits of shape 2x2x5x8; training needs one logit per pixel, but "
                        "for 3 on each side"));
}

}  // namespace
}  // namespace inlay
