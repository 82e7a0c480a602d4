// Test-time augmentation and ensembles.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "infer/symmetry.h"
#include "inlay/segment.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using testing::input_error;

Image picture(std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  Rng rng(7);
  for (std::uint8_t& pixel : image.pixels.data<std::uint8_t>()) pixel = static_cast<std::uint8_t>(rng.below(256));
  return image;
}

SegmenterOptions quick(TestAugmentation augmentation, std::int64_t tile = 0) {
  SegmenterOptions options;
  options.threads = 2;
  options.tune = false;
  options.tile = tile;
  options.augmentation = augmentation;
  return options;
}

Model net(std::int64_t outputs, std::uint64_t seed = 3) {
  return create_model("unet", {.out_channels = outputs, .settings = {{"width", "4"}, {"depth", "1"}}, .seed = seed});
}

Image turned_picture(const Image& image, const Symmetry& symmetry) {
  const std::int64_t height = image.height(), width = image.width();
  Image out{Tensor(DType::u8, {symmetry.swap ? width : height, symmetry.swap ? height : width, 3})};
  for (std::int64_t y = 0; y < height; ++y)
    for (std::int64_t x = 0; x < width; ++x) {
      const PlaneIndex to = turned(symmetry, height, width, y, x);
      for (std::int64_t c = 0; c < 3; ++c)
        out.pixels.data<std::uint8_t>()[static_cast<std::size_t>((to.row * out.width() + to.column) * 3 + c)] =
            image.pixels.data<std::uint8_t>()[static_cast<std::size_t>((y * width + x) * 3 + c)];
    }
  return out;
}

