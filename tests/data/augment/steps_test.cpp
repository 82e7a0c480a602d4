#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <set>

#include "inlay/augment.h"
#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::message_of;

/// Light squares on dark, each channel with values of its own.
Sample board(std::int64_t size, std::int64_t channels) {
  Sample sample{"board", {Tensor(DType::u8, {size, size, channels})}, {Tensor(DType::u8, {size, size})}};
  auto to = sample.image.pixels.data<std::uint8_t>().begin();
  for (std::int64_t i = 0; i < size * size; ++i) {
    const bool light = (i / size / 8 + i % size / 8) % 2 == 0;
    sample.mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(i)] = light;
    for (std::int64_t c = 0; c < channels; ++c) *to++ = static_cast<std::uint8_t>((light ? 160 : 40) + 10 * c);
  }
  return sample;
}

std::vector<float> channel_of(const Sample& sample, std::size_t channel) {
  const auto values = sample.image.pixels.data<float>();
  std::vector<float> out;
  for (std::size_t i = channel; i < values.size(); i += static_cast<std::size_t>(sample.image.channels()))
    out.push_back(values[i]);
  return out;
}

float mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0f) / static_cast<float>(values.size());
}

float deviation(const std::vector<float>& values) {
  float sum = 0.0f;
  for (float value : values) sum += (value - mean(values)) * (value - mean(values));
  return std::sqrt(sum / static_cast<float>(values.size()));
}

Sample with(const AugmentOptions& options, std::uint64_t key, std::int64_t channels = 3) {
  return augment(board(32, channels), options, 32, 32, key);
}

TEST(AugmentSteps, BlurKeepsTheMeanAndSmoothsTheEdges) {
  int changed = 0;
  for (std::uint64_t key = 0; key < 10; ++key) {
    const Sample before = with({}, key), after = with({.blur = 1.0, .blur_sigma = 3.0}, key);
    EXPECT_EQ(labels_of(after.mask), labels_of(before.mask));
    for (std::size_t c = 0; c < 3; ++c) {
      EXPECT_NEAR(mean(channel_of(after, c)), mean(channel_of(before, c)), 0.02f);
      EXPECT_LE(deviation(channel_of(after, c)), deviation(channel_of(before, c)) + 1e-5f);
      changed += deviation(channel_of(after, c)) < 0.8f * deviation(channel_of(before, c));
    }
  }
  EXPECT_GT(changed, 9);
}

TEST(AugmentSteps, BlurOfAPointIsAGaussian) {
  Sample point{"", {Tensor(DType::f32, {41, 41, 1})}, {Tensor(DType::u8, {41, 41})}};
  point.image.pixels.data<float>()[20 * 41 + 20] = 1.0f;
  double largest = 0.0;
  for (std::uint64_t key = 0; key < 20; ++key) {
    const Sample out = augment(point, {.blur = 1.0, .blur_sigma = 2.0}, 41, 41, key);
    double variance = 0.0, sum = 0.0;
    for (int y = 0; y < 41; ++y)
      for (int x = 0; x < 41; ++x) {
        const auto value = static_cast<double>(out.image.pixels.data<float>()[static_cast<std::size_t>(y * 41 + x)]);
        sum += value;
        variance += value * (x - 20) * (x - 20);
      }
    EXPECT_NEAR(sum, 1.0, 1e-4);
    largest = std::max(largest, std::sqrt(variance));
  }
  EXPECT_GT(largest, 1.5);
  EXPECT_LT(largest, 2.0);
}

TEST(AugmentSteps, ChannelJitterMovesTheChannelsApart) {
  for (std::int64_t channels : {3, 5}) {
    const Sample before = with({}, 1, channels), after = with({.channel_jitter = 0.1}, 1, channels);
    std::set<float> shifts;
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
      const float shift = mean(channel_of(after, c)) - mean(channel_of(before, c));
      EXPECT_LT(std::abs(shift), 0.1001f);
      EXPECT_NEAR(std::log(deviation(channel_of(after, c)) / deviation(channel_of(before, c))), 0.0f, 0.1001f);
      shifts.insert(shift);
    }
    EXPECT_EQ(shifts.size(), static_cast<std::size_t>(channels));
  }
}

TEST(AugmentSteps, JpegLeavesArtefactsInAnyNumberOfChannels) {
  for (std::int64_t channels : {1, 3, 5}) {
    const Sample before = with({}, 3, channels);
    const Sample after = with({.jpeg = 1.0, .jpeg_quality = 1.0}, 3, channels);
    EXPECT_EQ(labels_of(after.mask), labels_of(before.mask));
    for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c) {
      EXPECT_NE(channel_of(after, c), channel_of(before, c));
      EXPECT_NEAR(mean(channel_of(after, c)), mean(channel_of(before, c)), 0.1f);
    }
    const Sample best = with({.jpeg = 1.0, .jpeg_quality = 100.0}, 3, channels);
    EXPECT_THAT(channel_of(best, 0), ::testing::Pointwise(::testing::FloatNear(0.03f), channel_of(before, 0)));
  }
}

