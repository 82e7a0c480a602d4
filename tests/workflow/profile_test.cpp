// Where the time goes: operators, peaks and traces.
#include "workflow/profile.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "support/temp_folder.h"

namespace inlay::workflow {
namespace {

BenchRequest tiny() {
  BenchRequest request;
  request.net.name = "unet";
  request.net.settings = {{"width", "4"}, {"depth", "1"}};
  request.size = {16, 16};
  request.runs = 1;
  request.threads = 1;
  return request;
}

TEST(Profile, OperatorsSumUpTheSteps) {
  BenchRequest request = tiny();
  request.profile = true;
  const BenchResult result = bench(request);
  EXPECT_GT(result.peak.multiply_adds_per_s, 0);
  double of_steps = 0, of_operators = 0;
  int steps = 0;
  for (const StepProfile& step : result.profile) of_steps += step.seconds;
  for (const OperatorProfile& sum : result.operators) {
    of_operators += sum.seconds;
    steps += sum.steps;
    std::int64_t multiply_adds = 0;
    double least = 0;
    for (const StepProfile& step : result.profile)
      if (step.op == sum.op) {
        multiply_adds += step.multiply_adds;
        least += least_seconds(result.peak, step.multiply_adds, step.bytes);
      }
    EXPECT_EQ(sum.multiply_adds, multiply_adds) << sum.op;
    EXPECT_NEAR(sum.least_seconds, least, 1e-12) << sum.op;
  }
  EXPECT_EQ(steps, std::ssize(result.profile));
  EXPECT_NEAR(of_steps, of_operators, 1e-9);
  EXPECT_TRUE(std::ranges::is_sorted(result.operators, std::greater(), &OperatorProfile::seconds));
}

TEST(Profile, IsNotMadeUnasked) {
  const BenchResult result = bench(tiny());
  EXPECT_TRUE(result.profile.empty());
  EXPECT_TRUE(result.operators.empty());
  EXPECT_EQ(result.peak.multiply_adds_per_s, 0);
}

TEST(Trace, HasOneEventForEachRunOfEachStep) {
  std::vector<StepProfile> steps(2);
  steps[0] = {"b/conv2d", "conv2d", "winograd", 0.002, 3'000'000, 4000, {{0.001, 0.002}, {0.011, 0.003}}};
  steps[1] = {"a/concat", "concat", "", 0.001, 0, 500, {{0, 0.001}, {0.01, 0.001}}};
  const auto trace = nlohmann::json::parse(chrome_trace("unet", steps));
  const auto& events = trace.at("traceEvents");
  ASSERT_EQ(events.size(), 5u);
  EXPECT_EQ(events[0].at("ph"), "M");
  EXPECT_EQ(events[0].at("args").at("name"), "inlay unet");
  std::vector<std::string> names;
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_EQ(events[i].at("ph"), "X");
    names.push_back(events[i].at("name"));
  }
  EXPECT_EQ(names, (std::vector<std::string>{"a/concat", "b/conv2d", "a/concat", "b/conv2d"}));
  const auto& last = events[4];
  EXPECT_EQ(last.at("cat"), "conv2d");
  EXPECT_DOUBLE_EQ(last.at("ts"), 11000);
  EXPECT_DOUBLE_EQ(last.at("dur"), 3000);
  EXPECT_EQ(last.at("args").at("op"), "conv2d");
  EXPECT_EQ(last.at("args").at("algorithm"), "winograd");
  EXPECT_NEAR(last.at("args").at("GFLOP/s"), 2.0, 1e-9);
  EXPECT_NEAR(last.at("args").at("GB/s"), 4e-3 / 3, 1e-12);
  EXPECT_EQ(last.at("args").at("run"), 2);
}

TEST(Trace, IsWrittenWhereAsked) {
  const testing::TempFolder folder;
  BenchRequest request = tiny();
  request.trace = folder / "made/trace.json";
  const BenchResult result = bench(request);
  const auto trace = nlohmann::json::parse(read_file(request.trace));
  EXPECT_EQ(trace.at("traceEvents").size(), 1 + 3 * result.profile.size());  // three runs are the fewest
}

TEST(Scaling, TriesPowersOfTwoAndAllThreads) {
  BenchRequest request = tiny();
  request.threads = 3;
  std::vector<int> threads;
  for (const BenchResult& result : bench_scaling(request)) threads.push_back(result.threads);
  EXPECT_EQ(threads, (std::vector{1, 2, 3}));
  request.threads = 1;
  EXPECT_EQ(bench_scaling(request).size(), 1u);
}

}  // namespace
}  // namespace inlay::workflow
