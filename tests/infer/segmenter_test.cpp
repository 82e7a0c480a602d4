#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <numeric>

#include "inlay/error.h"
#include "inlay/ops.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

struct NetOptions {
  std::int64_t channels = 1, outputs = 2, multiple = 1, kernel = 1;
};

// One convolution: output k is k times the sum of the window over all channels, plus `bias`.
Model ramp_net(const NetOptions& o, float bias = 0) {
  Model model;
  Value image = model.graph.input("image", {DType::f32, {1, o.channels, o.multiple, o.multiple}});
  const Shape shape{o.outputs, o.channels, o.kernel, o.kernel};
  Value weight = model.graph.add_leaf(LeafKind::parameter, "weight", {DType::f32, shape});
  Value offset = model.graph.add_leaf(LeafKind::parameter, "bias", {DType::f32, {o.outputs}});
  model.graph.set_output("logits", conv2d(image, weight, offset, {.padding = o.kernel / 2}));
  Tensor weights(DType::f32, shape);
  const std::int64_t filter = shape.elements() / o.outputs;
  for (std::int64_t i = 0; i < shape.elements(); ++i)
    weights.data<float>()[static_cast<std::size_t>(i)] = static_cast<float>(o.outputs == 1 ? 1 : i / filter);
  model.tensors = {{"weight", weights}, {"bias", Tensor::filled({o.outputs}, bias)}};
  model.info.size.multiple = o.multiple;
  for (std::int64_t c = 0; c < std::max<std::int64_t>(2, o.outputs); ++c)
    model.info.classes.push_back({"class " + std::to_string(c), {}});
  return model;
}

Image picture(std::int64_t height, std::int64_t width, std::int64_t channels = 1) {
  Image image{Tensor(DType::u8, {height, width, channels})};
  std::uint8_t value = 7;
  for (std::uint8_t& pixel : image.pixels.data<std::uint8_t>())
    pixel = value = static_cast<std::uint8_t>(value * 37 + 11);
  return image;
}

std::vector<std::uint8_t> labels(const Mask& mask) {
  const std::span<const std::uint8_t> values = mask.labels.data<std::uint8_t>();
  return {values.begin(), values.end()};
}

SegmenterOptions quick() { return {.threads = 2, .tune = false}; }

TEST(Segmenter, LabelsPicturesOfAnySize) {
  Model model = ramp_net({.multiple = 16});
  model.info.mean = {0.5};
  model.info.stddev = {0.25};
  Segmenter segment(model, quick());
  for (const auto& [height, width] : {std::pair{1, 1}, {3, 5}, {16, 16}, {17, 33}, {1, 40}}) {
    const Image image = picture(height, width);
    const Mask mask = segment(image);
    ASSERT_EQ(mask.labels.shape(), Shape({height, width}));
    for (std::size_t i = 0; i < image.pixels.bytes(); ++i)
      ASSERT_EQ(mask.labels.data<std::uint8_t>()[i], image.pixels.data<std::uint8_t>()[i] > 127 ? 1 : 0);
  }
}

TEST(Segmenter, PadsByReflection) {
  Segmenter padding(ramp_net({.multiple = 8, .kernel = 3}), quick()), exact(ramp_net({.kernel = 3}), quick());
  const Image image = picture(5, 11);
  const Tensor expected = exact.logits(pad_reflect(image, 8, 16)), got = padding.logits(image);
  ASSERT_EQ(got.shape(), Shape({2, 5, 11}));
  for (std::int64_t c = 0; c < 2; ++c)
    for (std::int64_t y = 0; y < 5; ++y)
      for (std::int64_t x = 0; x < 11; ++x)
        ASSERT_FLOAT_EQ(got.data<float>()[static_cast<std::size_t>((c * 5 + y) * 11 + x)],
                        expected.data<float>()[static_cast<std::size_t>((c * 8 + y) * 16 + x)]);
}

TEST(Segmenter, NormalisesEachChannel) {
  Model model = ramp_net({.channels = 3});
  model.info.mean = {0.1, 0.2, 0.3};
  model.info.stddev = {0.5, 2, 1};
  Segmenter segment(model, quick());
  const Image bytes{Tensor::of<std::uint8_t>({1, 1, 3}, {255, 51, 0})};
  EXPECT_NEAR(segment.logits(bytes).data<float>()[1], 0.9 / 0.5 + 0 - 0.3, 1e-6);
  const Image floats{Tensor::of<float>({1, 1, 3}, {1.0f, 0.2f, 0.0f})};
  EXPECT_NEAR(segment.logits(floats).data<float>()[1], 0.9 / 0.5 + 0 - 0.3, 1e-6);
}

