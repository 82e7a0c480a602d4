#include "workflow/plan/budget.h"

#include <gtest/gtest.h>

#include <cmath>

#include "workflow/plan/keep_budget.h"

namespace inlay::workflow {
namespace {

TEST(Budget, AnEpochIsAPassWhereThatIsReasonable) {
  const EpochPlan plan = plan_epochs(1200, {.step = 0.5, .validation = 4, .start = 5, .end = 5}, 92);
  EXPECT_EQ(plan.epoch_steps, 0);
  EXPECT_EQ(plan.epochs, 24);
  EXPECT_NEAR(expected_seconds(plan, {.step = 0.5, .validation = 4, .start = 5, .end = 5}, 92), 1200, 40);
}

TEST(Budget, EpochsOfFewImagesAreLonger) {
  const RunTimes times{.step = 0.1, .validation = 0.5, .end = 1};
  const EpochPlan plan = plan_epochs(601, times, 5);
  EXPECT_EQ(plan.epochs, 40);
  EXPECT_EQ(plan.epoch_steps, 145) << "(15 s - 0.5 s) / 0.1 s";
  EXPECT_NEAR(expected_seconds(plan, times, 5), 601, 1);
}

TEST(Budget, EpochsOfManyImagesAreShorter) {
  const RunTimes times{.step = 0.5, .validation = 10};
  const EpochPlan plan = plan_epochs(600, times, 5000);
  EXPECT_EQ(plan.epochs, 7) << "validation has an eighth of the time";
  EXPECT_NEAR(expected_seconds(plan, times, 5000), 600, 5);
}

TEST(Budget, ValidationLeavesHalfOfTheTime) {
  const EpochPlan plan = plan_epochs(30, {.step = 0.1, .validation = 10}, 50);
  EXPECT_EQ(plan.epochs, 1);
  EXPECT_EQ(plan.epoch_steps, 200);
  EXPECT_EQ(plan_epochs(1, {.step = 10, .validation = 10}, 50).epoch_steps, 1) << "at least one step";
}

TEST(Budget, NearestNumberOfEpochs) {
  EXPECT_EQ(epochs_that_fit(10, 35, 10), 14);
  EXPECT_EQ(epochs_that_fit(10, 34, 10), 13);
  EXPECT_EQ(epochs_that_fit(10, -5, 10), 10);
  EXPECT_EQ(epochs_that_fit(10, 5, NAN), 10);
}

/// A run of a budget of 100 s whose epochs take `training` and `validation` seconds; returns what it takes in all.
double run(BudgetKeeper& keeper, double& now, const std::function<double(std::int64_t)>& training, double validation) {
  std::int64_t epochs = 1;
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    EpochReport report;
    report.epoch = epoch;
    report.seconds = training(epoch);
    now += report.seconds;
    epochs = keeper.after_training(report);
    report.seconds += validation;
    now += validation;
    keeper.after_epoch(report);
  }
  return now + validation + 0.7;
}

RunPlan plan_of(std::int64_t epochs) {
  RunPlan plan;
  plan.budget = 100;
  plan.config.epochs = epochs;
  return plan;
}

TEST(KeepBudget, ARunThatGoesAsPlannedIsLetBe) {
  double now = 4;
  BudgetKeeper keeper(plan_of(24), [&] { return now; });
  EXPECT_NEAR(run(
                  keeper, now, [](std::int64_t) { return 3.5; }, 0.4),
              100, 3);
  EXPECT_TRUE(keeper.replanned().changes.empty());
}

TEST(KeepBudget, SlowerThanPlannedMeansFewerEpochs) {
  double now = 4;
  BudgetKeeper keeper(plan_of(40), [&] { return now; });
  EXPECT_NEAR(run(
                  keeper, now, [](std::int64_t) { return 3.5; }, 0.4),
              100, 4);
  ASSERT_FALSE(keeper.replanned().changes.empty());
  EXPECT_LT(keeper.replanned().changes.back().second, 40);
}

TEST(KeepBudget, AMachineThatBecomesBusy) {
  double now = 4;
  BudgetKeeper keeper(plan_of(40), [&] { return now; });
  EXPECT_NEAR(run(
                  keeper, now, [](std::int64_t epoch) { return epoch < 10 ? 2.0 : 5.0; }, 0.4),
              100, 6);
}

TEST(KeepBudget, FasterThanPlannedMeansMore) {
  double now = 1;
  BudgetKeeper keeper(plan_of(10), [&] { return now; });
  EXPECT_NEAR(run(
                  keeper, now, [](std::int64_t) { return 1.0; }, 0.1),
              100, 4);
}

TEST(KeepBudget, ARepeatedRunDoesTheSame) {
  const auto replan = repeat(*parse_replanned("40 2:43 5:6"));
  std::vector<std::int64_t> answers;
  for (std::int64_t epoch = 0; epoch < 6; ++epoch) {
    EpochReport report;
    report.epoch = epoch;
    answers.push_back(replan(report));
  }
  EXPECT_EQ(answers, (std::vector<std::int64_t>{40, 43, 43, 43, 6, 6}));
}

}  // namespace
}  // namespace inlay::workflow
