#include <algorithm>
#include <chrono>
#include <map>
#include <optional>

#include "base/fail.h"
#include "ops/joined.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/tuner.h"

namespace inlay {
namespace {

/// Candidates made ready on memory that they share, to be timed.
class Trial {
 public:
  Trial(const ConvProblem& p, std::span<const ConvCandidate> candidates)
      : x_(pictures(p.x_pictures())),
        y_(bytes(p.y().bytes())),
        pooled_(bytes(p.pooled().bytes())),
        weights_(DType::f32, p.weight_shape()),
        bias_(DType::f32, {p.bias_size()}),
        slopes_(DType::f32, {p.geometry.m}),
        normals_(DType::f32, {p.geometry.c}),
        statistics_(DType::f32, {std::max(p.geometry.m, p.geometry.c)}) {
    for (const ConvCandidate& candidate : candidates) algorithms_.emplace(candidate.name, candidate.make());
    std::size_t scratch = 0;
    for (const auto& [name, algorithm] : algorithms_) scratch = std::max(scratch, algorithm->scratch_bytes());
    scratch_ = bytes(scratch);
    std::vector<std::byte*> x;
    for (Tensor& part : x_) x.push_back(part.raw());
    for (const auto& [name, algorithm] : algorithms_) {
      const std::size_t normals = Sources::kNormalInputs * (p.norm_sums ? 1 : p.normalised.size());
      algorithm->bind({.x = x,
                       .y = y_.raw(),
                       .weights = weights_.raw(),
                       .bias = p.bias ? bias_.raw() : nullptr,
                       .scratch = scratch_.raw(),
                       .other = p.add         ? y_.raw()
                                : p.norm_sums ? x[0]
                                              : nullptr,
                       .slopes = p.activation == Activation::prelu ? slopes_.raw() : nullptr,
                       .normals = std::vector(normals, normals_.raw()),
                       .pooled = pooled_.raw(),
                       .mean = statistics_.raw(),
                       .variance = statistics_.raw(),
                       .dscale = statistics_.raw(),
                       .dshift = statistics_.raw()});
      algorithm->run();  // warm
    }
  }

  double seconds(const std::string& name) const {
    const auto start = std::chrono::steady_clock::now();
    algorithms_.find(name)->second->run();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }

 private:
  static Tensor bytes(std::size_t count) { return {DType::u8, {static_cast<std::int64_t>(count)}}; }

  static std::vector<Tensor> pictures(std::span<const Buffer> buffers) {
    std::vector<Tensor> result;
    for (const Buffer& buffer : buffers) result.push_back(bytes(buffer.bytes()));
    return result;
  }

  std::vector<Tensor> x_;
  Tensor y_, pooled_, weights_, bias_, slopes_, normals_, statistics_, scratch_;
  std::map<std::string, std::unique_ptr<ConvAlgorithm>, std::less<>> algorithms_;
};

/// Our own products label as they go; the labels of all others come after.
std::vector<ConvCandidate> labelling_candidates(const ConvProblem& problem) {
  std::vector<ConvCandidate> all = patch_candidates(problem);
  ConvProblem logits = problem;
  logits.labels = false;
  for (const auto& found : {bf16x3_candidates(logits), winograd_candidates(logits), onednn_candidates(logits)})
    for (const ConvCandidate& one : found)
      all.push_back({one.name, [=] { return make_labelled(problem, one.make()); }});
  return all;
}

std::vector<ConvCandidate> candidates_of(const ConvProblem& problem) {
  if (problem.labels) return labelling_candidates(problem);
  ConvProblem one_size = problem;  // pictures as they are read
  one_size.up_sampled.clear();
  if (!problem.up_sampled.empty()) one_size.normalised.clear();
  ConvProblem whole = one_size;
  whole.x_parts.clear();
  whole.normalised.clear();
  whole.statistics = whole.norm_sums = whole.max_pool = false;
  std::vector<ConvCandidate> all;
  /// Of `found`, which do a part of the problem; the rest is done before and after.
  const auto add = [&](const std::vector<ConvCandidate>& found, const ConvProblem& part) {
    for (const ConvCandidate& one : found)
      all.push_back({one.name, [=] {
                       std::unique_ptr<ConvAlgorithm> made = one.make();
                       if (part.x_parts != problem.x_parts) made = make_joined(one_size, std::move(made));
                       if (part.up_sampled != problem.up_sampled) made = make_up_sampled(problem, std::move(made));
                       if (part.normalised != problem.normalised) made = make_normalised(problem, std::move(made));
                       if (part.statistics != problem.statistics) made = make_measured(problem, std::move(made));
                       if (part.max_pool != problem.max_pool) made = make_pooled(problem, std::move(made));
                       if (part.norm_sums != problem.norm_sums) made = make_norm_summed(problem, std::move(made));
                       return made;
                     }});
  };
  add(bf16x3_candidates(one_size), one_size);
  add(winograd_candidates(problem), problem);
  ConvProblem first_layer = whole;
  first_layer.statistics = problem.statistics;
  first_layer.max_pool = problem.max_pool;
  add(few_channels_candidates(first_layer), first_layer);
  add(patch_candidates(whole), whole);
  add(onednn_candidates(whole), whole);
  return all;
}

std::vector<ConvCandidate> candidates(const ConvProblem& problem, std::span<const std::string> skip) {
  const std::vector<ConvCandidate> all = candidates_of(problem);
  if (all.empty()) fail("there is no convolution for {}", problem.describe());
  std::vector<ConvCandidate> wanted;
  std::ranges::copy_if(all, std::back_inserter(wanted),
                       [&](const ConvCandidate& c) { return !std::ranges::count(skip, c.name); });
  if (wanted.empty()) wanted = all;
  // oneDNN's loops take minutes where its other code does not do a problem: not even to be timed.
  if (wanted.size() > 1) std::erase_if(wanted, [](const ConvCandidate& c) { return c.name == "reference"; });
  return wanted;
}

std::string time_choice(const ConvProblem& problem, std::span<const ConvCandidate> found, const KernelSpec& spec) {
  const ConvProblem timed = problem.to_time();
  const std::vector<ConvCandidate> trials = candidates(timed, spec.skip);
  std::vector<std::string> names;
  for (const ConvCandidate& candidate : found)
    if (std::ranges::count(trials, candidate.name, &ConvCandidate::name)) names.emplace_back(candidate.name);
  if (names.empty()) return std::string(found[0].name);
  std::optional<Trial> trial;
  return spec.tuner->choose(timed.describe(), names, [&](const std::string& name) {
    if (!trial) trial.emplace(timed, trials);
    return trial->seconds(name);
  });
}

}  // namespace

ChosenConv choose_conv(const ConvProblem& problem, const KernelSpec& spec) {
  constexpr std::int64_t kWorthTiming = 10'000'000;  // multiply-adds; below it, timings are noise
  const std::vector<ConvCandidate> found = candidates(problem, spec.skip);
  const auto make = [&](std::string_view name) { return std::ranges::find(found, name, &ConvCandidate::name)->make(); };
  const bool worth_timing = problem.geometry.multiply_adds() >= kWorthTiming;
  const std::string best = spec.tuner && worth_timing ? time_choice(problem, found, spec) : std::string(found[0].name);
  return {best, make(best)};
}

}  // namespace inlay
