#include "inlay/display.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace inlay {
namespace {

using ::testing::ElementsAre;

TEST(Displayed, GreyAndColourAreAsTheyAre) {
  const Image grey = displayed({Tensor::of<std::uint8_t>({1, 2, 1}, {7, 200})});
  EXPECT_THAT(grey.pixels.data<std::uint8_t>(), ElementsAre(7, 7, 7, 200, 200, 200));
  const Image colour = displayed({Tensor::of<std::uint8_t>({1, 1, 3}, {1, 2, 3})});
  EXPECT_THAT(colour.pixels.data<std::uint8_t>(), ElementsAre(1, 2, 3));
  const Image sixteen = displayed({Tensor::of<float>({1, 2, 1}, {0.0f, 0.2f})});
  EXPECT_THAT(sixteen.pixels.data<std::uint8_t>(), ElementsAre(0, 0, 0, 51, 51, 51));
}

TEST(Displayed, TheFirstThreeOfManyChannelsAreStretched) {
  const Image five = displayed({Tensor::of<std::uint8_t>({1, 2, 5}, {10, 0, 5, 99, 1, 20, 50, 5, 98, 2})});
  EXPECT_THAT(five.pixels.data<std::uint8_t>(), ElementsAre(0, 0, 0, 255, 255, 0));
}

TEST(Displayed, TwoChannelsShowTheFirst) {
  const Image two = displayed({Tensor::of<float>({1, 3, 2}, {1, 0, 2, 0, 3, 7})});
  EXPECT_THAT(two.pixels.data<std::uint8_t>(), ElementsAre(0, 0, 0, 128, 128, 128, 255, 255, 255));
}

TEST(Displayed, ValuesBeyondOneAreStretched) {
  const Image wide = displayed({Tensor::of<float>({1, 2, 1}, {-4.0f, 12.0f})});
  EXPECT_THAT(wide.pixels.data<std::uint8_t>(), ElementsAre(0, 0, 0, 255, 255, 255));
}

}  // namespace
}  // namespace inlay
