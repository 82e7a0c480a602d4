#include "inlay/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

constexpr std::uint8_t I = kIgnore;

ConfusionMatrix matrix_of(std::int64_t classes, std::vector<std::uint8_t> prediction, std::vector<std::uint8_t> truth) {
  ConfusionMatrix matrix(classes);
  matrix.add(prediction, truth);
  return matrix;
}

// Worked by hand: class 0: 3 pixels, 2 hit; class 1: 4 pixels, 3 hit; class 2: 1 pixel, 1 hit.
ConfusionMatrix example() { return matrix_of(3, {0, 0, 1, 1, 1, 1, 2, 2, 0}, {0, 0, 0, 1, 1, 1, 1, 2, I}); }

TEST(ConfusionMatrix, CountsWhatIsNotIgnored) {
  const ConfusionMatrix matrix = example();
  EXPECT_EQ(matrix.count(0, 0), 2);
  EXPECT_EQ(matrix.count(0, 1), 1);
  EXPECT_EQ(matrix.count(1, 2), 1);
  EXPECT_EQ(matrix.count(2, 1), 0);
  EXPECT_EQ(matrix.truth_pixels(1), 4);
  EXPECT_EQ(matrix.predicted_pixels(1), 4);
  EXPECT_EQ(matrix.total(), 8);
}

TEST(ConfusionMatrix, MergeAddsCounts) {
  ConfusionMatrix matrix = example();
  matrix.merge(example());
  EXPECT_EQ(matrix.count(1, 1), 6);
  EXPECT_EQ(matrix.total(), 16);
}

TEST(ConfusionMatrix, MasksAreComparedPixelByPixel) {
  ConfusionMatrix matrix(2);
  matrix.add(Mask{Tensor::of<std::uint8_t>({1, 2}, {0, 1})}, Mask{Tensor::of<std::uint8_t>({1, 2}, {1, 1})});
  EXPECT_EQ(matrix.count(1, 0), 1);
  EXPECT_THAT(message_of<InputError>([&] {
                matrix.add(Mask{Tensor(DType::u8, {1, 2})}, Mask{Tensor(DType::u8, {2, 1})});
              }),
              HasSubstr("prediction has 1x2 pixels and the truth 2x1"));
}

TEST(ConfusionMatrix, VoidMayCountAsPredictedTooMuch) {
  ConfusionMatrix matrix(2);
  matrix.add(std::vector<std::uint8_t>{0, 1, 1, I}, std::vector<std::uint8_t>{0, 1, I, I}, VoidPolicy::count);
  EXPECT_EQ(matrix.total(), 2);
  EXPECT_EQ(matrix.predicted_pixels(1), 2);
  EXPECT_DOUBLE_EQ(score(matrix).classes[1].iou, 0.5);
  EXPECT_DOUBLE_EQ(score(matrix).classes[1].accuracy, 1);
  matrix.merge(matrix);
  EXPECT_EQ(matrix.predicted_pixels(1), 4);
  EXPECT_EQ(parse_void_policy("count"), VoidPolicy::count);
  EXPECT_THAT(message_of<InputError>([] { parse_void_policy("maybe"); }), HasSubstr("expected ignore or count"));
}

TEST(ConfusionMatrix, RefusesWhatItCannotCount) {
  EXPECT_THAT(message_of<InputError>([] { ConfusionMatrix(0); }), HasSubstr("1 to 255 classes, got 0"));
  EXPECT_THAT(message_of<InputError>([] { ConfusionMatrix(256); }), HasSubstr("got 256"));
  EXPECT_THAT(message_of<InputError>([] { matrix_of(2, {0}, {2}); }),
              HasSubstr("truth holds the label 2; expected 0 to 1"));
  EXPECT_THAT(message_of<InputError>([] { matrix_of(2, {2}, {0}); }), HasSubstr("prediction holds the label 2"));
  EXPECT_NO_THROW(matrix_of(2, {9}, {I}));
  EXPECT_THAT(message_of<InputError>([] { matrix_of(2, {0, 0}, {0}); }), HasSubstr("2 pixels and the truth 1"));
  EXPECT_THAT(message_of<InputError>([] { ConfusionMatrix(2).merge(ConfusionMatrix(3)); }),
              HasSubstr("2 and 3 classes"));
}

