#include "base/nearest_name.h"

#include <gtest/gtest.h>

#include <array>

namespace inlay {
namespace {

constexpr std::array<std::string_view, 3> kNames{"width", "depth", "dropout"};

TEST(NearestName, FindsTypingErrors) {
  EXPECT_EQ(nearest_name("widht", kNames), "width");
  EXPECT_EQ(nearest_name("dept", kNames), "depth");
  EXPECT_EQ(nearest_name("drop_out", kNames), "dropout");
  EXPECT_EQ(nearest_name("depth", kNames), "depth");
}

TEST(NearestName, GivesNothingForSomethingElse) {
  EXPECT_EQ(nearest_name("zebra", kNames), "");
  EXPECT_EQ(nearest_name("", kNames), "");
  EXPECT_EQ(nearest_name("width", {}), "");
}

TEST(Suggestion, IsTheEndOfASentence) {
  EXPECT_EQ(suggestion("widht", kNames), "; did you mean 'width'?");
  EXPECT_EQ(suggestion("zebra", kNames), "");
}

}  // namespace
}  // namespace inlay
