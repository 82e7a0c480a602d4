#include "infer/tiles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "support/input_error.h"

namespace inlay {

void PrintTo(const Tiles& t, std::ostream* out) {
  *out << t.count << " of " << t.side << " with logits of " << t.logits << ", " << t.step << " apart";
}
bool operator==(const Tiles& a, const Tiles& b) {
  return std::array{a.side, a.logits, a.step, a.count} == std::array{b.side, b.logits, b.step, b.count};
}

namespace {

constexpr SizeRule kUnpadded{.multiple = 16, .remainder = 12, .least = 188, .margin = 92};
constexpr SizeRule kPatch{.least = 65, .most = 65, .margin = 32};

TEST(Tiles, ANetWithoutMarginsReadsAllAtOnce) {
  EXPECT_EQ(plan_tiles(5000, {}, 100), (Tiles{5000, 5000, 5000, 1}));
  EXPECT_EQ(plan_tiles(33, {.multiple = 16}, 16), (Tiles{48, 48, 48, 1}));
}

TEST(Tiles, WhatIsSmallEnoughIsOneTile) {
  EXPECT_EQ(plan_tiles(388, kUnpadded, 572), (Tiles{572, 388, 388, 1})) << "the paper's sizes";
  EXPECT_EQ(plan_tiles(512, kUnpadded, 1024), (Tiles{700, 516, 516, 1}));
  EXPECT_EQ(plan_tiles(1, kUnpadded, 1024), (Tiles{188, 4, 4, 1}));
}

TEST(Tiles, BeginWhereTheNetsPoolingBegins) {
  EXPECT_EQ(plan_tiles(389, kUnpadded, 572), (Tiles{396, 212, 208, 2}));
  EXPECT_EQ(plan_tiles(1000, kUnpadded, 572), (Tiles{524, 340, 336, 3}));
}

TEST(Tiles, AreAsSmallAsTheNetAllowsAndNoSmaller) { EXPECT_EQ(plan_tiles(40, kUnpadded, 1), (Tiles{204, 20, 16, 3})); }

TEST(Tiles, OneLogitEachForANetOfOnePatch) {
  EXPECT_EQ(plan_tiles(7, kPatch, 1024), (Tiles{65, 1, 1, 7}));
  EXPECT_EQ(plan_tiles(1, kPatch, 1024), (Tiles{65, 1, 1, 1}));
  EXPECT_EQ(tiles_at_once(4096, 65, 65, 1024), 241) << "17 batches of at most 248";
  EXPECT_EQ(tiles_at_once(5, 65, 65, 1024), 5);
  EXPECT_EQ(tiles_at_once(5, 65, 65, 10), 1);
}

TEST(Tiles, CoverThePictureWithinTheLimit) {
  for (const SizeRule& rule : {kUnpadded, kPatch, SizeRule{.margin = 3}, SizeRule{.multiple = 2, .margin = 1},
                               SizeRule{.multiple = 8, .least = 40, .most = 64, .margin = 12}})
    for (std::int64_t largest : {1, 47, 64, 200, 211, 400})
      for (std::int64_t length = 1; length < 700; length += 13) {
        const Tiles tiles = plan_tiles(length, rule, largest);
        EXPECT_EQ(rule.fit(tiles.side), tiles.side);
        EXPECT_EQ(tiles.logits, tiles.side - 2 * rule.margin);
        EXPECT_LE(tiles.step, tiles.logits);
        EXPECT_GE((tiles.count - 1) * tiles.step + tiles.logits, length);
        EXPECT_LE(tiles.side, std::max(largest, rule.fit(2 * rule.margin + rule.multiple)));
        if (tiles.count > 1) {
          EXPECT_EQ(tiles.step % rule.multiple, 0);
          EXPECT_LT((tiles.count - 1) * tiles.step, length) << "a tile in vain";
        }
      }
}

TEST(Tiles, RefusesANetOfWhichNothingIsLeft) {
  EXPECT_EQ(testing::input_error([] { plan_tiles(10, {.least = 64, .most = 64, .margin = 32}, 100); }),
            "the net takes sides of 64 and its logits cover 32 pixels less on each side: nothing is left");
}

}  // namespace
}  // namespace inlay
