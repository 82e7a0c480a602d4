#include <gmock/gmock.h>

#include "inlay/predict.h"
#include "inlay/workflow.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t kSide = 32, kChannels = 5;

/// What class 1 is shows in the fourth channel alone.
void write_sample(const std::filesystem::path& folder, int number) {
  Image image{Tensor(DType::u8, {kSide, kSide, kChannels})};
  Mask mask{Tensor(DType::u8, {kSide, kSide})};
  std::uint32_t state = 1 + static_cast<std::uint32_t>(number);
  const std::int64_t top = 3 * number % 16;
  for (std::int64_t i = 0; i < kSide * kSide; ++i) {
    const bool inside = i / kSide >= top && i / kSide < top + 12 && i % kSide > 8 && i % kSide < 24;
    mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(i)] = inside;
    for (std::int64_t c = 0; c < kChannels; ++c) {
      state = state * 1664525 + 1013904223;
      image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(i * kChannels + c)] =
          static_cast<std::uint8_t>((state >> 26) + (c == 3 && inside ? 150 : 0));
    }
  }
  const std::string name = "p" + std::to_string(number);
  write_image(folder / "images" / (name + ".tif"), image);
  write_mask(folder / "masks" / (name + ".png"), mask);
}

TEST(ManyChannels, AreLearntAndLabelled) {
  const TempFolder folder;
  for (int i = 0; i < 10; ++i) write_sample(folder / "data", i);
  TrainConfig config;
  config.data = (folder / "data").string();
  config.output = (folder / "run").string();
  config.width = 4;
  config.depth = 2;
  config.epochs = 12;
  config.lr = 0.01;
  config.threads = 1;
  config.tune = false;
  config.augment_set = {{"channel_jitter", "0.02"}};
  const workflow::TrainOutcome outcome = workflow::train(config);
  EXPECT_GT(outcome.evaluation->scores.mean_iou, 0.8);
  const Model model = load_model(folder / "run/best.onnx");
  EXPECT_EQ(model.in_channels(), kChannels);
  EXPECT_EQ(model.info.mean.size(), 5u);
  EXPECT_TRUE(std::filesystem::exists(folder / "run/report.html"));

  const workflow::PredictResult result = workflow::predict({.models = {folder / "run/best.onnx"},
                                                            .inputs = {(folder / "data/images/p3.tif").string()},
                                                            .output = folder / "labels",
                                                            .overlay = true,
                                                            .threads = 1,
                                                            .tune = false});
  ASSERT_EQ(result.masks.size(), 1u);
  const Mask got = read_mask(result.masks[0]), want = read_mask(folder / "data/masks/p3.png");
  std::int64_t right = 0;
  for (std::size_t i = 0; i < kSide * kSide; ++i)
    right += got.labels.data<std::uint8_t>()[i] == want.labels.data<std::uint8_t>()[i];
  EXPECT_GT(right, 9 * kSide * kSide / 10);
  EXPECT_EQ(read_image(folder / "labels/p3_overlay.png").channels(), 3);

  config.channels = 3;
  config.output = (folder / "other").string();
  EXPECT_THAT(input_error([&] { workflow::train(config); }),
              HasSubstr(".tif': a picture with 5 channels cannot become one with 3"));
}

}  // namespace
}  // namespace inlay::testing
