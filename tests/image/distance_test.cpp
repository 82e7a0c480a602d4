#include "inlay/distance.h"

#include <gmock/gmock.h>

#include <cmath>

#include "base/rng.h"

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

TEST(Distance, AlongALine) {
  const Tensor line = Tensor::of<std::uint8_t>({1, 6}, {0, 1, 0, 0, 0, 9});
  EXPECT_THAT(distances_to(line).data<float>(), ElementsAre(1, 0, 1, 2, 1, 0));
  EXPECT_THAT(distances_to(line.reshaped({6, 1})).data<float>(), ElementsAre(1, 0, 1, 2, 1, 0));
}

TEST(Distance, WithoutASiteIsInfinite) {
  EXPECT_THAT(distances_to(Tensor(DType::u8, {3, 4})).data<float>(), Each(INFINITY));
  EXPECT_THAT(distances_to(Tensor::of<std::uint8_t>({1, 1}, {1})).data<float>(), Each(0.0f));
}

TEST(Distance, IsExactAcrossThePlane) {
  Tensor sites(DType::u8, {5, 5});
  sites.data<std::uint8_t>()[0] = 1;
  const Tensor found = distances_to(sites);
  EXPECT_EQ(found.data<float>()[4 * 5 + 3], 5.0f) << "a triangle of 3, 4, 5";
  EXPECT_EQ(found.data<float>()[4 * 5 + 4], std::sqrt(32.0f));
}

TEST(Distance, IsThatToTheNearestOfAllSites) {
  Rng rng(5);
  for (const double density : {0.002, 0.02, 0.3}) {
    const std::int64_t height = 37, width = 53;
    Tensor sites(DType::u8, {height, width});
    for (std::uint8_t& site : sites.data<std::uint8_t>()) site = rng.chance(density) ? 1 : 0;
    sites.data<std::uint8_t>()[700] = 1;
    const Tensor found = distances_to(sites);
    const auto site = sites.data<std::uint8_t>();
    for (std::int64_t i = 0; i < height * width; i += 3) {
      double least = INFINITY;
      for (std::int64_t j = 0; j < height * width; ++j)
        if (site[static_cast<std::size_t>(j)] != 0)
          least = std::min(least, std::hypot(static_cast<double>(i / width - j / width),
                                             static_cast<double>(i % width - j % width)));
      ASSERT_EQ(found.data<float>()[static_cast<std::size_t>(i)], static_cast<float>(least)) << "pixel " << i;
    }
  }
}

TEST(Distance, OfALongLineIsExact) {
  const std::int64_t width = 1 << 20;
  Tensor sites(DType::u8, {1, width});
  sites.data<std::uint8_t>()[0] = 1;
  EXPECT_EQ(distances_to(sites).data<float>().back(), static_cast<float>(width - 1));
}

}  // namespace
}  // namespace inlay
