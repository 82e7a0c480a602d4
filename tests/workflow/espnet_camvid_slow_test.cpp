// The weights that ESPNet's authors published for CamVid score what they score in PyTorch, from the picture files on.
#include <gmock/gmock.h>

#include "inlay/evaluate.h"
#include "inlay/weights.h"

namespace inlay::testing {
namespace {

namespace fs = std::filesystem;

TEST(EspnetOnCamvid, ReachesTheKnownIou) {
  const fs::path weights = fs::path(INLAY_SHARED) / "weights/espnet_camvid/model.safetensors";
  const fs::path data = fs::path(INLAY_SHARED) / "data/camvid";
  if (!fs::exists(weights) || !fs::exists(data)) GTEST_SKIP() << data << " or " << weights << " is not on this machine";
  // The authors' (pixel - mean) / deviation / 255, for pixels of 0..255.
  const workflow::ImportedWeights imported =
      workflow::import_weights({.weights = weights,
                                .net = {.name = "espnet", .classes = 12},
                                .classes = data / "classes.txt",
                                .mean = {110.3310 / 255, 108.4089 / 255, 105.0332 / 255},
                                .stddev = {72.1257, 72.6907, 69.9043}});
  Segmenter segmenter(imported.model, {.tune = false});
  ConfusionMatrix with_void(12);
  EvaluateOptions options;
  options.on_image = [&](const Sample& sample, const Mask& prediction, const Tensor&) {
    with_void.add(prediction, sample.mask, VoidPolicy::count);
  };
  const Evaluation result = evaluate(segmenter, open_dataset(data), Split::val, options);
  EXPECT_EQ(result.images, 101);
  EXPECT_NEAR(result.scores.mean_iou, 0.69914, 2e-4);
  EXPECT_NEAR(result.scores.pixel_accuracy, 0.92638, 2e-4);
  EXPECT_NEAR(result.scores.mean_accuracy, 0.79444, 5e-4);
  std::vector<std::string> names = open_dataset(data).classes().names;
  EXPECT_NEAR(score(with_void, AbsentPolicy::skip, names).mean_iou, 0.6847, 2e-4)
      << "predictions on void pixels count as false positives";
  const double known[] = {0.94657, 0.84363, 0.12037, 0.96815, 0.86749, 0.90616,
                          0.38996, 0.70897, 0.81207, 0.42578, 0.70139};
  ASSERT_EQ(result.scores.classes.size(), std::size(known)) << "void is no class to score";
  for (std::size_t i = 0; i < std::size(known); ++i)
    EXPECT_NEAR(result.scores.classes[i].iou, known[i], 2e-3) << result.scores.classes[i].name;
}

}  // namespace
}  // namespace inlay::testing
