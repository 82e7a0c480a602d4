#include "workflow/time_runs.h"

#include <algorithm>
#include <chrono>

namespace inlay::workflow {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

}  // namespace

std::vector<double> time_runs(const std::function<void()>& step, int runs) {
  constexpr double kSeconds = 2;
  constexpr std::size_t kFewest = 5, kMost = 200;
  step();  // the first touches the memory
  step();
  std::vector<double> seconds;
  const auto begin = Clock::now();
  const auto enough = [&] {
    if (runs > 0) return seconds.size() >= static_cast<std::size_t>(runs);
    return seconds.size() >= kMost || (seconds.size() >= kFewest && seconds_since(begin) > kSeconds);
  };
  while (!enough()) {
    const auto start = Clock::now();
    step();
    seconds.push_back(seconds_since(start));
  }
  std::ranges::sort(seconds);
  return seconds;
}

}  // namespace inlay::workflow
