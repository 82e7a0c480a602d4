#include "inlay/evaluate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "inlay/error.h"
#include "metrics/cross_entropy.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

// One logit: the grey value minus one half.
Model threshold_net(std::vector<ModelClass> classes = {{"dark", {}}, {"bright", {}}}) {
  Model model;
  Value image = model.graph.input("image", {DType::f32, {1, 1, 8, 8}});
  model.graph.set_output("logits", conv2d(Scope(model.graph, "a"), image, 1, {.kernel = 1}));
  model.tensors = {{"a/weight", Tensor::filled({1, 1, 1, 1}, 1)}, {"a/bias", Tensor::filled({1}, -0.5f)}};
  model.info.classes = std::move(classes);
  model.info.size.multiple = 8;
  return model;
}

Sample sample(std::initializer_list<std::uint8_t> pixels, std::initializer_list<std::uint8_t> labels) {
  const auto width = static_cast<std::int64_t>(pixels.size());
  return {"", {Tensor::of<std::uint8_t>({1, width, 1}, pixels)}, {Tensor::of<std::uint8_t>({1, width}, labels)}};
}

class Evaluate : public testing::Test {
 protected:
  Evaluate() : folder_("evaluate") {
    write_sample(folder_.path() / "val", "a", sample({255, 255, 0, 0, 0}, {1, 1, 0, 0, 1}));
    write_sample(folder_.path() / "val", "b", sample({255, 0, 255}, {1, 0, 255}));
    write_sample(folder_.path() / "train", "c", sample({255, 0}, {1, 0}));
  }
  TemporaryFolder folder_;
  SegmenterOptions quick_{.threads = 1, .tune = false};
};

TEST_F(Evaluate, CountsAllPixelsAtTheirOwnSize) {
  // A third value makes 255 "ignore" and not a class.
  Segmenter segment(threshold_net(), quick_);
  const Dataset data = open_dataset(folder_.path());
  ASSERT_EQ(data.classes().size(), 2);
  std::vector<std::pair<std::int64_t, std::int64_t>> progress;
  EvaluateOptions options;
  options.progress = [&](std::int64_t done, std::int64_t images) { progress.emplace_back(done, images); };
  const Evaluation result = evaluate(segment, data, Split::val, options);
  EXPECT_EQ(result.images, 2);
  EXPECT_EQ(result.confusion.total(), 7);
  EXPECT_EQ(result.confusion.count(0, 0), 3);
  EXPECT_EQ(result.confusion.count(1, 1), 3);
  EXPECT_EQ(result.confusion.count(1, 0), 1);
  EXPECT_DOUBLE_EQ(result.scores.mean_iou, 0.75);
  EXPECT_EQ(result.scores.classes[1].name, "bright");
  ASSERT_EQ(result.per_image.size(), 2u);
  EXPECT_EQ(result.per_image[0].name, "a");
  EXPECT_DOUBLE_EQ(result.per_image[0].mean_iou, (2.0 / 3 + 2.0 / 3) / 2);
  EXPECT_DOUBLE_EQ(result.per_image[0].pixel_accuracy, 0.8);
  EXPECT_EQ(result.per_image[1].mean_iou, 1);
  EXPECT_EQ(result.per_image[1].pixels, 2);
  const double right = std::log(1 + std::exp(-0.5)), wrong = std::log(1 + std::exp(0.5));
  EXPECT_NEAR(result.cross_entropy, (6 * right + wrong) / 7, 1e-6);
  EXPECT_GT(result.seconds, 0);
  EXPECT_EQ(progress, (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 2}, {2, 2}}));
}

TEST_F(Evaluate, AllIsEverySplit) {
  Segmenter segment(threshold_net(), quick_);
  EXPECT_EQ(evaluate(segment, open_dataset(folder_.path()), Split::all).images, 3);
}

TEST_F(Evaluate, CanBeStopped) {
  Segmenter segment(threshold_net(), quick_);
  EvaluateOptions options;
  bool stop = false;
  options.progress = [&](std::int64_t, std::int64_t) { stop = true; };
  options.stop = [&] { return stop; };
  EXPECT_EQ(evaluate(segment, open_dataset(folder_.path()), Split::val, options).images, 1);
}

TEST_F(Evaluate, TheAbsentPolicyIsPassedOn) {
  const TemporaryFolder folder("absent");
  write_sample(folder.path() / "val", "a", sample({0, 0, 0}, {0, 0, 0}));
  write_sample(folder.path() / "train", "b", sample({0, 255}, {0, 1}));
  Segmenter segment(threshold_net(), quick_);
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(evaluate(segment, data, Split::val, {.absent = AbsentPolicy::skip}).scores.mean_iou, 1);
  const Evaluation zero = evaluate(segment, data, Split::val, {.absent = AbsentPolicy::zero});
  EXPECT_EQ(zero.scores.mean_iou, 0.5);
  EXPECT_EQ(zero.per_image[0].mean_iou, 0.5);
}

