#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "inlay/tensor.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::message_of;

TEST(Shape, CountsElements) {
  EXPECT_EQ((Shape{2, 3, 4}).elements(), 24);
  EXPECT_EQ((Shape{2, 0, 4}).elements(), 0);
  EXPECT_EQ(Shape{}.elements(), 1);
  EXPECT_EQ((Shape{2, 3}).rank(), 2);
  EXPECT_EQ((Shape{2, 3})[1], 3);
}

TEST(Shape, ComparesRankAndExtents) {
  EXPECT_EQ((Shape{2, 3}), (Shape{2, 3}));
  EXPECT_NE((Shape{2, 3}), (Shape{2, 3, 1}));
  EXPECT_NE((Shape{2, 3}), (Shape{3, 2}));
}

TEST(Shape, TextGoesBothWays) {
  for (const Shape& shape : {Shape{}, Shape{7}, Shape{1, 2, 3, 4, 5, 6}, Shape{0, 3}})
    EXPECT_EQ(parse_shape(to_string(shape)), shape);
  EXPECT_EQ(to_string(Shape{128, 64, 3}), "128x64x3");
  for (const char* bad : {"", "x", "2x", "x2", "2,3", "2x-3", "2x3 ", "99999999999999999999"})
    EXPECT_THAT(message_of<InputError>([&] { parse_shape(bad); }), HasSubstr("is no shape")) << bad;
}

TEST(Shape, RefusesWhatCannotBe) {
  EXPECT_THAT(message_of<InputError>([] { Shape({1, 2, 3, 4, 5, 6, 7}); }), HasSubstr("at most 6 dimensions, got 7"));
  EXPECT_THAT(message_of<InputError>([] { Shape({2, -1}); }), HasSubstr("extent 1 of a shape is -1"));
  EXPECT_THAT(message_of<InputError>([] { (Shape{1LL << 40, 1LL << 40}).elements(); }), HasSubstr("too many elements"));
}

}  // namespace
}  // namespace inlay
