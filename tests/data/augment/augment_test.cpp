#include "inlay/augment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/rng.h"
#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::message_of;

// A picture whose value says which label its pixel has: 2 * label, so the two can be compared after any exact warp.
Sample numbered(std::int64_t height, std::int64_t width, std::int64_t channels = 1) {
  Sample sample{"s", {Tensor(DType::u8, {height, width, channels})}, {Tensor(DType::u8, {height, width})}};
  auto pixels = sample.image.pixels.data<std::uint8_t>();
  auto labels = sample.mask.labels.data<std::uint8_t>();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    labels[i] = static_cast<std::uint8_t>(i % 120);
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
      pixels[i * static_cast<std::size_t>(channels) + c] = static_cast<std::uint8_t>(2 * labels[i] + c);
  }
  return sample;
}

std::vector<int> numbers_of(const Sample& sample) {
  const auto labels = labels_of(sample.mask);
  return {labels.begin(), labels.end()};
}

// A disc of class 1, bright on dark, with soft light.
Sample disc(std::int64_t size) {
  Sample sample{"disc", {Tensor(DType::u8, {size, size, 1})}, {Tensor(DType::u8, {size, size})}};
  for (std::int64_t y = 0; y < size; ++y)
    for (std::int64_t x = 0; x < size; ++x) {
      const auto middle = static_cast<double>(size) / 2.0;
      const bool inside = std::hypot(static_cast<double>(y) - middle, static_cast<double>(x) - middle) <
                          0.3 * static_cast<double>(size);
      const auto at = static_cast<std::size_t>(y * size + x);
      sample.mask.labels.data<std::uint8_t>()[at] = inside;
      sample.image.pixels.data<std::uint8_t>()[at] = inside ? 200 : 50;
    }
  return sample;
}

void expect_aligned(const Sample& sample) {
  auto pixels = sample.image.pixels.data<float>();
  const auto labels = labels_of(sample.mask);
  for (std::size_t i = 0; i < labels.size(); ++i) ASSERT_FLOAT_EQ(pixels[i] * 255.0f, 2.0f * labels[i]) << i;
}

TEST(Augment, NothingOnIsTheMiddleOfThePicture) {
  const Sample sample = numbered(4, 6);
  const AugmentOptions off{.random_crop = false};
  EXPECT_EQ(labels_of(augment(sample, off, 4, 6, 1).mask), labels_of(sample.mask));
  EXPECT_THAT(labels_of(augment(sample, off, 2, 2, 1).mask), ElementsAre(8, 9, 14, 15));
  expect_aligned(augment(sample, off, 4, 6, 1));
  EXPECT_EQ(augment(sample, off, 2, 2, 1).name, "s");
}