TEST_F(Evaluate, ScoresTheDataSetsClassesAlone) {
  Model model = threshold_net({{"class 0", {}}, {"class 1", {}}, {"void", {}}});
  model.graph = Graph();
  Value image = model.graph.input("image", {DType::f32, {1, 1, 8, 8}});
  model.graph.set_output("logits", conv2d(Scope(model.graph, "a"), image, 3, {.kernel = 1}));
  model.tensors = {{"a/weight", Tensor::of<float>({3, 1, 1, 1}, {0, 1, 0})},
                   {"a/bias", Tensor::of<float>({3}, {0, -0.5f, 0.25f})}};  // void for what is dark
  Segmenter segment(model, quick_);
  const Evaluation result = evaluate(segment, open_dataset(folder_.path()), Split::val);
  ASSERT_EQ(result.scores.classes.size(), 2u);
  EXPECT_EQ(result.scores.classes[0].iou, 0);
  EXPECT_EQ(result.scores.classes[1].iou, 0.75);
  EXPECT_EQ(result.scores.mean_iou, 0.375);
  EXPECT_EQ(result.per_image[1].mean_iou, 0.5);
  EXPECT_EQ(result.confusion.count(0, 2), 3);
}

TEST_F(Evaluate, RefusesOtherClassesAndEmptySplits) {
  const Dataset data = open_dataset(folder_.path());
  Segmenter segment(threshold_net(), quick_);
  EXPECT_THAT([&] { evaluate(segment, data, Split::test); },
              ThrowsMessage<InputError>(HasSubstr("has no images in 'test'")));

  const auto with = [&](std::vector<std::string> names) {
    const auto missing = [] { return read_image("i"); };
    return Dataset(folder_.path(), "folder", {names, std::vector<Color>(names.size())},
                   {{{{{"a", "i", "m"}, missing, nullptr}}, {}, {}}}, {});
  };
  EXPECT_THAT(
      [&] {
        evaluate(segment, with({"a", "b", "c"}), Split::train);
      },
      ThrowsMessage<InputError>(AllOf(HasSubstr("has 3 classes (a, b, c), the model tells 2 apart (dark, bright)"),
                                      HasSubstr("give both the same classes"))));
  EXPECT_THAT([&] { evaluate(segment, with({"bright"}), Split::train); },
              ThrowsMessage<InputError>(HasSubstr("has 1 classes (bright)")));
  EXPECT_THAT([&] { evaluate(segment, with({"dark"}), Split::train); }, ThrowsMessage<InputError>(HasSubstr("'i'")));
  Segmenter nameless(threshold_net({}), quick_);
  EXPECT_THAT([&] { evaluate(nameless, with({"dark"}), Split::train); },
              ThrowsMessage<InputError>(HasSubstr("without names")));
}

TEST(NegativeLogLikelihood, SoftmaxAndIgnoredPixels) {
  const Tensor logits = Tensor::of<float>({3, 1, 2}, {1, 100, 2, -100, 4, 0});
  const Mask truth{Tensor::of<std::uint8_t>({1, 2}, {2, 1})};
  const NegativeLogLikelihood both = negative_log_likelihood(logits, truth);
  EXPECT_EQ(both.pixels, 2);
  EXPECT_NEAR(both.sum, std::log(std::exp(-3) + std::exp(-2) + 1) + 200, 1e-4);
  const Mask ignored{Tensor::of<std::uint8_t>({1, 2}, {2, kIgnore})};
  EXPECT_NEAR(negative_log_likelihood(logits, ignored).mean(), std::log(std::exp(-3) + std::exp(-2) + 1), 1e-6);
  const Mask none{Tensor::of<std::uint8_t>({1, 2}, {kIgnore, kIgnore})};
  EXPECT_TRUE(std::isnan(negative_log_likelihood(logits, none).mean()));
}

TEST(NegativeLogLikelihood, OneLogitDoesNotOverflow) {
  const Tensor logits = Tensor::of<float>({1, 1, 2}, {1000, -1000});
  EXPECT_DOUBLE_EQ(negative_log_likelihood(logits, {Tensor::of<std::uint8_t>({1, 2}, {0, 1})}).sum, 2000);
  EXPECT_DOUBLE_EQ(negative_log_likelihood(logits, {Tensor::of<std::uint8_t>({1, 2}, {1, 0})}).sum, 0);
}

}  // namespace
}  // namespace inlay
