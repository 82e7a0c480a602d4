// How long something takes, again and again.
#pragma once

#include <functional>
#include <vector>

namespace inlay::workflow {

/// Seconds of each run of `step`, the fastest first, after two runs that are not timed; `runs` 0: as many as about two
/// seconds take, 5 to 200.
std::vector<double> time_runs(const std::function<void()>& step, int runs);

}  // namespace inlay::workflow
