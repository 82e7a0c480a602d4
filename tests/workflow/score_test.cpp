#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "inlay/scoring.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using workflow::ScoreRequest;

class ScoreMasks : public ::testing::Test {
 protected:
  /// FOLDER/NAME.png, a grey file of one row.
  void write(const std::string& folder, const std::string& name, std::vector<std::uint8_t> values) {
    Image image{Tensor(DType::u8, {1, static_cast<std::int64_t>(values.size()), 1})};
    std::ranges::copy(values, image.pixels.data<std::uint8_t>().begin());
    write_image(folder_ / folder / (name + ".png"), image);
  }
  void name_classes(const std::string& text) { std::ofstream(folder_ / "classes.txt") << text; }

  ScoreRequest request(const std::string& metrics = "default") {
    ScoreRequest request{.predicted = folder_ / "predicted", .truth = folder_ / "truth", .classes = {}};
    request.metrics = parse_metrics(metrics, false);
    request.log = [this](Severity, std::string_view text) { warnings_.emplace_back(text); };
    return request;
  }

  TempFolder folder_;
  std::vector<std::string> warnings_;
};

TEST_F(ScoreMasks, PairsByStem) {
  write("truth", "a", {0, 0, 1, 2});
  write("predicted", "a", {0, 1, 1, 2});
  write("truth", "b", {1, 1, 255, 2});
  write("predicted", "b", {1, 1, 0, 1});
  write("predicted", "c", {1});
  const Evaluation result = workflow::score(request());
  EXPECT_EQ(result.images, 2);
  EXPECT_EQ(result.confusion.total(), 7);
  EXPECT_DOUBLE_EQ(result.scores.classes[1].iou, 3.0 / 5);
  EXPECT_EQ(result.per_image[1].name, "b");
  EXPECT_EQ(result.metrics[0].value, result.scores.mean_iou);
  EXPECT_EQ(result.intervals.size(), result.metrics.size());
  EXPECT_TRUE(std::isnan(result.cross_entropy));
  EXPECT_THAT(warnings_, ElementsAre(HasSubstr("1 files in")));
  ScoreRequest with_void = request();
  with_void.void_pixels = VoidPolicy::count;
  EXPECT_LT(workflow::score(with_void).scores.classes[0].iou, result.scores.classes[0].iou);
}

TEST_F(ScoreMasks, EveryTruthNeedsAPrediction) {
  write("truth", "a", {0, 1});
  write("truth", "b", {0, 1});
  write("predicted", "b", {0, 1});
  EXPECT_THAT(input_error([&] { workflow::score(request()); }),
              AllOf(HasSubstr("1 of the 2 true masks"), HasSubstr("no prediction"), HasSubstr(": a")));
  write("predicted", "a", {0, 1, 1});
  EXPECT_THAT(input_error([&] { workflow::score(request()); }),
              HasSubstr("'a': the prediction has 1x3 pixels and the truth 1x2"));
  write_image(folder_ / "truth/a.bmp", Image{Tensor(DType::u8, {1, 2, 1})});
  EXPECT_THAT(input_error([&] { workflow::score(request()); }), HasSubstr("have the same stem"));
}

TEST_F(ScoreMasks, FoldersMustHoldMasks) {
  std::filesystem::create_directories(folder_ / "predicted");
  write("truth", "a", {0, 1});
  EXPECT_THAT(input_error([&] { workflow::score(request()); }), HasSubstr("holds no mask"));
  std::filesystem::remove(folder_ / "predicted");
  EXPECT_THAT(input_error([&] { workflow::score(request()); }), HasSubstr("is no folder"));
}

TEST_F(ScoreMasks, BlackAndWhiteOnEitherSide) {
  write("truth", "a", {0, 0, 255, 255});
  write("predicted", "a", {0, 1, 1, 1});
  EXPECT_DOUBLE_EQ(workflow::score(request()).scores.classes[1].iou, 2.0 / 3);
}

TEST_F(ScoreMasks, AClassFileSaysWhatTheValuesMean) {
  name_classes("7 void\n3 road\n9 sky\n");
  write("truth", "a", {3, 9, 9, 7});
  write("predicted", "a", {3, 3, 9, 3});
  ScoreRequest by_value = request();
  by_value.classes = folder_ / "classes.txt";
  const Evaluation result = workflow::score(by_value);
  EXPECT_EQ(result.scores.classes[0].name, "road");
  EXPECT_DOUBLE_EQ(result.scores.pixel_accuracy, 2.0 / 3);
  write("predicted", "a", {0, 0, 1, 0});
  EXPECT_THAT(input_error([&] { workflow::score(by_value); }), HasSubstr("value 0"));
  by_value.numbers = true;
  EXPECT_DOUBLE_EQ(workflow::score(by_value).scores.pixel_accuracy, 2.0 / 3);
}

TEST_F(ScoreMasks, APredictionOfVoidIsWrong) {
  write("truth", "a", {0, 1, 2, 2});
  write("predicted", "a", {0, 1, 2, 255});
  const Evaluation result = workflow::score(request("all"));
  EXPECT_DOUBLE_EQ(result.scores.pixel_accuracy, 0.75);
  EXPECT_DOUBLE_EQ(result.scores.classes[2].iou, 0.5);
}

TEST_F(ScoreMasks, ADataSetIsTheTruth) {
  for (const std::string split : {"train", "val"}) {
    write("data/" + split + "/images", split + "1", {9, 9, 9});
    write("data/" + split + "/masks", split + "1", {0, 255, 255});
  }
  write("predicted", "val1", {0, 1, 0});
  ScoreRequest of_data = request();
  of_data.truth = folder_ / "data";
  EXPECT_DOUBLE_EQ(workflow::score(of_data).scores.pixel_accuracy, 2.0 / 3);
  of_data.split = Split::test;
  EXPECT_THAT(input_error([&] { workflow::score(of_data); }), HasSubstr("no images in 'test'"));
  of_data.classes = folder_ / "classes.txt";
  EXPECT_THAT(input_error([&] { workflow::score(of_data); }), HasSubstr("leave --classes out"));
}

}  // namespace
}  // namespace inlay::testing