TEST(Segmenter, FeedsBlueFirstToANetThatReadsBgr) {
  Model model = ramp_net({.channels = 3});
  for (std::size_t c = 0; c < 3; ++c)
    model.tensors["weight"].data<float>()[3 + c] = static_cast<float>(c * c);  // 0 1 4
  model.info.mean = {0.3, 0.2, 0.1};
  model.info.stddev = {1, 2, 0.5};
  model.info.channel_order = ChannelOrder::bgr;
  Segmenter segment(model, quick());
  EXPECT_NEAR(segment.logits({Tensor::of<std::uint8_t>({1, 1, 3}, {255, 51, 7})}).data<float>()[1], 4 * 0.9 / 0.5,
              1e-5);
  EXPECT_NEAR(segment.logits({Tensor::of<float>({1, 1, 3}, {0.1f, 1.0f, 0.5f})}).data<float>()[1], 0.8 / 2, 1e-6);
}

TEST(Segmenter, AModelWithoutNormalisationReadsZeroToOne) {
  Segmenter segment(ramp_net({}), quick());
  EXPECT_FLOAT_EQ(segment.logits({Tensor::of<std::uint8_t>({1, 1, 1}, {51})}).data<float>()[1], 0.2f);
}

TEST(Segmenter, ConvertsBetweenGreyAndColour) {
  Segmenter colour(ramp_net({.channels = 3}), quick()), grey(ramp_net({}), quick());
  EXPECT_NEAR(colour.logits({Tensor::of<float>({1, 1, 1}, {0.25f})}).data<float>()[1], 0.75, 1e-6);
  EXPECT_NEAR(grey.logits({Tensor::of<float>({1, 1, 3}, {1.0f, 0.5f, 0.25f})}).data<float>()[1],
              0.299 + 0.587 * 0.5 + 0.114 * 0.25, 1e-6);
  EXPECT_THAT(
      [&] { colour(picture(2, 2, 2)); },
      ThrowsMessage<InputError>("the picture has 2 channels and the model reads 3; only grey and RGB are converted "
                                "into each other"));
}

TEST(Segmenter, OneLogitMeansTwoClasses) {
  Segmenter segment(ramp_net({.outputs = 1}, -0.5f), quick());
  const Image image{Tensor::of<float>({1, 3, 1}, {0.4f, 0.5f, 0.6f})};
  EXPECT_EQ(segment.classes(), 2);
  EXPECT_THAT(labels(segment(image)), ElementsAre(0, 0, 1));
  const Tensor probabilities = segment.probabilities(image);
  ASSERT_EQ(probabilities.shape(), Shape({1, 1, 3}));
  EXPECT_NEAR(probabilities.data<float>()[2], 1 / (1 + std::exp(-0.1)), 1e-6);
}

TEST(Segmenter, ProbabilitiesAreTheSoftmax) {
  Segmenter segment(ramp_net({.outputs = 3, .multiple = 4}), quick());
  const Image image = picture(3, 2);
  const Tensor logits = segment.logits(image), probabilities = segment.probabilities(image);
  ASSERT_EQ(probabilities.shape(), Shape({3, 3, 2}));
  for (std::size_t i = 0; i < 6; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < 3; ++c) sum += std::exp(static_cast<double>(logits.data<float>()[c * 6 + i]));
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(probabilities.data<float>()[c * 6 + i], std::exp(logits.data<float>()[c * 6 + i]) / sum, 1e-6);
  }
}

TEST(Segmenter, ABatchEqualsItsPictures) {
  Segmenter segment(ramp_net({.outputs = 4, .multiple = 8, .kernel = 3}, 0.1f), quick());
  std::vector<Image> images{picture(9, 7), crop(picture(20, 20), 3, 4, 9, 7)};
  const std::vector<Mask> masks = segment(images);
  ASSERT_EQ(masks.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) EXPECT_EQ(labels(masks[i]), labels(segment(images[i])));
  EXPECT_TRUE(segment(std::span<const Image>()).empty());
  images.push_back(picture(9, 8));
  EXPECT_THAT([&] { segment(images); },
              ThrowsMessage<InputError>("pictures of one batch must have one size; got 9x7 and 9x8"));
}

