#include "bench_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/grouped.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

/// What was done in a time, against what can be done.
struct Rate {
  double seconds, least_seconds, multiply_adds, bytes;

  double gflops() const { return 2e-9 * multiply_adds / std::max(seconds, 1e-12); }
  double gigabytes() const { return 1e-9 * bytes / std::max(seconds, 1e-12); }
  double roof() const { return least_seconds / std::max(seconds, 1e-12); }
};

Rate rate(const inlay::StepProfile& step, const inlay::Peak& peak) {
  return {step.seconds, inlay::least_seconds(peak, step.multiply_adds, step.bytes),
          static_cast<double>(step.multiply_adds), static_cast<double>(step.bytes)};
}

Rate rate(const wf::OperatorProfile& sum) {
  return {sum.seconds, sum.least_seconds, static_cast<double>(sum.multiply_adds), static_cast<double>(sum.bytes)};
}

constexpr const char* kNumberHeads = "     ms  share GFLOP/s   GB/s  roof";

std::string numbers(const Rate& rate, double total) {
  return fmt::format("{:>7.{}f} {:>5.1f}% {:>7.0f} {:>6.1f} {:>4.0f}%", rate.seconds * 1e3, rate.seconds < 1 ? 3 : 1,
                     100 * rate.seconds / std::max(total, 1e-12), rate.gflops(), rate.gigabytes(), 100 * rate.roof());
}

std::string seconds_text(double seconds) {
  return seconds < 1 ? fmt::format("{:.2f} ms", 1e3 * seconds) : fmt::format("{:.2f} s", seconds);
}

std::string_view parent(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return name.substr(0, slash == std::string_view::npos ? 0 : slash);
}

/// Of "merge/16/a/conv2d/gradient/conv2d_weight_grad", a conv2d_weight_grad: "merge/16/a".
std::string_view place(std::string_view name, std::string_view op) {
  const std::string_view above = parent(name);
  if (!name.substr(above.empty() ? 0 : above.size() + 1).starts_with(op)) return name;
  return above.ends_with("/gradient") ? parent(parent(above)) : above;
}

/// The operator and where it is, of which the end says more than the start.
std::string step_text(const inlay::StepProfile& step, std::size_t room) {
  const std::string_view where = place(step.name, step.op);
  const std::size_t left = room - std::min(room, step.op.size() + 1);
  if (where.size() <= left) return fmt::format("{} {}", step.op, where);
  return left < 2 ? step.op : fmt::format("{} …{}", step.op, where.substr(where.size() - (left - 1)));
}

void print_steps(const wf::BenchResult& result, double total) {
  constexpr std::string_view kHead = "algorithm";
  std::size_t algorithm = kHead.size();
  for (const inlay::StepProfile& step : result.profile) algorithm = std::max(algorithm, step.algorithm.size());
  const std::size_t room = 80 - std::string_view(kNumberHeads).size() - 3 - algorithm;
  fmt::print("\n{}  {:<{}} {}\n", kNumberHeads, kHead, algorithm, "step");
  for (const inlay::StepProfile& step : result.profile)
    fmt::print("{}  {:<{}} {}\n", numbers(rate(step, result.peak), total), step.algorithm, algorithm,
               step_text(step, room));
}

}  // namespace

void print_result(const std::string& what, const wf::BenchResult& result) {
  std::string algorithms;
  for (const auto& [name, count] : result.algorithms)
    algorithms += fmt::format("{}{} {}", algorithms.empty() ? "" : ", ", count, name);
  fmt::print("{}, {} threads, {} runs\n", what, result.threads, result.runs);
  fmt::print("time          {:.2f} ms (median), {:.2f} ms (best)\n", result.median_ms, result.min_ms);
  fmt::print("images/s      {:.1f}\n", result.images_per_s);
  fmt::print("GFLOP/s       {:.0f} effective ({:.3g} billion multiply-adds)\n", result.gflops,
             static_cast<double>(result.multiply_adds) / 1e9);
  fmt::print("memory        {:.0f} MB at most, {:.0f} MB of it intermediate results\n", result.peak_rss_mb,
             result.arena_mb);
  fmt::print("convolutions  {}\n", algorithms.empty() ? "-" : algorithms);
}

