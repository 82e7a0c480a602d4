#include "runtime/cpu/tuner.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/files.h"
#include "base/threads.h"

namespace inlay {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

constexpr const char* kVersion = "kernels";

/// What was measured with other kernels counts as nothing.
nlohmann::json read_json(const std::string& file) {
  std::ifstream in(file);
  auto json = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
  const bool known = json.is_object() && json.contains(kVersion) && json[kVersion] == kTimedKernels;
  return known ? json : nlohmann::json{{kVersion, kTimedKernels}};
}

}  // namespace

std::string tuning_file() {
  std::string folder = environment("XDG_CACHE_HOME");
  if (folder.empty() && !environment("HOME").empty()) folder = environment("HOME") + "/.cache";
  return folder.empty() ? "" : folder + "/inlay/tuning.json";
}

bool tuning_allowed() { return environment("INLAY_TUNE") != "off"; }

Tuner::Tuner(std::string file)
    : file_(std::move(file)), machine_(fmt::format("{}, {} threads", processor_name(), thread_count())) {
  known_ = read_timings(file_)[machine_];
}

Tuner::~Tuner() { save(); }

std::string Tuner::choose(const std::string& problem, std::span<const std::string> candidates,
                          const std::function<double(const std::string&)>& time) {
  if (candidates.size() == 1) return candidates[0];
  Timings& timings = known_[problem];
  if (!std::ranges::all_of(candidates, [&](const std::string& name) { return timings.contains(name); })) {
    timings = time_in_turn(candidates, time);
    learnt_[problem] = timings;
  }
  return *std::ranges::min_element(candidates, {}, [&](const std::string& name) { return timings[name]; });
}

/// In turn and several times, so that a moment in which the machine is busy hits all of them. What takes little time is
/// tried more often; what is far behind when it has had its time is given up.
Tuner::Timings Tuner::time_in_turn(std::span<const std::string> candidates,
                                   const std::function<double(const std::string&)>& time) {
  constexpr int kRounds = 4, kMostRounds = 12;
  constexpr double kHopeless = 1.7, kEnough = 20;  // milliseconds
  Timings timings;
  std::map<std::string, double> spent;
  double best = 1e30;
  for (int round = 0; round < kMostRounds; ++round)
    for (const std::string& name : candidates) {
      const bool enough = spent[name] > kEnough;
      if (enough && (round >= kRounds || (round > 1 && timings[name] > kHopeless * best))) continue;
      const double milliseconds = std::round(time(name) * 1e6) / 1e3;
      spent[name] += milliseconds;
      timings[name] = round > 0 ? std::min(timings[name], milliseconds) : milliseconds;
      best = std::min(best, milliseconds);
    }
  return timings;
}

void Tuner::save() {
  if (learnt_.empty() || file_.empty()) return;
  auto json = read_json(file_);
  auto& known = json[machine_];
  if (!known.is_object()) known = nlohmann::json::object();
  for (const auto& [problem, timings] : learnt_) known[problem] = timings;
  learnt_.clear();
  try {
    write_file(file_, json.dump(1) + "\n");
  } catch (const Error&) {
    // A read-only home only costs the next start its timings.
  }
}

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
}

std::map<std::string, std::map<std::string, std::map<std::string, double>>> read_timings(const std::string& file) {
  std::map<std::string, std::map<std::string, std::map<std::string, double>>> all;
  const auto json = read_json(file);
  for (const auto& [machine, problems] : json.items()) {
    if (!problems.is_object()) continue;
    for (const auto& [problem, timings] : problems.items())
      for (const auto& [algorithm, time] : timings.items())
        if (time.is_number()) all[machine][problem][algorithm] = time;
  }
  return all;
}

std::int64_t clear_timings(const std::string& file, const std::string& processor) {
  const auto json = read_json(file);
  auto kept = json;
  std::int64_t cleared = 0;
  for (const auto& [machine, problems] : json.items())
    if (machine != kVersion && (processor.empty() || machine.starts_with(processor + ", "))) {
      cleared += problems.is_object() ? std::ssize(problems) : 0;
      kept.erase(machine);
    }
  if (kept != json) write_file(file, kept.dump(1) + "\n");
  return cleared;
}

}  // namespace inlay