TEST(Segmenter, RefusesAnEmptyPicture) {
  Segmenter segment(ramp_net({}), quick());
  EXPECT_THAT(
      [&] {
        segment(Image{Tensor(DType::u8, {0, 4, 1})});
      },
      ThrowsMessage<InputError>("the picture is empty (0x4)"));
}

TEST(Segmenter, MoreSizesThanTheCacheHolds) {
  SegmenterOptions options = quick();
  options.cached_programs = 2;
  Segmenter segment(ramp_net({.multiple = 4, .kernel = 3}, 0.2f), options),
      fresh(ramp_net({.multiple = 4, .kernel = 3}, 0.2f), quick());
  for (int round = 0; round < 2; ++round)
    for (std::int64_t size : {4, 8, 12, 4, 16, 8})
      EXPECT_EQ(labels(segment(picture(size, 4))), labels(fresh(picture(size, 4))));
}

TEST(Segmenter, SaysOnceThatItPads) {
  std::vector<std::string> messages;
  SegmenterOptions options = quick();
  options.log = [&](Severity severity, std::string_view text) {
    if (severity == Severity::info && text.find("reflection") != std::string_view::npos) messages.emplace_back(text);
  };
  Segmenter segment(ramp_net({.multiple = 16}), options);
  segment(picture(16, 32));
  EXPECT_TRUE(messages.empty());
  segment(picture(15, 32));
  segment(picture(3, 3));
  ASSERT_EQ(messages.size(), 1u);
  EXPECT_THAT(messages[0], HasSubstr("a picture of 15x32 is padded by reflection to 16x32"));
}

TEST(Segmenter, RefusesModelsThatAreNoSegmentationNets) {
  Model unnamed;
  unnamed.graph.set_output("logits", relu(unnamed.graph.input("x", {DType::f32, {1, 1, 4, 4}})));
  EXPECT_THAT([&] { Segmenter{unnamed}; },
              ThrowsMessage<InputError>(HasSubstr("no input 'image' of shape (N, C, H, W)")));
  Model flat;
  flat.graph.set_output("logits", reshape(flat.graph.input("image", {DType::f32, {1, 1, 4, 4}}), {16}));
  EXPECT_THAT([&] { Segmenter{flat}; },
              ThrowsMessage<InputError>("the model's output 'logits' has shape 16, expected (N, K, H, W)"));
  Model biased = ramp_net({});
  biased.info.mean = {0, 0, 0};
  EXPECT_THAT([&] { Segmenter{biased}; },
              ThrowsMessage<InputError>(
                  "the model reads 1 channels, but its normalisation has 3 means and 1 standard deviations"));
  Model small = ramp_net({});
  small.graph.set_output("logits", subsample2d(small.graph.output("logits")));
  Segmenter segment(small, quick());
  EXPECT_THAT([&] { segment(picture(4, 4)); },
              ThrowsMessage<InputError>("the model turns 1x1x4x4 into 1x2x2x2; it must give one logit per pixel"));
}

TEST(Segmenter, FromAFile) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "segmenter_ramp.onnx";
  Model model = ramp_net({.multiple = 4});
  model.info.mean = {0.25};
  model.info.stddev = {0.5};
  save_model(model, path);
  Segmenter from_file(path, quick()), from_model(model, quick());
  EXPECT_EQ(from_file.info().size.multiple, 4);
  EXPECT_EQ(labels(from_file(picture(6, 5))), labels(from_model(picture(6, 5))));
  std::filesystem::remove(path);
  EXPECT_THROW(Segmenter{path}, InputError);
}

TEST(MostLikely, TheLowerClassWinsATie) {
  const Tensor logits = Tensor::of<float>({3, 1, 3}, {0, 1, 2, 0, 1, 3, 0, 2, 3});
  EXPECT_THAT(labels(most_likely(logits)), ElementsAre(0, 2, 1));
}

TEST(MostLikely, RefusesOtherShapes) {
  EXPECT_THAT(
      [] {
        most_likely(Tensor(DType::f32, {4, 4}));
      },
      ThrowsMessage<InputError>("logits of shape 4x4: expected (K, H, W)"));
  EXPECT_THAT(
      [] {
        most_likely(Tensor(DType::f32, {256, 1, 1}));
      },
      ThrowsMessage<InputError>("a mask holds at most 255 classes, the model has 256"));
}

}  // namespace
}  // namespace inlay