TEST(Scores, FollowTheirDefinitions) {
  const Scores scores = score(example());
  EXPECT_DOUBLE_EQ(scores.pixel_accuracy, 6.0 / 8);
  EXPECT_DOUBLE_EQ(scores.mean_accuracy, (2.0 / 3 + 3.0 / 4 + 1.0) / 3);
  EXPECT_DOUBLE_EQ(scores.mean_iou, (2.0 / 3 + 3.0 / 5 + 1.0 / 2) / 3);
  EXPECT_DOUBLE_EQ(scores.frequency_weighted_iou, (3 * (2.0 / 3) + 4 * (3.0 / 5) + 1 * (1.0 / 2)) / 8);
  EXPECT_DOUBLE_EQ(scores.mean_dice, (4.0 / 5 + 6.0 / 8 + 2.0 / 3) / 3);
  EXPECT_EQ(scores.classes[1].pixels, 4);
  EXPECT_EQ(scores.classes[1].name, "class 1");
  EXPECT_TRUE(scores.absent.empty());
}

TEST(Scores, AbsentClassIsSkippedAndNamed) {
  const ConfusionMatrix matrix = matrix_of(3, {0, 0, 2, 0}, {0, 0, 2, 2});
  const std::vector<std::string> names{"sky", "road", "car"};
  const Scores skip = score(matrix, AbsentPolicy::skip, names);
  EXPECT_THAT(skip.absent, ElementsAre("road"));
  EXPECT_TRUE(std::isnan(skip.classes[1].iou));
  EXPECT_DOUBLE_EQ(skip.mean_iou, (2.0 / 3 + 1.0 / 2) / 2);
  EXPECT_DOUBLE_EQ(score(matrix, AbsentPolicy::zero, names).mean_iou, (2.0 / 3 + 1.0 / 2) / 3);
  EXPECT_DOUBLE_EQ(score(matrix, AbsentPolicy::one, names).mean_iou, (2.0 / 3 + 1.0 / 2 + 1.0) / 3);
  EXPECT_DOUBLE_EQ(score(matrix, AbsentPolicy::one, names).mean_dice, (4.0 / 5 + 2.0 / 3 + 1.0) / 3);
  EXPECT_DOUBLE_EQ(score(matrix, AbsentPolicy::one, names).frequency_weighted_iou, skip.frequency_weighted_iou);
}

TEST(Scores, ClassThatOnlyThePredictionHasIsNotAbsent) {
  const Scores scores = score(matrix_of(2, {0, 1}, {0, 0}));
  EXPECT_TRUE(scores.absent.empty());
  EXPECT_DOUBLE_EQ(scores.mean_iou, 0.25);
  EXPECT_DOUBLE_EQ(scores.mean_accuracy, 0.5);
}

TEST(Scores, NothingToCountIsNotANumber) {
  const Scores scores = score(matrix_of(2, {0}, {I}));
  EXPECT_TRUE(std::isnan(scores.pixel_accuracy) && std::isnan(scores.mean_iou) &&
              std::isnan(scores.frequency_weighted_iou));
  EXPECT_EQ(scores.absent.size(), 2u);
}

// A net may know classes that a data set does not have.
TEST(Scores, FewerNamesScoreTheFirstClassesAlone) {
  const Scores scores = score(matrix_of(3, {0, 0, 2, 1}, {0, 0, 1, 1}), AbsentPolicy::skip, {"a", "b"});
  ASSERT_EQ(scores.classes.size(), 2u);
  EXPECT_EQ(scores.classes[1].name, "b");
  EXPECT_DOUBLE_EQ(scores.classes[1].iou, 0.5) << "what it took for the third class is missed";
  EXPECT_DOUBLE_EQ(scores.mean_iou, 0.75);
  EXPECT_DOUBLE_EQ(scores.mean_accuracy, 0.75);
  EXPECT_DOUBLE_EQ(scores.pixel_accuracy, 0.75);
  EXPECT_DOUBLE_EQ(scores.frequency_weighted_iou, 0.75);
}

TEST(Scores, NamesMustMatch) {
  EXPECT_THAT(message_of<InputError>([] {
                score(example(), AbsentPolicy::skip, {"a", "b", "c", "d"});
              }),
              HasSubstr("4 class names were given for 3"));
}

TEST(AbsentPolicies, AreParsed) {
  EXPECT_EQ(parse_absent_policy("skip"), AbsentPolicy::skip);
  EXPECT_EQ(parse_absent_policy("0"), AbsentPolicy::zero);
  EXPECT_EQ(parse_absent_policy("one"), AbsentPolicy::one);
  EXPECT_THAT(message_of<InputError>([] { parse_absent_policy("2"); }), HasSubstr("expected skip, 0 or 1"));
}

}  // namespace
}  // namespace inlay
