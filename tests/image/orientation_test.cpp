#include "image/orientation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;

// 1 2 3
// 4 5 6, turned as TIFF 6.0 numbers it.
TEST(Oriented, AllEight) {
  const Tensor in = Tensor::of<std::uint8_t>({2, 3, 1}, {1, 2, 3, 4, 5, 6});
  const auto turned = [&](int orientation) {
    const Tensor out = oriented(in, orientation);
    auto data = out.data<std::uint8_t>();
    return std::pair(out.shape(), std::vector<int>(data.begin(), data.end()));
  };
  const Shape same{2, 3, 1}, swapped{3, 2, 1};
  EXPECT_EQ(turned(1), std::pair(same, std::vector{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(turned(2), std::pair(same, std::vector{3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(turned(3), std::pair(same, std::vector{6, 5, 4, 3, 2, 1}));
  EXPECT_EQ(turned(4), std::pair(same, std::vector{4, 5, 6, 1, 2, 3}));
  EXPECT_EQ(turned(5), std::pair(swapped, std::vector{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(turned(6), std::pair(swapped, std::vector{4, 1, 5, 2, 6, 3}));
  EXPECT_EQ(turned(7), std::pair(swapped, std::vector{6, 3, 5, 2, 4, 1}));
  EXPECT_EQ(turned(8), std::pair(swapped, std::vector{3, 6, 2, 5, 1, 4}));
  EXPECT_EQ(turned(0), turned(1));
  EXPECT_EQ(turned(9), turned(1));
}

TEST(Oriented, PixelsStayWhole) {
  const Tensor out = oriented(Tensor::of<float>({1, 2, 3}, {1, 2, 3, 4, 5, 6}), 2);
  EXPECT_THAT(out.data<float>(), ElementsAre(4, 5, 6, 1, 2, 3));
}

TEST(ExifOrientation, IsOneWhereNoneIsStated) {
  EXPECT_EQ(exif_orientation("II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0"s), 6);
  EXPECT_EQ(exif_orientation("MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0"s), 8);
  EXPECT_EQ(exif_orientation(""), 1);
  EXPECT_EQ(exif_orientation("II*\0\xff\xff\xff\xff\x01\0"s), 1);
  EXPECT_EQ(exif_orientation("II*\0\x08\0\0\0\xff\xff\x12\x02\x03\0\x01\0\0\0\x06\0\0\0"s), 1);
}

}  // namespace
}  // namespace inlay
