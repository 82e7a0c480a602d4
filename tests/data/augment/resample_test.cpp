#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "data/augment/warp.h"

namespace inlay {
namespace {

Sample noise(std::int64_t height, std::int64_t width, std::int64_t channels) {
  Sample sample{"s", {Tensor(DType::u8, {height, width, channels})}, {Tensor(DType::u8, {height, width})}};
  Rng rng(1);
  for (std::uint8_t& value : sample.image.pixels.data<std::uint8_t>())
    value = static_cast<std::uint8_t>(rng.below(256));
  for (std::uint8_t& value : sample.mask.labels.data<std::uint8_t>()) value = static_cast<std::uint8_t>(rng.below(256));
  return sample;
}

Sample as_floats(const Sample& sample) {
  Sample out = sample;
  out.image.pixels = Tensor(DType::f32, sample.image.pixels.shape());
  auto to = out.image.pixels.data<float>().begin();
  for (std::uint8_t value : sample.image.pixels.data<std::uint8_t>()) *to++ = static_cast<float>(value) / 255.0f;
  return out;
}

struct Result {
  Tensor planes;
  std::vector<std::uint8_t> labels;
  Result(const Sample& sample, const Warp& warp)
      : planes(DType::f32, {sample.image.channels(), warp.height, warp.width}),
        labels(static_cast<std::size_t>(warp.height * warp.width)) {
    Patch patch{warp.height, warp.width, {}, labels.data()};
    for (std::int64_t c = 0; c < sample.image.channels(); ++c)
      patch.planes.push_back(planes.data<float>().data() + c * patch.pixels());
    resample(sample, warp, patch);
  }
};

/// The formula, pixel by pixel.
void expect_as_defined(const Sample& sample, const Warp& warp) {
  const std::int64_t height = sample.image.height(), width = sample.image.width(), channels = sample.image.channels();
  const Result result(sample, warp);
  const auto pixels = sample.image.pixels.data<std::uint8_t>();
  std::vector<ElasticField::Offset> offsets(static_cast<std::size_t>(warp.width));
  for (std::int64_t y = 0; y < warp.height; ++y) {
    if (!warp.elastic.empty()) warp.elastic.row(y, offsets);
    for (std::int64_t x = 0; x < warp.width; ++x) {
      const auto& offset = offsets[static_cast<std::size_t>(x)];
      const double v =
          static_cast<double>(y) - static_cast<double>(warp.height - 1) / 2 + static_cast<double>(offset.y);
      const double u = static_cast<double>(x) - static_cast<double>(warp.width - 1) / 2 + static_cast<double>(offset.x);
      const double row = warp.center_y + warp.matrix[0] * v + warp.matrix[1] * u;
      const double column = warp.center_x + warp.matrix[2] * v + warp.matrix[3] * u;
      const auto r = static_cast<std::int64_t>(std::floor(row)), k = static_cast<std::int64_t>(std::floor(column));
      const double share_r = row - std::floor(row), share_k = column - std::floor(column);
      const auto at = [&](std::int64_t i, std::int64_t j, std::int64_t c) {
        return static_cast<double>(pixels[static_cast<std::size_t>(
            (reflect_index(i, height) * width + reflect_index(j, width)) * channels + c)]);
      };
      for (std::int64_t c = 0; c < channels; ++c) {
        const double top = at(r, k, c) * (1 - share_k) + at(r, k + 1, c) * share_k;
        const double bottom = at(r + 1, k, c) * (1 - share_k) + at(r + 1, k + 1, c) * share_k;
        const double want = (top * (1 - share_r) + bottom * share_r) / 255;
        const auto place = static_cast<std::size_t>((c * warp.height + y) * warp.width + x);
        ASSERT_NEAR(static_cast<double>(result.planes.data<float>()[place]), want, 2e-4) << y << " " << x << " " << c;
      }
      if (std::abs(share_r - 0.5) < 1e-3 || std::abs(share_k - 0.5) < 1e-3) continue;
      const std::int64_t i = reflect_index(r + (share_r < 0.5 ? 0 : 1), height);
      const std::int64_t j = reflect_index(k + (share_k < 0.5 ? 0 : 1), width);
      ASSERT_EQ(result.labels[static_cast<std::size_t>(y * warp.width + x)],
                sample.mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(i * width + j)]);
    }
  }
}

Warp turned(std::int64_t height, std::int64_t width, double degrees, double factor) {
  const double c = factor * std::cos(degrees * 0.017453292519943295), s = factor * std::sin(degrees * 0.0174532925);
  return {height, width, 20.3, 31.7, {c, s, -s, c}, {}};
}

TEST(Resample, IsBilinearAndNearestForAnyNumberOfChannels) {
  for (std::int64_t channels : {1, 2, 3, 4, 5, 9}) {
    const Sample sample = noise(40, 61, channels);
    expect_as_defined(sample, turned(37, 53, 12, 0.7));
    expect_as_defined(sample, turned(21, 80, -130, 1.3));
  }
}

TEST(Resample, ReflectsFarOutsideAndInSmallPictures) {
  expect_as_defined(noise(40, 61, 3), turned(64, 160, 33, 2.0));
  for (const auto& [height, width] : {std::pair{1, 1}, {1, 9}, {9, 1}, {2, 3}, {3, 4}, {5, 70}})
    expect_as_defined(noise(height, width, 3), turned(16, 33, 5, 0.9));
}

TEST(Resample, ElasticOffsetsAddToThePositions) {
  Rng rng(4);
  Warp warp = turned(48, 50, 7, 0.8);
  warp.elastic = ElasticField(48, 50, 6.0, 16.0, rng);
  expect_as_defined(noise(40, 61, 3), warp);
}

TEST(Resample, WholeStepsCopyExactlyInBothDirections) {
  for (std::int64_t channels : {1, 3, 5})
    for (const double sign_y : {1.0, -1.0})
      for (const double sign_x : {1.0, -1.0}) {
        const Sample sample = noise(30, 41, channels);
        const Warp warp{20, 33, 5 + 9.5, 6 + 16.0, {sign_y, 0, 0, sign_x}, {}};
        const Result result(sample, warp);
        for (std::int64_t y = 0; y < 20; ++y)
          for (std::int64_t x = 0; x < 33; ++x) {
            const std::int64_t row = 5 + (sign_y > 0 ? y : 19 - y), column = 6 + (sign_x > 0 ? x : 32 - x);
            const auto from = static_cast<std::size_t>(row * 41 + column), to = static_cast<std::size_t>(y * 33 + x);
            ASSERT_EQ(result.labels[to], sample.mask.labels.data<std::uint8_t>()[from]);
            for (std::size_t c = 0; c < static_cast<std::size_t>(channels); ++c)
              ASSERT_EQ(result.planes.data<float>()[c * 660 + to],
                        static_cast<float>(
                            sample.image.pixels.data<std::uint8_t>()[from * static_cast<std::size_t>(channels) + c]) *
                            (1.0f / 255.0f));
          }
      }
}

TEST(Resample, FloatsGiveWhatBytesGive) {
  for (std::int64_t channels : {1, 3, 5}) {
    const Sample bytes = noise(40, 61, channels);
    for (const Warp& warp : {turned(37, 53, 12, 0.7), Warp{20, 33, 14.5, 22.0, {1, 0, 0, -1}, {}}}) {
      const Result a(bytes, warp), b(as_floats(bytes), warp);
      EXPECT_EQ(a.labels, b.labels);
      EXPECT_THAT(std::vector<float>(a.planes.data<float>().begin(), a.planes.data<float>().end()),
                  ::testing::Pointwise(::testing::FloatNear(1e-5f), b.planes.data<float>()));
    }
  }
}

}  // namespace
}  // namespace inlay
