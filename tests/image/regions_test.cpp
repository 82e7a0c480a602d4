#include "inlay/regions.h"

#include <gmock/gmock.h>

#include <algorithm>

namespace inlay {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;

Mask mask_of(std::int64_t height, std::int64_t width, std::initializer_list<std::uint8_t> labels) {
  return {Tensor::of<std::uint8_t>({height, width}, labels)};
}

Mask corners_and_holes() {
  return mask_of(4, 5, {1, 1,   0, 2, 2,  //
                        0, 0,   1, 0, 2,  //
                        3, 255, 1, 2, 0,  //
                        3, 1,   1, 0, 2});
}

TEST(Regions, ByEdgesAndByLabel) {
  const Regions found = connected_regions(corners_and_holes(), Connectivity::edges, 0);
  EXPECT_THAT(found.numbers.data<std::int32_t>(), ElementsAre(1, 1, 0, 2, 2,  //
                                                              0, 0, 3, 0, 2,  //
                                                              4, 0, 3, 5, 0,  //
                                                              4, 3, 3, 0, 6));
  ASSERT_EQ(found.size(), 6);
  EXPECT_EQ(found.regions[2].label, 1);
  EXPECT_EQ(found.regions[2].pixels, 4);
  EXPECT_EQ(found.regions[2].box, (Box{1, 1, 4, 3}));
}

TEST(Regions, ByCornersToo) {
  const Regions found = connected_regions(corners_and_holes(), Connectivity::corners, 0);
  EXPECT_THAT(found.numbers.data<std::int32_t>(), ElementsAre(1, 1, 0, 2, 2,  //
                                                              0, 0, 1, 0, 2,  //
                                                              3, 0, 1, 2, 0,  //
                                                              3, 1, 1, 0, 2));
  ASSERT_EQ(found.size(), 3);
  EXPECT_EQ(found.regions[0].pixels, 6);
  EXPECT_EQ(found.regions[1].box, (Box{0, 3, 4, 5}));
}

TEST(Regions, EveryLabelCountsWithoutABackground) {
  const Regions found = connected_regions(mask_of(1, 4, {0, 0, 255, 7}));
  EXPECT_THAT(found.numbers.data<std::int32_t>(), ElementsAre(1, 1, 0, 2));
  EXPECT_EQ(found.regions[1].label, 7);
}

TEST(Regions, MayWindAround) {
  const Mask mask = mask_of(3, 5, {1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1});
  const Regions found = connected_regions(mask, Connectivity::edges, 0);
  EXPECT_EQ(found.size(), 1);
  EXPECT_EQ(found.regions[0].pixels, 11);
  EXPECT_EQ(found.regions[0].box, (Box{0, 0, 3, 5}));
}

TEST(Regions, OfOnePixelOrNone) {
  EXPECT_EQ(connected_regions(mask_of(1, 1, {3})).size(), 1);
  EXPECT_EQ(connected_regions(mask_of(1, 1, {3}), Connectivity::edges, 3).size(), 0);
  EXPECT_THAT(connected_regions(mask_of(1, 2, {255, 255})).numbers.data<std::int32_t>(), Each(0));
}

TEST(Regions, OneThatFillsALargeMask) {
  const Mask mask{Tensor(DType::u8, {700, 900})};
  const Regions found = connected_regions(mask, Connectivity::corners);
  ASSERT_EQ(found.size(), 1);
  EXPECT_EQ(found.regions[0].pixels, 700 * 900);
}

}  // namespace
}  // namespace inlay
