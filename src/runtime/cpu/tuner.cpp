#include "runtime/cpu/tuner.h"

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

std::string machine_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  return "unknown processor";
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
    : file_(std::move(file)), machine_(fmt::format("{}, {} threads", machine_name(), thread_count())) {
  const auto json = read_json(file_);
  if (!json.contains(machine_) || !json[machine_].is_object()) return;
  for (const auto& [problem, algorithm] : json[machine_].items())
    if (algorithm.is_string()) known_[problem] = algorithm;
}

Tuner::~Tuner() { save(); }

std::string Tuner::choose(const std::string& problem, std::span<const std::string> candidates,
                          const std::function<double(const std::string&)>& time) {
  if (candidates.size() == 1) return candidates[0];
  if (const auto found = known_.find(problem); found != known_.end())
    for (const std::string& candidate : candidates)
      if (candidate == found->second) return candidate;
  std::string best;
  double best_time = 0;
  for (const std::string& candidate : candidates) {
    const double seconds = time(candidate);
    if (best.empty() || seconds < best_time) {
      best = candidate;
      best_time = seconds;
    }
  }
  known_[problem] = learnt_[problem] = best;
  return best;
}

void Tuner::save() {
  if (learnt_.empty() || file_.empty()) return;
  auto json = read_json(file_);
  auto& known = json[machine_];
  if (!known.is_object()) known = nlohmann::json::object();
  for (const auto& [problem, algorithm] : learnt_) known[problem] = algorithm;
  learnt_.clear();
  try {
    write_file(file_, json.dump(1) + "\n");
  } catch (const Error&) {
    // A read-only home only costs the next start its timings.
  }
}

}  // namespace inlay