void print_profile(const wf::BenchResult& result) {
  double total = 0;
  for (const inlay::StepProfile& step : result.profile) total += step.seconds;
  fmt::print("peaks         {:.0f} GFLOP/s of multiply-adds, {:.0f} GB/s of copies; roof: the least\n",
             2e-9 * result.peak.multiply_adds_per_s, 1e-9 * result.peak.bytes_per_s);
  fmt::print("              time that they allow, as a share of the time taken\n");
  fmt::print("\n{}  {:>5} {}\n", kNumberHeads, "steps", "operator");
  for (const wf::OperatorProfile& sum : result.operators)
    fmt::print("{}  {:>5} {}\n", numbers(rate(sum), total), sum.steps, sum.op);
  print_steps(result, total);
}

void print_scaling(const std::string& what, std::span<const wf::BenchResult> results) {
  fmt::print("{}\n\n{:>7} {:>10} {:>10} {:>8} {:>8} {:>10}\n", what, "threads", "ms", "images/s", "GFLOP/s", "faster",
             "efficiency");
  for (const wf::BenchResult& result : results) {
    const double faster = results.front().median_ms / result.median_ms;
    fmt::print("{:>7} {:>10.2f} {:>10.1f} {:>8.0f} {:>7.2f}x {:>9.0f}%\n", result.threads, result.median_ms,
               result.images_per_s, result.gflops, faster, 100 * faster / result.threads);
  }
}

void print_sharing(const std::string& what, const wf::SharingResult& result) {
  fmt::print("{}, {} threads\n", what, result.threads);
  fmt::print("one by one    {} for {} patches of {}x{}, by the median of runs\n", seconds_text(result.patch_s),
             inlay::grouped(result.patches), result.patch, result.patch);
  fmt::print("              of {}\n", result.patches_at_once);
  fmt::print("all at once   {} for one pass over {}x{}\n", seconds_text(result.dense_s), result.height, result.width);
  fmt::print("shared        {:.1f} times as fast, {:.1f} times fewer multiply-adds\n", result.patch_s / result.dense_s,
             static_cast<double>(result.patch_multiply_adds) / static_cast<double>(result.dense_multiply_adds));
  fmt::print("difference    {:.1g} of the largest score\n", result.difference);
}

void add_json(Json& json, const wf::SharingResult& result) {
  json.update({{"patches", result.patches},
               {"patch_s", result.patch_s},
               {"dense_s", result.dense_s},
               {"faster", result.patch_s / result.dense_s},
               {"patch_multiply_adds", result.patch_multiply_adds},
               {"dense_multiply_adds", result.dense_multiply_adds},
               {"difference", result.difference},
               {"threads", result.threads}});
}

void add_json(Json& json, const wf::BenchResult& result) {
  json.update({{"median_ms", result.median_ms},
               {"min_ms", result.min_ms},
               {"images_per_s", result.images_per_s},
               {"gflops", result.gflops},
               {"multiply_adds", result.multiply_adds},
               {"peak_rss_mb", result.peak_rss_mb},
               {"arena_mb", result.arena_mb},
               {"packed_mb", result.packed_mb},
               {"threads", result.threads},
               {"runs", result.runs},
               {"algorithms", Json::object()}});
  for (const auto& [name, count] : result.algorithms) json["algorithms"][name] = count;
  if (!result.profile.empty())
    json.update(
        {{"peak_gflops", 2e-9 * result.peak.multiply_adds_per_s}, {"peak_gbytes", 1e-9 * result.peak.bytes_per_s}});
  const auto add_rate = [](Json entry, const Rate& rate) {
    entry.update({{"ms", rate.seconds * 1e3},
                  {"multiply_adds", static_cast<std::int64_t>(rate.multiply_adds)},
                  {"bytes", static_cast<std::int64_t>(rate.bytes)},
                  {"roof", rate.roof()}});
    return entry;
  };
  for (const wf::OperatorProfile& sum : result.operators)
    json["operators"].push_back(add_rate({{"op", sum.op}, {"steps", sum.steps}}, rate(sum)));
  for (const inlay::StepProfile& step : result.profile)
    json["profile"].push_back(
        add_rate({{"name", step.name}, {"op", step.op}, {"algorithm", step.algorithm}}, rate(step, result.peak)));
  if (!result.graph.empty()) json["graph"] = result.graph;
}
