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

nlohmann::json read_json(const std::string& file) {
  std::ifstream in(file);
  auto json = nlohmann::json::parse(in, nullptr, /*allow_exceptions=*/false);
  return json.is_object() ? json : nlohmann::json::object();
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

/// In turn and several times, so that a moment in which the machine is busy hits all of them; what is far behind after
/// two is given up.
Tuner::Timings Tuner::time_in_turn(std::span<const std::string> candidates,
                                   const std::function<double(const std::string&)>& time) {
  constexpr int kRounds = 4;
  constexpr double kHopeless = 1.7;
  Timings timings;
  double best = 1e30;
  for (int round = 0; round < kRounds; ++round)
    for (const std::string& name : candidates) {
      if (round > 1 && timings[name] > kHopeless * best) continue;
      const double milliseconds = std::round(time(name) * 1e6) / 1e3;
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
  auto kept = nlohmann::json::object();
  std::int64_t cleared = 0;
  for (const auto& [machine, problems] : json.items())
    if (processor.empty() || machine.starts_with(processor + ", "))
      cleared += std::ssize(problems);
    else
      kept[machine] = problems;
  if (kept != json) write_file(file, kept.dump(1) + "\n");
  return cleared;
}

}  // namespace inlay
