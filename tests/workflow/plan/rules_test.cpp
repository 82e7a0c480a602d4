// The rules by which settings are chosen, one by one, without training.
#include "workflow/plan/rules.h"

#include <gmock/gmock.h>

namespace inlay::workflow {
namespace {

using ::testing::HasSubstr;

Fingerprint print_of(std::vector<double> shares, ImageSize median = {360, 480}, std::int64_t images = 367) {
  Fingerprint print;
  print.train_images = images;
  print.median = median;
  for (std::size_t i = 0; i < shares.size(); ++i)
    print.classes.push_back({fmt::format("c{}", i), shares[i], 1, 10, 20});
  return print;
}

TEST(Rules, LossAddsDiceWhereAClassIsRare) {
  EXPECT_EQ(choose_loss(print_of({0.5, 0.3, 0.2})).value, "cross_entropy");
  const auto rare = choose_loss(print_of({0.6, 0.31, 0.09}));
  EXPECT_EQ(rare.value, "cross_entropy+dice");
  EXPECT_THAT(rare.why, HasSubstr("'c2' has 9 %"));
  EXPECT_EQ(choose_loss(print_of({0.6, 0.4, 0})).value, "cross_entropy") << "a class that no image holds is not rare";
}

TEST(Rules, WeightsWhereAClassIsVeryRare) {
  EXPECT_EQ(choose_class_weights(print_of({0.5, 0.49, 0.01})).value, "none");
  const auto rare = choose_class_weights(print_of({0.5, 0.491, 0.009}));
  EXPECT_EQ(rare.value, "enet");
  EXPECT_THAT(rare.why, HasSubstr("'c2' has only 0.9 %"));
  EXPECT_EQ(choose_class_weights(print_of({0.991, 0.009})).value, "none") << "Dice does for two classes";
  EXPECT_EQ(choose_class_weights(print_of({0.991, 0.009, 0})).value, "none") << "a class that no image holds is none";
  EXPECT_EQ(choose_class_weights(print_of({0.999, 0.001})).value, "enet");
}

TEST(Rules, OptimiserBringsRateAndDecay) {
  EXPECT_EQ(choose_learning_rate("sgd").value, 0.01);
  EXPECT_EQ(choose_learning_rate("adam").value, 0.001);
  EXPECT_EQ(choose_weight_decay("adamw").value, 0.01);
  EXPECT_EQ(choose_weight_decay("adam").value, 0);
  EXPECT_EQ(choose_warmup(400).value, 20);
  EXPECT_EQ(choose_warmup(10).value, 0);
  EXPECT_EQ(choose_warmup(1000000).value, 500);
}

TEST(Rules, WeightsAreAveragedOverAFiftiethOfTheSteps) {
  EXPECT_EQ(choose_average(5000).value, 0.99);
  EXPECT_EQ(choose_average(2).value, 0.9);
  EXPECT_EQ(choose_average(1000000).value, 0.999);
  EXPECT_EQ(choose_statistics(4).value, 0) << "would cost more than it gives";
  EXPECT_EQ(choose_statistics(48).value, 3);
  EXPECT_EQ(choose_statistics(5000).value, 10);
}

TEST(Rules, PatchIsTheMedianImageOrLess) {
  EXPECT_EQ(largest_patch(print_of({1}, {360, 480})), (ImageSize{360, 480}));
  EXPECT_EQ(largest_patch(print_of({1}, {3000, 100})), (ImageSize{512, 100}));
  const SizeRule sixteen{.multiple = 16};
  EXPECT_EQ(fit_patch({360, 480}, sixteen), (ImageSize{352, 480})) << "a little smaller rather than made-up pixels";
  EXPECT_EQ(fit_patch({31, 5}, sixteen), (ImageSize{32, 16})) << "half of the picture is not left out";
  EXPECT_EQ(fit_patch({101, 101}, {.multiple = 32}), (ImageSize{96, 96}));
  EXPECT_EQ(fit_patch({200, 200}, {.multiple = 1, .least = 300}), (ImageSize{300, 300}));
  EXPECT_EQ(fit_patch({70, 70}, {.multiple = 16, .remainder = 12, .least = 60}), (ImageSize{76, 76}));
}

TEST(Rules, PatchesKeepObjectsWhole) {
  EXPECT_EQ(smallest_side(print_of({0.5, 0.5})), 64);
  Fingerprint large = print_of({0.5, 0.5});
  large.classes[0].object_side = large.classes[1].object_side = 100;
  EXPECT_EQ(smallest_side(large), 200);
  EXPECT_EQ(smallest_side(Fingerprint{}), 64);
}

TEST(Rules, DepthLeavesEightPixels) {
  EXPECT_EQ(choose_depth({512, 512}), 5);
  EXPECT_EQ(choose_depth({360, 480}), 5);
  EXPECT_EQ(choose_depth({128, 128}), 4);
  EXPECT_EQ(choose_depth({64, 512}), 3);
  EXPECT_EQ(choose_depth({32, 32}), 2);
  EXPECT_EQ(choose_depth({1, 1}), 1);
}

TEST(Rules, BatchHasSoManyPixels) {
  EXPECT_EQ(largest_batch({256, 256}, 1000), 10);
  EXPECT_EQ(largest_batch({352, 480}, 367), 4);
  EXPECT_EQ(largest_batch({1024, 1024}, 1000), 2);
  EXPECT_EQ(largest_batch({32, 32}, 1000), 16);
  EXPECT_EQ(largest_batch({32, 32}, 20), 5);
  EXPECT_EQ(largest_batch({32, 32}, 3), 2);
  EXPECT_EQ(largest_batch({32, 32}, 1), 1);
}

TEST(Rules, StepsAreEnoughAfterTwentyPasses) {
  EXPECT_EQ(enough_steps(367, 4), 1835);
  EXPECT_EQ(enough_steps(20, 4), 1000);
  EXPECT_EQ(enough_steps(100000, 8), 5000);
}

TEST(Rules, SpeedFollowsAPowerOfTheWidth) {
  const Speed two{{{16, 1e-6}, {32, 3e-6}}};
  EXPECT_DOUBLE_EQ(two.at(16), 1e-6);
  EXPECT_NEAR(two.at(32), 3e-6, 1e-12);
  EXPECT_NEAR(two.at(64), 9e-6, 1e-12);
  EXPECT_NEAR(two.at(8), 1e-6 / 3, 1e-12);
  EXPECT_NEAR(Speed({{{16, 1e-6}}}).at(32), 1e-6 * std::pow(2, 1.6), 1e-12);
  EXPECT_EQ(Speed({{{0, 5e-6}}}).at(0), 5e-6) << "a net without a width";
  EXPECT_NEAR(Speed({{{16, 1e-6}, {32, 1e-7}}}).at(64), 2e-6, 1e-12) << "a wider net is never taken for a faster one";
  EXPECT_DOUBLE_EQ(two.step({.patch = {100, 100}, .batch = 2, .width = 16}), 0.02);
}

std::vector<Candidate> all() { return list_candidates(print_of({0.5, 0.5}), {.unet = true}); }

TEST(Rules, LargeAndWideCandidatesComeFirst) {
  const std::vector<Candidate> list = all();
  EXPECT_EQ(list.front(), (Candidate{{352, 480}, 4, 5, 64}));
  EXPECT_LE(list.back().patch.height, 96);
  EXPECT_EQ(list.back().width, 8);
  for (std::size_t i = 1; i < list.size(); ++i) {
    EXPECT_EQ(list[i].patch.height % (1 << list[i].depth), 0);
    EXPECT_TRUE(list[i - 1].width >= 16 || list[i].width < 16) << "narrow nets are the last resort";
  }
}

TEST(Rules, WhatIsFixedIsInEveryCandidate) {
  for (const Candidate& one :
       list_candidates(print_of({1}), {.patch = ImageSize{96, 64}, .batch = 3, .depth = 2, .width = 7, .unet = true}))
    EXPECT_EQ(one, (Candidate{{96, 64}, 3, 2, 7}));
  for (const Candidate& one : list_candidates(print_of({1}), {.rule = {.multiple = 7}})) {
    EXPECT_EQ(one.width, 0);
    EXPECT_EQ(one.patch.height % 7, 0);
  }
}

Candidate chosen(double seconds, const Speed& speed, std::int64_t needed = 1000) {
  const std::vector<Candidate> list = all();
  return choose_candidate(
      list, speed, seconds, [&](const Candidate&) { return needed; }, [](const Candidate&) { return true; });
}

TEST(Rules, MoreTimeMakesNetsWiderLessMakesPatchesSmaller) {
  const Speed speed{{{16, 7e-7}, {32, 2e-6}}};
  EXPECT_EQ(chosen(1e9, speed).width, 64);
  const Candidate usual = chosen(600, speed);
  EXPECT_EQ(usual, (Candidate{{352, 480}, 4, 5, 16}));
  const Candidate less = chosen(60, speed);
  EXPECT_LT(less.patch.height, 352);
  EXPECT_EQ(less.width, 24) << "a quarter of the patch, and a net as wide as there is time for";
  EXPECT_EQ(chosen(1e-3, speed), all().back()) << "where nothing fits, what comes nearest";
}

TEST(Rules, WhatDoesNotFitIntoMemoryIsNotTaken) {
  const std::vector<Candidate> list = all();
  const Candidate one = choose_candidate(
      list, Speed{{{16, 1e-12}}}, 1e9, [](const Candidate&) { return 1; },
      [](const Candidate& c) { return c.width <= 24; });
  EXPECT_EQ(one.width, 24);
  EXPECT_EQ(one.patch.height, 352);
}

}  // namespace
}  // namespace inlay::workflow
