// A whole run within its time, and the same run once more from its settings.
#include <gmock/gmock.h>

#include <chrono>

#include "base/files.h"
#include "inlay/synth.h"
#include "inlay/workflow.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

TEST(BudgetOfARun, IsKeptWithinATenthAndRepeatedBitForBit) {
  const TempFolder folder;
  synthesise({.count = 40, .height = 64, .width = 64}, folder / "cells");
  TrainConfig config;
  config.data = (folder / "cells").string();
  config.output = (folder / "run").string();
  config.budget = TimeSpan{20};
  config.threads = 1;
  std::optional<RunPlan> plan;
  workflow::TrainCallbacks callbacks;
  callbacks.on_plan = [&](const RunPlan& made) { plan = made; };
  const auto start = std::chrono::steady_clock::now();
  const workflow::TrainOutcome outcome = workflow::train(config, false, callbacks);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_NEAR(taken.count(), 20, 2);
  EXPECT_NEAR(outcome.seconds, taken.count(), 0.5);
  EXPECT_EQ(outcome.budget, 20);
  ASSERT_TRUE(plan.has_value());
  EXPECT_GT(outcome.evaluation->scores.mean_iou, 0.6);

  TrainConfig again;
  read_config(folder / "run" / "config.toml", again);
  EXPECT_EQ(parse_replanned(again.replanned)->first, *plan->config.epochs);
  again.output = (folder / "again").string();
  const workflow::TrainOutcome repeated = workflow::train(again);
  EXPECT_EQ(repeated.result.steps, outcome.result.steps);
  EXPECT_EQ(read_file(folder / "again" / "last.onnx"), read_file(folder / "run" / "last.onnx"));
}

}  // namespace
}  // namespace inlay::testing
