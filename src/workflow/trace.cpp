#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "workflow/profile.h"

namespace inlay::workflow {
namespace {

using Json = nlohmann::ordered_json;

/// Viewers count in microseconds; three digits more are what the clock gives.
double microseconds(double seconds) { return std::round(seconds * 1e9) / 1e3; }

Json event(const StepProfile& step, std::size_t run) {
  const StepTime& time = step.runs[run];
  const double seconds = std::max(time.seconds, 1e-9);
  return {{"name", step.name},
          {"cat", step.op},
          {"ph", "X"},
          {"ts", microseconds(time.start)},
          {"dur", microseconds(time.seconds)},
          {"pid", 1},
          {"tid", 1},
          {"args",
           {{"op", step.op},
            {"algorithm", step.algorithm},
            {"GFLOP/s", 2e-9 * static_cast<double>(step.multiply_adds) / seconds},
            {"GB/s", 1e-9 * static_cast<double>(step.bytes) / seconds},
            {"run", run + 1}}}};
}

}  // namespace

std::string chrome_trace(const std::string& name, std::span<const StepProfile> steps) {
  Json events = Json::array();
  events.push_back({{"name", "process_name"}, {"ph", "M"}, {"pid", 1}, {"args", {{"name", "inlay " + name}}}});
  for (const StepProfile& step : steps)
    for (std::size_t run = 0; run < step.runs.size(); ++run) events.push_back(event(step, run));
  std::stable_sort(events.begin() + 1, events.end(),
                   [](const Json& a, const Json& b) { return a["ts"].get<double>() < b["ts"].get<double>(); });
  const Json trace{{"displayTimeUnit", "ms"}, {"traceEvents", std::move(events)}};
  return trace.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace inlay::workflow
