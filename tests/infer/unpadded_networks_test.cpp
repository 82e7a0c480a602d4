// The networks that do not pad, on pictures: whole, in tiles, and patch by patch.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

Image picture(std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  Rng rng(9);
  for (std::uint8_t& pixel : image.pixels.data<std::uint8_t>()) pixel = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

Tensor logits(std::string_view network, const std::map<std::string, std::string>& settings, std::int64_t tile,
              const Image& image) {
  SegmenterOptions options;
  options.threads = 2;
  options.tune = false;
  options.tile = tile;
  return Segmenter(create_model(network, {.settings = settings, .seed = 4}), options).logits(image);
}

void expect_equal(const Tensor& got, const Tensor& expected, float tolerance) {
  ASSERT_EQ(got.shape(), expected.shape());
  float largest = 0;
  for (float value : expected.data<float>()) largest = std::max(largest, std::abs(value));
  ASSERT_GT(largest, 0.0f);
  for (std::size_t i = 0; i < static_cast<std::size_t>(got.elements()); ++i)
    ASSERT_NEAR(got.data<float>()[i], expected.data<float>()[i], tolerance * largest) << i;
}

TEST(UnetOriginal, TilesSayWhatTheWholePictureSays) {
  const std::map<std::string, std::string> settings{{"width", "4"}, {"depth", "2"}};
  for (const auto& [height, width] : {std::pair{1, 1}, {50, 71}}) {
    const Image image = picture(height, width);
    const Tensor whole = logits("unet_original", settings, 1024, image);
    for (std::int64_t tile : {1, 64, 83}) expect_equal(logits("unet_original", settings, tile, image), whole, 2e-6f);
  }
}

TEST(SlidingWindow, LabelsAPictureTheSameInBothForms) {
  const Image image = picture(5, 8);
  const auto run = [&](const char* form, std::int64_t tile) {
    return logits("sliding_window", {{"form", form}, {"width", "0.1"}}, tile, image);
  };
  const Tensor dense = run("dense", 1024);
  expect_equal(run("dense", 135), dense, 2e-6f);
  expect_equal(run("patch", 400), dense, 1e-4f);
}

}  // namespace
}  // namespace inlay
