#include "infer/tile_memory.h"

#include <gtest/gtest.h>

namespace inlay {
namespace {

TEST(TileMemory, TilesRunTogetherAsFarAsMemoryAllows) {
  const Model model =
      create_model("unet", {.out_channels = 3, .settings = {{"width", "8"}, {"depth", "2"}}, .seed = 3});
  const TileMemory memory(model);
  for (const std::int64_t bytes : {100'000'000, 150'000'000, 400'000'000}) {
    const CutRequest request{.picture = {6000, 6000, 3}, .wish = {}, .memory = bytes, .taken = 1'000'000};
    const Cut cut = memory.choose(request);
    const MemoryNeed need = memory.need(request, cut);
    EXPECT_FALSE(cut.whole());
    EXPECT_GE(cut.most_at_once, 1);
    EXPECT_LE(need.total() + (cut.most_at_once - 1) * need.tile, bytes - request.taken);
    EXPECT_GT(need.total() + cut.most_at_once * need.tile, bytes - request.taken);
  }
}

TEST(TileMemory, WithoutALimitAnyNumberDoes) {
  const Model model =
      create_model("unet", {.out_channels = 3, .settings = {{"width", "4"}, {"depth", "1"}}, .seed = 3});
  const Cut cut = TileMemory(model).choose({.picture = {300, 300, 3}, .wish = {.largest = 64}});
  EXPECT_GT(cut.tiles(), 1);
  EXPECT_EQ(cut.most_at_once, INT64_MAX);
}

}  // namespace
}  // namespace inlay
