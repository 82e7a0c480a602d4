#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/model.h"

namespace inlay {
namespace {

TEST(SizeRule, FitsTheNextSideThatTheNetTakes) {
  EXPECT_EQ(SizeRule{}.fit(7), 7);
  const SizeRule even{.multiple = 16};
  EXPECT_EQ(even.fit(1), 16);
  EXPECT_EQ(even.fit(16), 16);
  EXPECT_EQ(even.fit(17), 32);
  const SizeRule valid{.multiple = 16, .remainder = 12, .least = 188};
  EXPECT_EQ(valid.fit(1), 188);
  EXPECT_EQ(valid.fit(572), 572);
  EXPECT_EQ(valid.fit(573), 588);
  EXPECT_EQ((SizeRule{.least = 224}.fit(100)), 224);
  const SizeRule one{.least = 65, .most = 65};
  EXPECT_EQ(one.fit(1), 65);
  EXPECT_EQ(one.fit(1000), 65);
  EXPECT_EQ((SizeRule{.multiple = 16, .remainder = 12, .most = 100}.fit(99)), 92);
}

TEST(SizeRule, SaysWhatItNeeds) {
  EXPECT_EQ(to_string(SizeRule{}), "sides of any length");
  EXPECT_EQ(to_string(SizeRule{.multiple = 16}), "sides divisible by 16");
  EXPECT_EQ(to_string(SizeRule{.multiple = 32, .least = 224}), "sides divisible by 32, at least 224");
  EXPECT_EQ(to_string(SizeRule{.multiple = 16, .remainder = 12, .least = 188}), "sides of 16 k + 12, at least 188");
  EXPECT_EQ(to_string(SizeRule{.least = 46}), "sides of at least 46");
  EXPECT_EQ(to_string(SizeRule{.least = 65, .most = 65}), "sides of 65");
  EXPECT_EQ(to_string(SizeRule{.multiple = 16, .most = 512}), "sides divisible by 16, at most 512");
}

}  // namespace
}  // namespace inlay