TEST(Augment, FlipsCopyExactly) {
  const Sample sample = numbered(1, 4);
  EXPECT_THAT(labels_of(augment(sample, {.flip_horizontal = 1.0}, 1, 4, 9).mask), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(labels_of(augment(sample, {.flip_vertical = 1.0}, 1, 4, 9).mask), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(labels_of(augment(numbered(3, 1), {.flip_vertical = 1.0}, 3, 1, 9).mask), ElementsAre(2, 1, 0));
}

TEST(Augment, QuarterTurnsGiveAllFourAndCopyExactly) {
  const Sample sample = numbered(3, 3);
  std::set<std::vector<int>> seen;
  for (std::uint64_t key = 0; key < 40; ++key) {
    const Sample turned = augment(sample, {.quarter_turns = true}, 3, 3, key);
    seen.insert(numbers_of(turned));
    expect_aligned(turned);
  }
  EXPECT_EQ(seen, (std::set<std::vector<int>>{{0, 1, 2, 3, 4, 5, 6, 7, 8},
                                              {2, 5, 8, 1, 4, 7, 0, 3, 6},
                                              {8, 7, 6, 5, 4, 3, 2, 1, 0},
                                              {6, 3, 0, 7, 4, 1, 8, 5, 2}}));
}

TEST(Augment, TurnsOfOblongPatchesStayInside) {
  for (std::uint64_t key = 0; key < 20; ++key) {
    const Sample turned = augment(numbered(8, 8), {.quarter_turns = true}, 2, 5, key);
    expect_aligned(turned);
    const auto labels = labels_of(turned.mask);
    EXPECT_EQ((std::set<std::uint8_t>(labels.begin(), labels.end())).size(), 10u);
  }
}

TEST(Augment, RandomCropReachesEveryPlaceAndStaysInside) {
  const Sample sample = numbered(3, 4);
  std::set<std::vector<int>> seen;
  for (std::uint64_t key = 0; key < 200; ++key) {
    const Sample part = augment(sample, {}, 2, 2, key);
    expect_aligned(part);
    seen.insert(numbers_of(part));
  }
  EXPECT_EQ(seen.size(), 6u);
}

TEST(Augment, PatchLargerThanThePictureIsReflected) {
  EXPECT_THAT(labels_of(augment(numbered(1, 3), {}, 1, 7, 4).mask), ElementsAre(2, 1, 0, 1, 2, 1, 0));
  EXPECT_THAT(labels_of(augment(numbered(1, 1), {}, 3, 3, 4).mask), Each(0));
  expect_aligned(augment(numbered(5, 3), {}, 16, 16, 4));
}

TEST(Augment, ColourChannelsMoveTogether) {
  const Sample out = augment(numbered(6, 6, 3), {.flip_horizontal = 0.5, .quarter_turns = true}, 4, 4, 11);
  auto pixels = out.image.pixels.data<float>();
  const auto labels = labels_of(out.mask);
  for (std::size_t i = 0; i < labels.size(); ++i)
    for (std::size_t c = 0; c < 3; ++c)
      ASSERT_FLOAT_EQ(pixels[3 * i + c] * 255.0f, 2.0f * labels[i] + static_cast<float>(c));
}

// Where the mask changes, the picture must: the threshold of the warped picture is the warped mask, but for the edge's
// pixels.
TEST(Augment, ImageAndMaskShareOneGeometry) {
  const Sample sample = disc(64);
  for (std::uint64_t key = 0; key < 20; ++key) {
    const Sample out = augment(sample,
                               {.affine = 1.0,
                                .shift = 0.2,
                                .scale = 0.3,
                                .rotate = 45,
                                .elastic = 1.0,
                                .elastic_sigma = 6,
                                .elastic_grid = 16},
                               64, 64, key);
    int wrong = 0;
    for (std::size_t i = 0; i < 64 * 64; ++i)
      wrong += (out.image.pixels.data<float>()[i] > 125.0f / 255.0f) != (out.mask.labels.data<std::uint8_t>()[i] == 1);
    EXPECT_LT(wrong, 60) << key;
    EXPECT_NE(labels_of(out.mask), labels_of(sample.mask)) << key;
  }
}

TEST(Augment, MasksGetNoNewValues) {
  Sample sample = disc(32);
  for (std::uint8_t& label : sample.mask.labels.data<std::uint8_t>()) label = label == 1 ? 200 : kIgnore;
  const Sample out = augment(sample, {.affine = 1.0, .scale = 1.0, .rotate = 180, .elastic = 1.0}, 48, 48, 3);
  EXPECT_THAT(labels_of(out.mask), Each(::testing::AnyOf(200, kIgnore)));
}

TEST(Augment, ScaleGrowsAndShrinks) {
  std::int64_t least = 1 << 20, most = 0;
  for (std::uint64_t key = 0; key < 30; ++key) {
    const auto labels =
        labels_of(augment(disc(64), {.affine = 1.0, .shift = 0, .scale = 0.4, .rotate = 0}, 64, 64, key).mask);
    const auto area = static_cast<std::int64_t>(std::ranges::count(labels, 1));
    least = std::min(least, area);
    most = std::max(most, area);
  }
  const double area = 3.14159 * 19.2 * 19.2;
  EXPECT_LT(static_cast<double>(least), 0.6 * area);
  EXPECT_GT(static_cast<double>(most), 1.6 * area);
  EXPECT_GT(static_cast<double>(least), 0.4 * area);
}

TEST(Augment, DependsOnTheKeyAlone) {
  const AugmentOptions all = standard_augmentation();
  const Sample sample = disc(32);
  const Sample a = augment(sample, all, 24, 24, 5), b = augment(sample, all, 24, 24, 5),
               c = augment(sample, all, 24, 24, 6);
  EXPECT_TRUE(std::ranges::equal(a.image.pixels.data<float>(), b.image.pixels.data<float>()));
  EXPECT_FALSE(std::ranges::equal(a.image.pixels.data<float>(), c.image.pixels.data<float>()));
}

float mean_of(const Sample& sample) {
  float sum = 0.0f;
  for (float value : sample.image.pixels.data<float>()) sum += value;
  return sum / static_cast<float>(sample.image.pixels.elements());
}

TEST(Augment, LightChangesThePictureOnly) {
  const Sample sample = disc(32);
  for (const AugmentOptions& options :
       {AugmentOptions{.brightness = 0.3}, {.contrast = 0.5}, {.gamma = 0.5}, {.noise = 0.2}}) {
    const Sample out = augment(sample, options, 32, 32, 2);
    EXPECT_EQ(labels_of(out.mask), labels_of(sample.mask));
    EXPECT_FALSE(
        std::ranges::equal(out.image.pixels.data<float>(), augment(sample, {}, 32, 32, 2).image.pixels.data<float>()));
    EXPECT_THAT(out.image.pixels.data<float>(), Each(::testing::AllOf(::testing::Ge(0.0f), ::testing::Le(1.0f))));
  }
}

TEST(Augment, BrightnessAddsAndContrastKeepsTheMean) {
  const Sample sample = disc(32);
  const float before = mean_of(augment(sample, {}, 32, 32, 0));
  double largest = 0.0;
  for (std::uint64_t key = 0; key < 20; ++key) {
    largest = std::max(
        largest, static_cast<double>(std::abs(mean_of(augment(sample, {.brightness = 0.1}, 32, 32, key)) - before)));
    EXPECT_NEAR(mean_of(augment(sample, {.contrast = 0.3}, 32, 32, key)), before, 1e-4f);
  }
  EXPECT_GT(largest, 0.05);
  EXPECT_LT(largest, 0.1 + 1e-4);
}

TEST(Augment, NoiseHasTheStandardDeviationAskedFor) {
  Sample flat{"", {Tensor::filled({64, 64, 1}, 0.5f)}, {Tensor(DType::u8, {64, 64})}};
  double largest = 0.0;
  for (std::uint64_t key = 0; key < 20; ++key) {
    double squares = 0.0;
    const Sample out = augment(flat, {.noise = 0.1}, 64, 64, key);
    for (float value : out.image.pixels.data<float>())
      squares += (static_cast<double>(value) - 0.5) * (static_cast<double>(value) - 0.5);
    largest = std::max(largest, std::sqrt(squares / 4096));
  }
  EXPECT_GT(largest, 0.08);
  EXPECT_LT(largest, 0.103);
}

TEST(Augment, PicturesBeyondOneKeepTheirRange) {
  Sample sample{"", {Tensor::of<float>({1, 3, 1}, {-2.0f, 1.0f, 8.0f})}, {Tensor(DType::u8, {1, 3})}};
  const Sample same = augment(sample, {}, 1, 3, 0);
  EXPECT_THAT(same.image.pixels.data<float>(), ElementsAre(-2.0f, 1.0f, 8.0f));
  const Sample brighter = augment(sample, {.brightness = 0.5}, 1, 3, 0);
  EXPECT_THAT(brighter.image.pixels.data<float>(), Each(::testing::AllOf(::testing::Ge(-2.0f), ::testing::Le(8.0f))));
}

TEST(Augment, OptionsOutOfRangeAreNamed) {
  const auto error = [](const AugmentOptions& options) { return message_of<InputError>([&] { options.check(); }); };
  EXPECT_THAT(error({.flip_horizontal = 1.5}), HasSubstr("'flip_horizontal' is 1.5, expected 0 to 1"));
  EXPECT_THAT(error({.flip_vertical = -0.1}), HasSubstr("'flip_vertical'"));
  EXPECT_THAT(error({.affine = 2}), HasSubstr("'affine'"));
  EXPECT_THAT(error({.shift = -1}), HasSubstr("'shift'"));
  EXPECT_THAT(error({.scale = 4}), HasSubstr("'scale'"));
  EXPECT_THAT(error({.rotate = 181}), HasSubstr("'rotate'"));
  EXPECT_THAT(error({.elastic = NAN}), HasSubstr("'elastic'"));
  EXPECT_THAT(error({.elastic_sigma = -1}), HasSubstr("'elastic_sigma'"));
  EXPECT_THAT(error({.elastic_grid = 0}), HasSubstr("'elastic_grid' is 0, expected 1 to"));
  EXPECT_THAT(error({.brightness = 2}), HasSubstr("'brightness'"));
  EXPECT_THAT(error({.contrast = -1}), HasSubstr("'contrast'"));
  EXPECT_THAT(error({.gamma = -1}), HasSubstr("'gamma'"));
  EXPECT_THAT(error({.noise = -1}), HasSubstr("'noise'"));
  EXPECT_NO_THROW(standard_augmentation().check());
  EXPECT_THAT(message_of<InputError>([] { augment(disc(8), {}, 0, 4, 0); }),
              HasSubstr("a patch of 0x4 pixels is impossible"));
}

}  // namespace
}  // namespace inlay
