// Where labels alone are wanted no logits leave the net; the labels are those of the logits all the same.
#include <gtest/gtest.h>

#include "infer/logits.h"
#include "infer/ready_nets.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

Image noise(std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  std::uint32_t state = 9;
  for (std::uint8_t& value : image.pixels.data<std::uint8_t>())
    value = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  return image;
}

std::vector<std::uint8_t> bytes(const Mask& mask) {
  const auto values = mask.labels.data<std::uint8_t>();
  return {values.begin(), values.end()};
}

Mask streamed(Segmenter& segmenter, const Image& image, bool probabilities) {
  Mask mask{Tensor(DType::u8, {image.height(), image.width()})};
  std::int64_t runs = 0;
  segmenter.stream(
      [&] { return read_rows_of(image); },
      {.probabilities = probabilities, .progress = [&](std::int64_t done, std::int64_t) { return runs = done; }},
      [&](const SegmentedRows& rows) {
        EXPECT_EQ(rows.probabilities.shape().rank() == 3, probabilities);
        std::ranges::copy(rows.mask.labels.data<std::uint8_t>(),
                          mask.labels.data<std::uint8_t>().begin() + rows.top * image.width());
      });
  EXPECT_EQ(runs, 1);
  return mask;
}

class LabelsAlone : public ::testing::TestWithParam<std::tuple<const char*, std::int64_t>> {};

TEST_P(LabelsAlone, AreThoseOfTheLogits) {
  const auto& [name, outputs] = GetParam();
  ModelOptions net{.out_channels = outputs, .seed = 3};
  if (std::string_view(name).starts_with("unet")) net.settings["width"] = "8";
  const Model model = create_model(name, net);
  const SegmenterOptions options{.threads = 2, .tune = false};
  for (const auto& [height, width] : {std::pair{61, 90}, {1, 1}}) {
    const Image image = noise(height, width);
    Segmenter alone(model, options), with_logits(model, options);
    const std::vector<std::uint8_t> expected = bytes(most_likely(with_logits.logits(image)));
    EXPECT_EQ(bytes(alone(image)), expected);
    EXPECT_EQ(bytes(streamed(alone, image, false)), expected);
    EXPECT_EQ(bytes(streamed(alone, image, true)), expected);  // by logits from here on
    EXPECT_EQ(bytes(alone(image)), expected);
    const std::vector<Image> twice{image, image};
    for (const Mask& mask : Segmenter(model, options)(twice)) EXPECT_EQ(bytes(mask), expected);
  }
}

std::string test_name(const ::testing::TestParamInfo<LabelsAlone::ParamType>& info) {
  return std::string(std::get<0>(info.param)) + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Nets, LabelsAlone,
                         ::testing::Combine(::testing::Values("unet", "enet", "fast_scnn", "unet_original"),
                                            ::testing::Values(1, 2, 21)),
                         test_name);

TEST(ReadyNets, KeepOneFormForLabelsAndLogits) {
  const Model model = create_model("unet", {.settings = {{"width", "8"}}});
  const SegmenterOptions options{.threads = 1, .tune = false};
  ReadyNets nets(model, options);
  const Shape small{1, 3, 32, 32}, large{1, 3, 48, 64};
  EXPECT_EQ(nets.at(small, NetForm::labels).form, NetForm::labels);
  EXPECT_EQ(nets.at(small, NetForm::labels).output.shape(), Shape({1, 32, 32}));
  EXPECT_EQ(nets.at(large, NetForm::inference).form, NetForm::inference);
  EXPECT_EQ(nets.at(large, NetForm::labels).form, NetForm::inference);
  EXPECT_EQ(nets.at(small, NetForm::inference).form, NetForm::inference);
  EXPECT_EQ(nets.at(small, NetForm::labels).form, NetForm::inference);
}

}  // namespace
}  // namespace inlay
