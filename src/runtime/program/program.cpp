#include "inlay/program.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <optional>

#include "base/fail.h"
#include "base/huge_pages.h"
#include "base/threads.h"
#include "compiler/memory_plan.h"
#include "compiler/passes.h"
#include "runtime/cpu/onednn.h"
#include "runtime/cpu/tuner.h"
#include "runtime/program/schedule.h"

namespace inlay {
namespace {

/// Memory of all intermediate results, zeros; touched once so that no run pays for page faults.
class Arena {
 public:
  explicit Arena(std::size_t bytes) : bytes_((bytes + kHugePage - 1) / kHugePage * kHugePage) {
    if (bytes_ == 0) return;
    memory_ = map_huge_pages(bytes_);
    if (!memory_) fail("out of memory: the intermediate results need {} MB; try a smaller batch or size", bytes_ >> 20);
    parallel_ranges(static_cast<std::int64_t>(bytes_ / kPage), [&](std::int64_t begin, std::int64_t end) {
      for (auto page = static_cast<std::size_t>(begin); page < static_cast<std::size_t>(end); ++page)
        memory_[static_cast<std::ptrdiff_t>(page * kPage)] = std::byte{0};
    });
  }
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;
  std::byte* at(std::size_t offset) const { return memory_.get() + offset; }
  /// Keeps the arena's memory.
  Tensor view(std::byte* begin, const TensorType& type) const {
    return Tensor::over({memory_, begin}, type.dtype, type.shape);
  }
  std::size_t bytes() const { return bytes_; }

 private:
  static constexpr std::size_t kPage = std::size_t{1} << 12;
  std::size_t bytes_;
  std::shared_ptr<std::byte[]> memory_;
};

void check_algorithms(std::span<const std::string> names) {
  const std::vector<std::string> known = list_algorithms();
  for (const std::string& name : names)
    if (!std::ranges::count(known, name))
      fail_input("there is no convolution algorithm '{}'; the algorithms are: {}", name, fmt::join(known, ", "));
}

void check_processor() {
#if defined(__x86_64__)
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
    fail("this processor has no AVX2 and FMA instructions, which Inlay's kernels need");
#endif
}

/// Whether remembered positions decide where values go. A position moves by a pixel where two differ by less than
/// rounding does, so such nets are labelled by the algorithms that round least.
bool unpools(const Graph& graph) {
  return std::ranges::any_of(graph.nodes(), [](const auto& node) { return node->op->name == "max_unpool2d"; });
}

}  // namespace

std::vector<std::string> list_algorithms() {
  return {"bf16x3", "winograd", "winograd_6x6",    "few_channels", "patches",
          "direct", "gemm",     "onednn_winograd", "reference"};
}

MemoryUse parse_memory_use(std::string_view text) {
  if (text != "usual" && text != "low") fail_input("memory is '{}'; expected usual or low", text);
  return text == "low" ? MemoryUse::low : MemoryUse::usual;
}

struct Program::Body {
  Body(const Graph& source, Bindings leaves, const Bindings& bound_outputs, const ProgramOptions& given)
      : options(given) {
    check_algorithms(options.skip_algorithms);
    if (options.constant_parameters && unpools(source)) options.skip_algorithms.emplace_back("bf16x3");
    make_steps(source, std::move(leaves), bound_outputs);
    place();
  }

  void make_steps(const Graph& source, Bindings bound, const Bindings& bound_outputs) {
    Constants constants;
    if (options.constant_parameters)
      for (const auto& [name, tensor] : bound)
        if (const Value leaf = source.find_leaf(name); leaf && leaf.leaf()->kind != LeafKind::input)
          constants[name] = tensor;
    std::vector<std::string> skip = options.skip_passes;
    if (options.memory != MemoryUse::low) skip.emplace_back(kRecomputeUpSampling.name);
    graph = run_passes(source, constants, skip);
    for (const auto& [name, tensor] : constants) bound[name] = tensor;
    std::optional<Tuner> tuner;
    if (options.tune && tuning_allowed()) tuner.emplace(tuning_file());
    schedule = make_schedule(graph, bound, bound_outputs, options, tuner ? &*tuner : nullptr);
  }

  /// Plans the arena and tells every kernel its addresses.
  void place() {
    std::vector<Lifetime> lifetimes;
    std::vector<int> planned(schedule.slots.size(), -1);
    for (std::size_t i = 0; i < schedule.slots.size(); ++i) {
      const Slot& slot = schedule.slots[i];
      if (!slot.outside.empty() || slot.alias >= 0 || slot.first < 0) continue;
      planned[i] = static_cast<int>(lifetimes.size());
      lifetimes.push_back({slot.buffer.bytes(), slot.first, slot.last});
    }
    const std::size_t first_scratch = lifetimes.size();
    for (std::size_t i = 0; i < schedule.steps.size(); ++i)
      lifetimes.push_back({schedule.steps[i].kernel->scratch_bytes(), static_cast<int>(i), static_cast<int>(i)});
    const MemoryPlan plan = plan_memory(lifetimes);
    arena = std::make_unique<Arena>(plan.bytes);

    const auto address = [&](int slot) -> std::byte* {
      if (slot < 0) return nullptr;
      while (schedule.slots[static_cast<std::size_t>(slot)].alias >= 0)
        slot = schedule.slots[static_cast<std::size_t>(slot)].alias;
      Slot& root = schedule.slots[static_cast<std::size_t>(slot)];
      if (!root.outside.empty()) return root.outside.raw();
      return arena->at(plan.offsets[static_cast<std::size_t>(planned[static_cast<std::size_t>(slot)])]);
    };
    for (const auto& [name, slot] : schedule.kept_outputs)
      schedule.outputs[name] = arena->view(address(slot), schedule.slots[static_cast<std::size_t>(slot)].buffer.type);
    std::vector<int> uses = slot_uses();
    for (std::size_t i = 0; i < schedule.steps.size(); ++i) {
      Step& step = schedule.steps[i];
      Pointers pointers;
      for (const int slot : step.inputs) pointers.inputs.push_back(address(slot));
      for (const int slot : step.outputs) pointers.outputs.push_back(address(slot));
      pointers.scratch = arena->at(plan.offsets[first_scratch + i]);
      step.kernel->bind(pointers);
      drop_packed(step, uses);
    }
  }

