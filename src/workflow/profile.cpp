#include "workflow/profile.h"

#include <algorithm>

namespace inlay::workflow {
namespace {

std::vector<OperatorProfile> by_operator(std::span<const StepProfile> steps, const Peak& peak) {
  std::map<std::string, OperatorProfile> operators;
  for (const StepProfile& step : steps) {
    OperatorProfile& sum = operators[step.op];
    sum.op = step.op;
    ++sum.steps;
    sum.seconds += step.seconds;
    sum.multiply_adds += step.multiply_adds;
    sum.bytes += step.bytes;
    sum.least_seconds += least_seconds(peak, step.multiply_adds, step.bytes);
  }
  std::vector<OperatorProfile> sorted;
  for (auto& [name, sum] : operators) sorted.push_back(std::move(sum));
  std::ranges::stable_sort(sorted, std::greater(), &OperatorProfile::seconds);
  return sorted;
}

}  // namespace

void add_profile(Program& program, int runs, BenchResult& result) {
  result.profile = program.profile(runs, 1);
  for (StepProfile& step : result.profile) step.seconds /= runs;
  std::ranges::stable_sort(result.profile, std::greater(), &StepProfile::seconds);
  result.peak = measure_peak();
  result.operators = by_operator(result.profile, result.peak);
}

}  // namespace inlay::workflow
