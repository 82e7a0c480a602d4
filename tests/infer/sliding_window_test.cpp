// A picture through the patch classifier: one patch per pixel, and all at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

Segmenter segmenter(const char* form, std::int64_t tile) {
  SegmenterOptions options;
  options.threads = 2;
  options.tune = false;
  options.tile = tile;
  return Segmenter(create_model("sliding_window", {.settings = {{"form", form}, {"width", "0.1"}}}), options);
}

TEST(SlidingWindow, LabelsAPictureTheSameInBothForms) {
  Image image{Tensor(DType::u8, {5, 8, 3})};
  Rng rng(9);
  for (std::uint8_t& pixel : image.pixels.data<std::uint8_t>()) pixel = static_cast<std::uint8_t>(rng.below(256));
  const Tensor dense = segmenter("dense", 1024).logits(image);
  float largest = 0;
  for (float value : dense.data<float>()) largest = std::max(largest, std::abs(value));
  for (const auto& [form, tile] : {std::pair{"dense", 135}, {"patch", 400}}) {
    const Tensor other = segmenter(form, tile).logits(image);
    ASSERT_EQ(other.shape(), dense.shape());
    for (std::size_t i = 0; i < static_cast<std::size_t>(dense.elements()); ++i)
      EXPECT_NEAR(other.data<float>()[i], dense.data<float>()[i], 1e-4f * largest) << form;
  }
}

}  // namespace
}  // namespace inlay
