// Where the time of a program goes.
#pragma once

#include <span>
#include <string>

#include "inlay/workflow.h"

namespace inlay::workflow {

/// Profiles `runs` runs and measures this machine's peaks: fills in `result`'s peak, profile and operators.
void add_profile(Program& program, int runs, BenchResult& result);

/// The steps' runs as JSON in Chrome's trace event format: one complete event for each run of each step. `name` is what
/// ran; the steps' seconds are those of one run.
std::string chrome_trace(const std::string& name, std::span<const StepProfile> steps);

}  // namespace inlay::workflow
