// Nets whose logits cover less than the picture: mirrored borders, tiles side by side.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/rng.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "inlay/segment.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

/// Reads bytes as whole numbers, so that small sums of them are exact.
void read_bytes(Model& model, std::int64_t channels) {
  model.info.mean.assign(static_cast<std::size_t>(channels), 0.0);
  model.info.stddev.assign(static_cast<std::size_t>(channels), 1.0 / 255);
}

/// Logit 1 is the sum of the (2 margin + 1) x (2 margin + 1) pixels around, logit 0 is 1000.
Model box_net(std::int64_t margin, std::int64_t channels = 1) {
  const std::int64_t kernel = 2 * margin + 1;
  Model model;
  const Value image = model.graph.input("image", {DType::f32, {1, channels, kernel, kernel}});
  const Shape shape{2, channels, kernel, kernel};
  const Value weight = model.graph.add_leaf(LeafKind::parameter, "weight", {DType::f32, shape});
  const Value bias = model.graph.add_leaf(LeafKind::parameter, "bias", {DType::f32, {2}});
  model.graph.set_output("logits", conv2d(image, weight, bias));
  Tensor weights(DType::f32, shape);
  std::ranges::fill(weights.data<float>().subspan(static_cast<std::size_t>(shape.elements() / 2)), 1.0f);
  model.tensors = {{"weight", weights}, {"bias", Tensor::of<float>({2}, {1000, 0})}};
  model.info.size = {.least = kernel, .margin = margin};
  read_bytes(model, channels);
  return model;
}

/// Pooling, up-sampling and a 3x3 convolution: what it says of a pixel depends on where the picture begins.
Model pooling_net() {
  Model model;
  const Value image = model.graph.input("image", {DType::f32, {1, 1, 4, 4}});
  const Value wide = resize2d(max_pool2d(image, {}).values, {.scale = 2});
  model.graph.set_output("logits", conv2d(Scope(model.graph) / "a", wide, 2, {}));
  model.tensors = initialise(model.graph, 3);
  for (float& value : model.tensors.at("a/weight").data<float>()) value = value > 0 ? 2 : -1;
  model.info.size = {.multiple = 2, .least = 4, .margin = 1};
  read_bytes(model, 1);
  return model;
}

Image picture(std::int64_t height, std::int64_t width, std::int64_t channels = 1) {
  Image image{Tensor(DType::u8, {height, width, channels})};
  Rng rng(static_cast<std::uint64_t>(1000 * height + width));
  for (std::uint8_t& pixel : image.pixels.data<std::uint8_t>()) pixel = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

SegmenterOptions with_tile(std::int64_t tile) {
  SegmenterOptions options;
  options.threads = 2;
  options.tune = false;
  options.tile = tile;
  return options;
}

/// Logit 1 of the box net, worked out by hand.
std::vector<float> box_sums(const Image& image, std::int64_t margin) {
  const std::int64_t height = image.height(), width = image.width(), channels = image.channels();
  std::vector<float> sums;
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      int sum = 0;
      for (std::int64_t v = y - margin; v <= y + margin; ++v)
        for (std::int64_t u = x - margin; u <= x + margin; ++u)
          for (std::int64_t c = 0; c < channels; ++c)
            sum += image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(
                (reflect_index(v, height) * width + reflect_index(u, width)) * channels + c)];
      sums.push_back(static_cast<float>(sum));
    }
  return sums;
}

std::vector<float> numbers(const Tensor& tensor) {
  const std::span<const float> values = tensor.data<float>();
  return {values.begin(), values.end()};
}

void expect_box_sums(Segmenter& segment, const Image& image, std::int64_t margin) {
  const Tensor logits = segment.logits(image);
  ASSERT_EQ(logits.shape(), (Shape{2, image.height(), image.width()}));
  std::vector<float> expected(static_cast<std::size_t>(image.height() * image.width()), 1000.0f);
  const std::vector<float> sums = box_sums(image, margin);
  expected.insert(expected.end(), sums.begin(), sums.end());
  EXPECT_EQ(numbers(logits), expected) << image.height() << "x" << image.width();
}

TEST(OverlapTile, MirrorsThePictureAroundWhateverItsSize) {
  for (std::int64_t margin : {1, 2, 7}) {
    Segmenter segment(box_net(margin), with_tile(1024));
    for (const auto& [height, width] : {std::pair{1, 1}, {1, 3}, {2, 2}, {3, 5}, {19, 8}})
      expect_box_sums(segment, picture(height, width), margin);
  }
}