TEST(Symmetry, ByHand) {
  const std::vector<float> plane{1, 2, 3, 4, 5, 6};  // 2 x 3
  std::vector<float> to(6);
  const auto result = [&](const Symmetry& symmetry) {
    apply(symmetry, plane.data(), 1, 2, 3, to.data());
    return to;
  };
  EXPECT_EQ(result({.reverse_rows = true}), (std::vector<float>{4, 5, 6, 1, 2, 3}));
  EXPECT_EQ(result({.reverse_columns = true}), (std::vector<float>{3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(result({.swap = true}), (std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(result({.reverse_rows = true, .swap = true}), (std::vector<float>{4, 1, 5, 2, 6, 3})) << "a quarter turn";
  EXPECT_EQ(symmetries_of(TestAugmentation::none).size(), 1u);
  EXPECT_EQ(symmetries_of(TestAugmentation::flips).size(), 4u);
  EXPECT_EQ(symmetries_of(TestAugmentation::d4).size(), 8u);
}

TEST(TestAugmentations, AreTheMeanOverTheTurnedPictures) {
  const Image image = picture(16, 10);  // sides that the net takes: padding is not mirrored
  for (const std::int64_t outputs : {1, 3}) {
    Segmenter plain(net(outputs), quick(TestAugmentation::none));
    for (const TestAugmentation augmentation : {outputs == 1 ? TestAugmentation::flips : TestAugmentation::d4}) {
      const std::vector<Symmetry> all = symmetries_of(augmentation);
      Tensor mean(DType::f32, {outputs, 16, 10});
      for (const Symmetry& symmetry : all) {
        const Tensor said = plain.probabilities(turned_picture(image, symmetry));
        for (std::int64_t c = 0; c < outputs; ++c)
          for (std::int64_t y = 0; y < 16; ++y)
            for (std::int64_t x = 0; x < 10; ++x) {
              const PlaneIndex from = turned(symmetry, 16, 10, y, x);
              mean.data<float>()[static_cast<std::size_t>((c * 16 + y) * 10 + x)] +=
                  said.data<float>()[static_cast<std::size_t>((c * said.shape()[1] + from.row) * said.shape()[2] +
                                                              from.column)] /
                  static_cast<float>(all.size());
            }
      }
      Segmenter augmented(net(outputs), quick(augmentation));
      const Tensor got = augmented.probabilities(image);
      for (std::size_t i = 0; i < got.data<float>().size(); ++i)
        ASSERT_NEAR(got.data<float>()[i], mean.data<float>()[i], 1e-5) << i;
      const Tensor logits = augmented.logits(image);
      for (std::size_t i = 0; i < 160; ++i) {
        const double p = static_cast<double>(mean.data<float>()[i]);
        ASSERT_NEAR(logits.data<float>()[i], outputs == 1 ? std::log(p / (1 - p)) : std::log(p), 1e-4);
      }
    }
  }
}

TEST(TestAugmentations, OfASymmetricPictureGiveASymmetricMask) {
  Image image = picture(24, 24);
  auto pixels = image.pixels.data<std::uint8_t>();
  for (std::size_t y = 0; y < 24; ++y)
    for (std::size_t x = 0; x < 12; ++x)
      for (std::size_t c = 0; c < 3; ++c) pixels[(y * 24 + 23 - x) * 3 + c] = pixels[(y * 24 + x) * 3 + c];
  const Tensor got = Segmenter(net(1), quick(TestAugmentation::flips)).probabilities(image);
  for (std::size_t y = 0; y < 24; ++y)
    for (std::size_t x = 0; x < 12; ++x)
      EXPECT_NEAR(got.data<float>()[y * 24 + x], got.data<float>()[y * 24 + 23 - x], 1e-6);
}

/// (K, H, W) at another size, by resize().
Tensor resized_maps(const Tensor& maps, std::int64_t height, std::int64_t width) {
  const Shape& shape = maps.shape();
  Tensor result(DType::f32, {shape[0], height, width});
  for (std::int64_t c = 0; c < shape[0]; ++c) {
    Image plane{Tensor(DType::f32, {shape[1], shape[2], 1})};
    const auto size = static_cast<std::size_t>(shape[1] * shape[2]);
    std::ranges::copy(maps.data<float>().subspan(static_cast<std::size_t>(c) * size, size),
                      plane.pixels.data<float>().begin());
    std::ranges::copy(resize(plane, height, width).pixels.data<float>(),
                      result.data<float>().begin() + c * height * width);
  }
  return result;
}

SegmenterOptions at_scales(std::vector<double> scales, TestAugmentation augmentation = TestAugmentation::none,
                           std::int64_t tile = 0) {
  SegmenterOptions options = quick(augmentation, tile);
  options.scales = std::move(scales);
  return options;
}

TEST(Scales, AreTheMeanOverTheResizedPictures) {
  const Image image = picture(37, 22);  // the net takes even sides: all are padded
  for (const std::int64_t outputs : {1, 3})
    for (const TestAugmentation augmentation : {TestAugmentation::none, TestAugmentation::flips}) {
      Segmenter own(net(outputs), quick(augmentation));
      Tensor mean = own.probabilities(image);
      for (const auto& [height, width] : {std::pair{28, 17}, {46, 28}}) {
        const Tensor said = resized_maps(own.probabilities(resize(image, height, width)), 37, 22);
        for (std::size_t i = 0; i < mean.data<float>().size(); ++i) mean.data<float>()[i] += said.data<float>()[i];
      }
      Segmenter scales(net(outputs), at_scales({0.75, 1, 1.25}, augmentation));
      const Tensor got = scales.probabilities(image);
      ASSERT_EQ(got.shape(), mean.shape());
      for (std::size_t i = 0; i < got.data<float>().size(); ++i)
        ASSERT_NEAR(got.data<float>()[i], mean.data<float>()[i] / 3, 1e-6) << i;
      const Mask mask = scales(image);
      for (std::size_t i = 0; outputs == 1 && i < 37 * 22; ++i)
        ASSERT_EQ(mask.labels.data<std::uint8_t>()[i], got.data<float>()[i] > 0.5f ? 1 : 0);
    }
}

TEST(Scales, InTilesAreThoseOfTheWholePicture) {
  const Image image = picture(250, 90);
  for (const std::vector<double>& scales : {std::vector<double>{1, 0.75, 1.25}, {4, 1, 0.25}}) {
    const Tensor whole = Segmenter(net(3), at_scales(scales)).probabilities(image);
    const Tensor tiled = Segmenter(net(3), at_scales(scales, TestAugmentation::none, 64)).probabilities(image);
    for (std::size_t i = 0; i < whole.data<float>().size(); ++i)
      ASSERT_NEAR(tiled.data<float>()[i], whole.data<float>()[i], 2e-6);
  }
}

TEST(Scales, OfOnePixelAndOfAFlatPicture) {
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 9}, {30, 1}}) {
    Image flat{Tensor(DType::u8, {height, width, 3})};
    std::ranges::fill(flat.pixels.data<std::uint8_t>(), std::uint8_t{90});
    const Tensor got = Segmenter(net(3), at_scales({0.25, 1, 4})).probabilities(flat);
    EXPECT_EQ(got.shape(), (Shape{3, height, width}));
    for (std::size_t i = 0; i < static_cast<std::size_t>(height * width); ++i) {
      double sum = 0;
      for (std::size_t c = 0; c < 3; ++c)
        sum += static_cast<double>(got.data<float>()[c * static_cast<std::size_t>(height * width) + i]);
      EXPECT_NEAR(sum, 1, 1e-5);
    }
  }
}

TEST(Scales, OfANetWithAMargin) {
  const Model margin =
      create_model("unet_original", {.out_channels = 2, .settings = {{"width", "2"}, {"depth", "1"}}, .seed = 3});
  const Image image = picture(41, 30);
  Segmenter own(margin, quick(TestAugmentation::none));
  const Tensor one = own.probabilities(image), half = resized_maps(own.probabilities(resize(image, 21, 15)), 41, 30);
  const Tensor got = Segmenter(margin, at_scales({1, 0.5})).probabilities(image);
  for (std::size_t i = 0; i < got.data<float>().size(); ++i)
    ASSERT_NEAR(got.data<float>()[i], (one.data<float>()[i] + half.data<float>()[i]) / 2, 1e-6);
}

TEST(Scales, MustHoldTheOwnSizeOnceAndBePossible) {
  const auto error = [](std::vector<double> scales) {
    return input_error([&] { Segmenter(net(2), at_scales(std::move(scales))); });
  };
  EXPECT_EQ(error({0.75, 1.25}),
            "1 is not among the scales (0.75, 1.25): a picture is labelled at its own size in any case");
  EXPECT_EQ(error({1, 5}), "pictures cannot be labelled at the scales 1, 5; expected different ones of 0.25 to 4");
  EXPECT_EQ(error({1, 1}), "pictures cannot be labelled at the scales 1, 1; expected different ones of 0.25 to 4");
  EXPECT_NE(error({}), "");
  EXPECT_EQ(input_error([&] {
              Segmenter(net(2), at_scales({1, 2})).sample(picture(8, 8), 2);
            }),
            "samples are drawn from one model, without augmentation");
}

TEST(TestAugmentations, InTilesAreThoseOfTheWholePicture) {
  const Image image = picture(70, 110);
  const Tensor whole = Segmenter(net(3), quick(TestAugmentation::d4)).probabilities(image);
  const Tensor tiled = Segmenter(net(3), quick(TestAugmentation::d4, 64)).probabilities(image);
  for (std::size_t i = 0; i < whole.data<float>().size(); ++i)
    ASSERT_NEAR(tiled.data<float>()[i], whole.data<float>()[i], 2e-6);
}

TEST(Ensemble, IsTheMeanOfItsModels) {
  const Image image = picture(90, 21);
  const Tensor a = Segmenter(net(3, 1), quick(TestAugmentation::none)).probabilities(image),
               b = Segmenter(net(3, 2), quick(TestAugmentation::none)).probabilities(image);
  for (const std::int64_t tile : {0, 64}) {
    Segmenter both(std::vector<Model>{net(3, 1), net(3, 2)}, quick(TestAugmentation::none, tile));
    const Tensor got = both.probabilities(image);
    const Mask mask = both(image);
    for (std::size_t i = 0; i < 90 * 21; ++i) {
      std::size_t best = 0;
      for (std::size_t c = 0; c < 3; ++c) {
        const std::size_t at = c * 90 * 21 + i;
        ASSERT_NEAR(got.data<float>()[at], (a.data<float>()[at] + b.data<float>()[at]) / 2, 1e-6);
        if (got.data<float>()[at] > got.data<float>()[best * 90 * 21 + i]) best = c;
      }
      ASSERT_EQ(mask.labels.data<std::uint8_t>()[i], best);
    }
  }
}

TEST(Ensemble, MustAgreeInItsClasses) {
  const auto error = [](std::vector<Model> models) {
    return input_error([&] { Segmenter(std::move(models), quick(TestAugmentation::none)); });
  };
  EXPECT_EQ(error({}), "there is no model to label pictures with");
  EXPECT_EQ(error({net(3), net(2)}), "one model has 3 output channels and another 2; an ensemble's must agree");
  Model other = net(2), first = net(2);
  first.info.classes = {{"sky", {}}, {"road", {}}};
  other.info.classes = {{"sky", {}}, {"sea", {}}};
  EXPECT_EQ(error({first, other}),
            "one model tells apart sky, road and another sky, sea; an ensemble's classes must agree");
}

TEST(Ensemble, DrawsNoSamples) {
  Segmenter both(std::vector<Model>{net(2, 1), net(2, 2)}, quick(TestAugmentation::none));
  EXPECT_EQ(input_error([&] { both.sample(picture(8, 8), 2); }),
            "samples are drawn from one model, without augmentation");
}

}  // namespace
}  // namespace inlay