  /// How many steps have yet to see each slot; those that a run reads or writes count once more, for ever.
  std::vector<int> slot_uses() const {
    std::vector<int> uses(schedule.slots.size(), 0);
    for (const Step& step : schedule.steps) {
      for (std::size_t i = 0; i < step.inputs.size(); ++i)
        if (step.inputs[i] >= 0) uses[static_cast<std::size_t>(step.inputs[i])] += step.kernel->reads(i) ? 2 : 1;
      for (const int slot : step.outputs)
        if (slot >= 0) ++uses[static_cast<std::size_t>(slot)];
    }
    return uses;
  }

  /// Lets go of what this step has packed and nothing reads any more.
  void drop_packed(const Step& step, std::vector<int>& uses) {
    for (const int slot : step.inputs)
      if (slot >= 0 && --uses[static_cast<std::size_t>(slot)] == 0)
        schedule.slots[static_cast<std::size_t>(slot)].outside = {};
  }

  std::int64_t bytes_moved(const Step& step) const {
    std::size_t bytes = 0;
    const auto add = [&](int slot) {
      if (slot >= 0) bytes += schedule.slots[static_cast<std::size_t>(slot)].buffer.bytes();
    };
    for (std::size_t i = 0; i < step.inputs.size(); ++i)
      if (step.kernel->reads(i)) add(step.inputs[i]);
    for (const int slot : step.outputs) add(slot);
    return static_cast<std::int64_t>(bytes);
  }

  ProgramOptions options;
  Graph graph;
  Schedule schedule;
  std::unique_ptr<Arena> arena;
};

int channel_block() { return onednn::native_block(); }

std::vector<PassInfo> list_passes() {
  std::vector<PassInfo> list;
  for (const Pass* pass : passes()) list.push_back({std::string(pass->name), std::string(pass->equation)});
  return list;
}

Program::Program(const Graph& graph, Bindings leaves, const Bindings& outputs, const ProgramOptions& options) {
  check_processor();
  const ThreadScope threads(options.threads);
  body_ = std::make_unique<Body>(graph, std::move(leaves), outputs, options);
}

Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

Tensor Program::input(std::string_view name) const {
  const auto found = body_->schedule.inputs.find(name);
  if (found == body_->schedule.inputs.end()) fail_input("the program has no input '{}'", name);
  return found->second;
}

Tensor Program::output(std::string_view name) const {
  const auto found = body_->schedule.outputs.find(name);
  if (found == body_->schedule.outputs.end()) fail_input("the program has no output '{}'", name);
  return found->second;
}

void Program::run(std::uint64_t seed) {
  const ThreadScope threads(body_->options.threads);
  for (const Step& step : body_->schedule.steps) step.kernel->run(seed);
}

std::size_t Program::arena_bytes() const { return body_->arena->bytes(); }

std::size_t Program::packed_bytes() const {
  std::size_t bytes = 0;
  for (const Step& step : body_->schedule.steps) bytes += step.kernel->packed_bytes();
  return bytes;
}

std::map<std::string, int> Program::algorithms() const {
  std::map<std::string, int> counts;
  for (const Step& step : body_->schedule.steps)
    if (const std::string name = step.kernel->describe(); !name.empty()) ++counts[name];
  return counts;
}

std::string Program::dump() const { return to_string(body_->graph); }

std::vector<StepProfile> Program::profile(int runs, std::uint64_t seed) {
  const ThreadScope threads(body_->options.threads);
  std::vector<StepProfile> profile;
  for (const Step& step : body_->schedule.steps)
    profile.push_back(
        {step.name, step.op, step.kernel->describe(), 0, step.multiply_adds, body_->bytes_moved(step), {}});
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration duration) { return std::chrono::duration<double>(duration).count(); };
  for (StepProfile& step : profile) step.runs.reserve(static_cast<std::size_t>(runs));
  const auto first = Clock::now();
  for (int run = 0; run < runs; ++run) {
    for (std::size_t i = 0; i < profile.size(); ++i) {
      const auto start = Clock::now();
      body_->schedule.steps[i].kernel->run(seed);
      profile[i].runs.push_back({seconds(start - first), seconds(Clock::now() - start)});
      profile[i].seconds += profile[i].runs.back().seconds;
    }
  }
  return profile;
}

}  // namespace inlay
