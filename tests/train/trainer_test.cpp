#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/evaluate.h"
#include "inlay/train.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::ThrowsMessage;

TEST(Train, ASmallUnetLearnsBlobs) {
  const TemporaryFolder folder("learn");
  const Dataset data = blobs(folder.path(), 16, 4, 32);
  Model model = create_model("unet", {.in_channels = 1, .out_channels = 2, .settings = {{"width", "4"}, {"depth", "2"}}, .seed = 3});
  TrainOptions options = quick_training();
  options.epochs = 15;
  options.batch = 4;
  options.learning_rate = 0.01;
  const TrainResult result = train(model, data, options);
  EXPECT_GT(result.best_score, 0.9);
  EXPECT_LT(result.history.back().train_loss, result.history.front().train_loss);
  EXPECT_EQ(result.steps, 60);
  EXPECT_FALSE(result.interrupted);

  Segmenter segment(model, {.threads = 2, .tune = false});
  EXPECT_EQ(evaluate(segment, data, Split::val).scores.mean_iou, result.history.back().val_mean_iou);
}

}  // namespace
}  // namespace inlay
