// Cross-validation: which images go where, what is scored, and going on.
#include <gmock/gmock.h>

#include <cmath>
#include <set>

#include "base/files.h"
#include "inlay/synth.h"
#include "inlay/workflow.h"
#include "support/input_error.h"
#include "support/temp_folder.h"
#include "workflow/train_options.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FoldsOf : public ::testing::Test {
 protected:
  FoldsOf() {
    synthesise({.count = 12, .height = 16, .width = 16}, folder_ / "cells");
    config_.data = (folder_ / "cells").string();
    config_.output = (folder_ / "run").string();
    config_.folds = 3;
    config_.epochs = 1;
    config_.width = 2;
    config_.depth = 1;
    config_.batch = 4;
    config_.threads = 1;
    config_.tune = false;
  }
  TempFolder folder_;
  TrainConfig config_;
};

TEST_F(FoldsOf, EveryImageIsValidatedOnOnce) {
  const Dataset data = open_dataset(folder_ / "cells");
  const std::int64_t images = data.size(Split::train) + data.size(Split::val);
  std::set<std::string> seen;
  for (std::int64_t fold = 0; fold < 3; ++fold) {
    config_.fold = fold;
    const Dataset part = workflow::open_training_data(config_);
    EXPECT_EQ(part.size(Split::train) + part.size(Split::val), images);
    EXPECT_EQ(part.names(Split::test), data.names(Split::test)) << "test images stay";
    for (const std::string& name : part.names(Split::val)) EXPECT_TRUE(seen.insert(name).second) << name;
  }
  EXPECT_EQ(std::ssize(seen), images);
  config_.folds = 99;
  EXPECT_THAT(input_error([&] { workflow::open_training_data(config_); }), HasSubstr("99"));
  config_.folds = 2;
  config_.group_by = "nowhere";
  EXPECT_THAT(input_error([&] { workflow::open_training_data(config_); }), HasSubstr("nowhere"));
}

TEST_F(FoldsOf, AreTrainedScoredAndGoneOnWith) {
  workflow::FoldsCallbacks callbacks;
  std::int64_t steps = 0;
  callbacks.train.on_step = [&](const StepReport&) { ++steps; };
  callbacks.train.stop = [&] { return steps == 4; };  // in the second fold
  const workflow::FoldsOutcome cut = workflow::train_folds(config_, false, callbacks);
  EXPECT_TRUE(cut.interrupted);
  EXPECT_EQ(cut.folds.size(), 1u);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run" / "report.html"));
  EXPECT_THAT(input_error([&] { workflow::train_folds(config_); }),
              HasSubstr("go on with the folds in it by --resume"));

  const workflow::FoldsOutcome outcome = workflow::train_folds(config_, true);
  ASSERT_EQ(outcome.folds.size(), 3u);
  EXPECT_TRUE(outcome.folds[0].earlier);
  EXPECT_FALSE(outcome.folds[1].earlier);
  EXPECT_DOUBLE_EQ(outcome.folds[0].evaluation.scores.mean_iou, cut.folds[0].evaluation.scores.mean_iou);
  std::int64_t pixels = 0;
  for (const auto& fold : outcome.folds) pixels += fold.evaluation.confusion.total();
  ASSERT_TRUE(outcome.evaluation.has_value());
  EXPECT_EQ(outcome.evaluation->confusion.total(), pixels);
  EXPECT_EQ(std::ssize(outcome.evaluation->per_image), outcome.evaluation->images);
  EXPECT_THAT(read_file(folder_ / "run" / "report.html"),
              AllOf(HasSubstr("fold-2/report.html"), HasSubstr("&plusmn;"), HasSubstr("membrane")));
  EXPECT_THAT(read_file(folder_ / "run" / "folds.csv"), HasSubstr("fold,images,mean_iou"));

  TrainConfig second;
  read_config(folder_ / "run" / "fold-1" / "config.toml", second);
  EXPECT_EQ(second.fold, 1);
  const Evaluation scored = workflow::evaluate(
      {.model = folder_ / "run" / "fold-1" / "best.onnx", .data = folder_ / "cells", .threads = 1, .tune = false});
  EXPECT_DOUBLE_EQ(scored.scores.mean_iou, outcome.folds[1].evaluation.scores.mean_iou)
      << "evaluate knows which images the model did not see";
}

TEST_F(FoldsOf, Mistakes) {
  config_.folds = 1;
  EXPECT_THAT(input_error([&] { workflow::train_folds(config_); }), HasSubstr("folds is 1; expected 2 or more"));
  config_.folds = 3;
  config_.fold = 3;
  EXPECT_THAT(input_error([&] { workflow::train(config_); }), HasSubstr("fold is 3; expected 0 to 2"));
}

TEST(Spread, IsTheStandardDeviationOfTheSample) {
  const std::vector<double> values{1, 2, 3, NAN};
  EXPECT_DOUBLE_EQ(workflow::spread(values).mean, 2);
  EXPECT_DOUBLE_EQ(workflow::spread(values).deviation, 1);
  EXPECT_TRUE(std::isnan(workflow::spread(std::vector{1.0}).deviation));
  EXPECT_TRUE(std::isnan(workflow::spread({}).mean));
}

}  // namespace
}  // namespace inlay::testing