TEST(OverlapTile, TilesSayWhatTheWholePictureSays) {
  for (std::int64_t tile : {1, 6, 9, 16}) {
    Segmenter segment(box_net(2), with_tile(tile));
    for (const auto& [height, width] : {std::pair{1, 1}, {1, 40}, {13, 13}, {37, 6}, {25, 31}})
      expect_box_sums(segment, picture(height, width), 2);
  }
}

TEST(OverlapTile, ReadsColours) {
  Segmenter segment(box_net(1, 3), with_tile(8));
  expect_box_sums(segment, picture(11, 9, 3), 1);
}

TEST(OverlapTile, TilesBeginWherePoolingBegins) {
  Segmenter whole(pooling_net(), with_tile(1024));
  for (std::int64_t tile : {4, 7, 12})
    for (const auto& [height, width] : {std::pair{1, 1}, {7, 20}, {33, 18}}) {
      Segmenter tiled(pooling_net(), with_tile(tile));
      const Image image = picture(height, width);
      EXPECT_EQ(numbers(tiled.logits(image)), numbers(whole.logits(image))) << tile << ": " << height << "x" << width;
    }
}

TEST(OverlapTile, ANetOfOnePatchIsRunOnManyAtOnce) {
  Model model = box_net(2);
  model.info.size.most = 5;
  for (std::int64_t tile : {5, 12, 64}) {
    Segmenter segment(model, with_tile(tile));
    expect_box_sums(segment, picture(9, 14), 2);
    expect_box_sums(segment, picture(1, 1), 2);
  }
}

TEST(OverlapTile, MasksProbabilitiesAndBatches) {
  Segmenter segment(box_net(2), with_tile(9));
  std::vector<Image> images{picture(12, 17), crop(picture(30, 30), 3, 4, 12, 17)};
  const std::vector<Mask> masks = segment(images);
  ASSERT_EQ(masks.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    const std::vector<float> sums = box_sums(images[i], 2);
    const Mask alone = segment(images[i]);
    const Tensor probabilities = segment.probabilities(images[i]);
    ASSERT_EQ(probabilities.shape(), (Shape{2, 12, 17}));
    for (std::size_t p = 0; p < sums.size(); ++p) {
      EXPECT_EQ(masks[i].labels.data<std::uint8_t>()[p], sums[p] > 1000 ? 1 : 0);
      EXPECT_EQ(alone.labels.data<std::uint8_t>()[p], masks[i].labels.data<std::uint8_t>()[p]);
      EXPECT_NEAR(probabilities.data<float>()[sums.size() + p], 1 / (1 + std::exp(1000 - sums[p])), 1e-6);
    }
  }
}

TEST(OverlapTile, SaysOnceWhatBecomesOfAPicture) {
  const auto said = [](std::int64_t tile) {
    std::string all;
    SegmenterOptions options = with_tile(tile);
    options.log = [&](Severity severity, std::string_view text) {
      if (severity == Severity::info && text.find("pixels less") != std::string_view::npos) all += text;
    };
    Segmenter segment(box_net(2), options);
    segment(picture(20, 20));
    segment(picture(21, 21));
    return all;
  };
  EXPECT_EQ(said(1024),
            "a picture of 20x20 is mirrored around to 24x24, since the net's logits cover 2 pixels less on each side; "
            "the result has the picture's own size (said once)");
  EXPECT_EQ(said(16),
            "a picture of 20x20 is labelled in 4 tiles of 14x14, since the net's logits cover 2 pixels less on each "
            "side; the result has the picture's own size (said once)");
}

TEST(OverlapTile, RefusesOtherLogitsAndTiles) {
  Model model = box_net(2);
  model.info.size.margin = 1;
  Segmenter segment(model, with_tile(1024));
  EXPECT_THAT(input_error([&] { segment(picture(8, 8)); }),
              HasSubstr("the model turns 1x1x10x10 into 1x2x6x6; it must give one logit per pixel, but for 1 on each"));
  EXPECT_EQ(input_error([] { Segmenter(box_net(1), with_tile(-1)); }), "tile is -1; expected 0 to 1048576");
}

}  // namespace
}  // namespace inlay