TEST(AugmentSteps, JpegKeepsAWiderRange) {
  Sample wide{"", {Tensor(DType::f32, {8, 8, 1})}, {Tensor(DType::u8, {8, 8})}};
  for (std::size_t i = 0; i < 64; ++i) wide.image.pixels.data<float>()[i] = i % 8 < 4 ? -3.0f : 5.0f;
  const Sample out = augment(wide, {.jpeg = 1.0, .jpeg_quality = 100.0}, 8, 8, 0);
  EXPECT_THAT(out.image.pixels.data<float>(),
              ::testing::Pointwise(::testing::FloatNear(0.1f), wide.image.pixels.data<float>()));
}

TEST(AugmentSteps, CutoutHidesAtMostWhatItMay) {
  bool hidden = false;
  for (std::uint64_t key = 0; key < 10; ++key) {
    const Sample before = with({}, key);
    const Sample after = with({.cutout = 1.0, .cutout_holes = 1.0, .cutout_size = 0.5}, key);
    EXPECT_EQ(labels_of(after.mask), labels_of(before.mask));
    const auto was = channel_of(before, 0), is = channel_of(after, 0);
    int changed = 0;
    for (std::size_t i = 0; i < was.size(); ++i) {
      if (was[i] == is[i]) continue;
      EXPECT_NEAR(is[i], mean(was), 1e-5f);
      ++changed;
    }
    EXPECT_LE(changed, 17 * 17);
    hidden = hidden || changed > 0;
  }
  EXPECT_TRUE(hidden);
}

TEST(AugmentSteps, WhatACutoutHidesNeedNotBeLearnt) {
  const AugmentOptions options{.cutout = 1.0, .cutout_holes = 4.0, .cutout_size = 0.5, .cutout_ignore = true};
  for (std::uint64_t key = 0; key < 10; ++key) {
    const Sample before = with({}, key), after = with(options, key);
    const auto labels = labels_of(after.mask), old = labels_of(before.mask);
    const auto was = channel_of(before, 0), is = channel_of(after, 0);
    for (std::size_t i = 0; i < labels.size(); ++i) EXPECT_EQ(labels[i], was[i] == is[i] ? old[i] : kIgnore);
  }
}

TEST(AugmentSteps, OneOptionDoesNotChangeWhatTheOthersDraw) {
  AugmentOptions options = standard_augmentation();
  const Sample before = with(options, 5);
  options.cutout = 1.0;
  options.cutout_ignore = true;
  options.cutout_size = 0.3;
  const Sample after = with(options, 5);
  const auto old = labels_of(before.mask), now = labels_of(after.mask);
  const auto was = channel_of(before, 1), is = channel_of(after, 1);
  int kept = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] == kIgnore) continue;
    EXPECT_EQ(now[i], old[i]);
    EXPECT_EQ(is[i], was[i]);
    ++kept;
  }
  EXPECT_GT(kept, 100);
}

TEST(AugmentFields, AreSetByName) {
  AugmentOptions options;
  set_augmentation(options, "jpeg", "0.25");
  set_augmentation(options, "cutout_ignore", "true");
  EXPECT_EQ(options, (AugmentOptions{.jpeg = 0.25, .cutout_ignore = true}));
  const auto error = [&](const char* name, const char* value) {
    return message_of<InputError>([&] { set_augmentation(options, name, value); });
  };
  EXPECT_THAT(error("flip_horizntal", "1"),
              HasSubstr("no augmentation 'flip_horizntal'; did you mean 'flip_horizontal'?"));
  EXPECT_THAT(error("jpeg", "often"), HasSubstr("augmentation 'jpeg': 'often' is no number"));
  EXPECT_THAT(error("jpeg", "1.5"), HasSubstr("augmentation 'jpeg' is 1.5, expected 0 to 1"));
  EXPECT_THAT(error("quarter_turns", "2"), HasSubstr("'2' is neither true nor false"));
}

TEST(AugmentFields, AreListedWithRangeAndHelp) {
  const std::vector<AugmentField> fields = list_augmentation(upright_augmentation());
  const auto found = std::ranges::find(fields, "flip_horizontal", &AugmentField::name);
  ASSERT_NE(found, fields.end());
  EXPECT_EQ(found->value, "0.5");
  EXPECT_EQ(found->highest, 1.0);
  for (const AugmentField& field : fields) {
    EXPECT_FALSE(field.help.empty()) << field.name;
    EXPECT_LT(field.lowest, field.highest) << field.name;
    AugmentOptions options;
    if (field.value == "true" || field.value == "false") continue;
    EXPECT_THAT(
        message_of<InputError>([&] { set_augmentation(options, field.name, std::to_string(field.highest + 1)); }),
        HasSubstr("'" + field.name + "' is"));
  }
}

TEST(AugmentFields, AreDescribedWhereTheyDifferFromOff) {
  EXPECT_EQ(describe(AugmentOptions{}), "none");
  EXPECT_EQ(describe(AugmentOptions{.flip_vertical = 0.5, .random_crop = false}),
            "flip_vertical 0.5, random_crop false");
}

TEST(AugmentPolicies, AreNamed) {
  EXPECT_EQ(parse_augmentation("none"), AugmentOptions{});
  EXPECT_EQ(parse_augmentation("upright"), upright_augmentation());
  EXPECT_EQ(parse_augmentation("free"), standard_augmentation());
  EXPECT_THAT(message_of<InputError>([] { parse_augmentation("fre"); }),
              HasSubstr("'fre' is unknown; did you mean 'free'?; expected one of none, upright, free"));
}

}  // namespace
}  // namespace inlay
