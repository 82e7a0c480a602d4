#include <algorithm>
#include <chrono>

#include "base/fail.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/tuner.h"

namespace inlay {
namespace {

/// Seconds of one run on memory of its own, the best of a few after a warm-up; fewer when they take long.
double time_conv(const ConvProblem& p, ConvAlgorithm& algorithm) {
  constexpr int kRuns = 5;
  constexpr double kEnough = 0.05;
  const auto bytes = [](std::size_t count) { return Tensor(DType::u8, {static_cast<std::int64_t>(count)}); };
  const std::size_t weights = static_cast<std::size_t>(p.weight_shape().elements()) * sizeof(float);
  Tensor x = bytes(p.x().bytes()), y = bytes(p.y().bytes()), w = bytes(weights),
         scratch = bytes(algorithm.scratch_bytes());
  Tensor bias(DType::f32, {p.bias_size()});
  algorithm.bind({x.raw(), y.raw(), w.raw(), p.bias ? bias.raw() : nullptr, scratch.raw()});
  algorithm.run();
  double best = 1e30, total = 0;
  for (int run = 0; run < kRuns && total < kEnough; ++run) {
    const auto start = std::chrono::steady_clock::now();
    algorithm.run();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    best = std::min(best, seconds);
    total += seconds;
  }
  return best;
}

std::vector<ConvCandidate> candidates(const ConvProblem& problem, std::span<const std::string> skip) {
  std::vector<ConvCandidate> all = winograd_candidates(problem);
  std::ranges::move(patch_candidates(problem), std::back_inserter(all));
  std::ranges::move(onednn_candidates(problem), std::back_inserter(all));
  if (all.empty()) fail("there is no convolution for {}", problem.describe());
  std::vector<ConvCandidate> wanted;
  std::ranges::copy_if(all, std::back_inserter(wanted),
                       [&](const ConvCandidate& c) { return !std::ranges::count(skip, c.name); });
  return wanted.empty() ? all : wanted;
}

}  // namespace

ChosenConv choose_conv(const ConvProblem& problem, const KernelSpec& spec) {
  constexpr std::int64_t kWorthTiming = 10'000'000;  // multiply-adds; below it, timings are noise
  const std::vector<ConvCandidate> found = candidates(problem, spec.skip);
  const auto make = [&](const std::string& name) {
    return std::ranges::find(found, name, &ConvCandidate::name)->make();
  };
  std::string best{found.front().name};
  if (spec.tuner && problem.geometry.multiply_adds() >= kWorthTiming) {
    std::vector<std::string> names;
    for (const ConvCandidate& candidate : found) names.emplace_back(candidate.name);
    best = spec.tuner->choose(problem.describe(), names,
                              [&](const std::string& name) { return time_conv(problem, *make(name)); });
  }
  return {best, make(best)};
}

}  // namespace inlay
