#include "runtime/program/schedule.h"

#include <algorithm>

#include "base/fail.h"
#include "compiler/passes.h"
#include "runtime/cpu/onednn.h"
#include "runtime/cpu/reorder.h"

namespace inlay {
namespace {

class Scheduler {
 public:
  Scheduler(const Graph& graph, const ProgramOptions& options, Tuner* tuner)
      : graph_(graph),
        options_(options),
        tuner_(tuner),
        uses_(use_counts(graph)),
        reads_left_(uses_),
        places_(static_cast<std::size_t>(graph.value_count())) {
    block_ = options.block > 0 ? options.block : onednn::native_block();
  }

  void add_leaves(const Bindings& bindings) {
    for (const Value& leaf : graph_.leaves()) {
      const bool input = leaf.leaf()->kind == LeafKind::input;
      const auto bound = bindings.find(leaf.name());
      if (bound == bindings.end() && !input) fail_input("no tensor is bound to '{}'", leaf.name());
      Tensor tensor = bound == bindings.end() ? Tensor(leaf.type().dtype, leaf.shape()) : bound->second;
      check_binding(leaf.name(), tensor, leaf.type());
      if (input) result_.inputs[leaf.name()] = tensor;
      place(leaf, add_slot({{leaf.type(), 1}, std::move(tensor)}));
    }
  }

  void add_node(const Node& node) {
    const CpuKernel* kernel = find_kernel(node.op->name);
    if (!kernel) fail_input("'{}': the operator {} has no kernel", node.name, node.op->name);
    const LayoutChoice layout = kernel->layout(query(node));
    KernelSpec spec{.attributes = node.attributes,
                    .inputs = {},
                    .outputs = {},
                    .constant = {},
                    .tuner = tuner_,
                    .skip = options_.skip_algorithms};
    Step step{.kernel = nullptr,
              .inputs = {},
              .outputs = {},
              .name = node.name,
              .op = std::string(node.op->name),
              .multiply_adds = 0};
    std::vector<TensorType> in_types, out_types;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      const Value& input = node.inputs[i];
      const bool only_shape = (node.op->shape_only_inputs >> i & 1) != 0;
      const int slot = !input || only_shape ? -1 : slot_in_block(input, layout.inputs[i]);
      step.inputs.push_back(slot);
      spec.inputs.push_back(input ? Buffer{input.type(), layout.inputs[i]} : Buffer{absent_type(), 1});
      const Leaf* leaf = input ? input.leaf() : nullptr;
      spec.constant.push_back(options_.constant_parameters && leaf && leaf->kind != LeafKind::input &&
                              layout.inputs[i] == 1);
      in_types.push_back(spec.inputs.back().type);
    }
    const auto updates = node.op->state ? node.op->state(node.attributes) : std::vector<StateUpdate>();
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const Value& output = node.outputs[i];
      const Buffer buffer{output.type(), layout.outputs[i]};
      int slot = uses_[static_cast<std::size_t>(output.id())] == 0 ? -1 : add_slot({buffer, {}});
      for (const StateUpdate& update : updates)
        if (update.output == static_cast<int>(i)) slot = place_of(node.inputs[static_cast<std::size_t>(update.input)]);
      if (slot >= 0) place(output, slot);
      step.outputs.push_back(slot);
      spec.outputs.push_back(buffer);
      out_types.push_back(output.type());
    }
    if (node.op->multiply_adds) step.multiply_adds = node.op->multiply_adds(node.attributes, in_types, out_types);
    step.kernel = kernel->make(spec);
    if (options_.log && step.kernel->describe() == "reference")
      options_.log(Severity::warning,
                   fmt::format("'{}' ({}) has no fast implementation for its shape", node.name, node.op->name));
    share_buffers(*kernel, node, step);
    count_reads(node);
    add_step(std::move(step));
  }

  void add_outputs(const Bindings& bindings) {
    for (const GraphOutput& output : graph_.outputs()) {
      const auto bound = bindings.find(output.name);
      if (bound == bindings.end())
        keep_output(output);
      else
        bind_output(output, bound->second);
    }
    for (const auto& [name, slot] : result_.kept_outputs) touch(slot, static_cast<int>(result_.steps.size()) - 1);
  }

  Schedule take() { return std::move(result_); }

 private:
  static void check_binding(const std::string& name, const Tensor& tensor, const TensorType& type) {
    if (tensor.type() != type.dtype || !(tensor.shape() == type.shape))
      fail_input("the tensor bound to '{}' is {}, expected {}", name,
                 to_string(TensorType{tensor.type(), tensor.shape()}), to_string(type));
  }

  LayoutQuery query(const Node& node) const {
    LayoutQuery q{node.attributes, {}, {}, block_, options_.skip_algorithms};
    for (const Value& input : node.inputs)
      q.inputs.push_back(
          input ? Buffer{input.type(), result_.slots[static_cast<std::size_t>(place_of(input))].buffer.block}
                : Buffer{absent_type(), 1});
    for (const Value& output : node.outputs) q.outputs.push_back(output.type());
    return q;
  }

  void bind_output(const GraphOutput& output, const Tensor& tensor) {
    check_binding(output.name, tensor, output.value.type());
    result_.outputs[output.name] = tensor;
    const int made = place_of(output.value);
    Slot& slot = result_.slots[static_cast<std::size_t>(made)];
    if (slot.outside.empty() && slot.buffer.block == 1 && slot.alias < 0 && !aliased_[static_cast<std::size_t>(made)]) {
      slot.outside = tensor;
      return;
    }
    add_reorder(made, add_slot({{output.value.type(), 1}, tensor}), output.name);
  }

  /// Plain and in the arena; what lies elsewhere is copied.
  void keep_output(const GraphOutput& output) {
    int slot = place_of(output.value);
    const Slot& made = result_.slots[static_cast<std::size_t>(slot)];
    if (!made.outside.empty() || made.buffer.block != 1) {
      const int target = add_slot({{output.value.type(), 1}, {}});
      add_reorder(slot, target, output.name);
      slot = target;
    }
    result_.kept_outputs[output.name] = slot;
  }

  int add_slot(Slot slot) {
    result_.slots.push_back(std::move(slot));
    aliased_.push_back(false);
    return static_cast<int>(result_.slots.size()) - 1;
  }

  void place(const Value& value, int slot) { places_[static_cast<std::size_t>(value.id())].push_back(slot); }
  int place_of(const Value& value) const { return places_[static_cast<std::size_t>(value.id())].front(); }

  int slot_in_block(const Value& value, int block) {
    for (const int slot : places_[static_cast<std::size_t>(value.id())])
      if (result_.slots[static_cast<std::size_t>(slot)].buffer.block == block) return slot;
    const int slot = add_slot({{value.type(), block}, {}});
    add_reorder(place_of(value), slot, value.name());
    place(value, slot);
    return slot;
  }

  void add_reorder(int from, int to, const std::string& name) {
    const Buffer &a = result_.slots[static_cast<std::size_t>(from)].buffer,
                 &b = result_.slots[static_cast<std::size_t>(to)].buffer;
    add_step({.kernel = make_reorder(a, b),
              .inputs = {from},
              .outputs = {to},
              .name = name,
              .op = "reorder",
              .multiply_adds = 0});
  }

  void add_step(Step step) {
    const int index = static_cast<int>(result_.steps.size());
    for (const auto* slots : {&step.inputs, &step.outputs})
      for (const int slot : *slots) touch(slot, index);
    result_.steps.push_back(std::move(step));
  }

  void touch(int slot, int step) {
    for (; slot >= 0; slot = result_.slots[static_cast<std::size_t>(slot)].alias) {
      Slot& s = result_.slots[static_cast<std::size_t>(slot)];
      if (s.first < 0) s.first = step;
      s.last = step;
    }
  }

  /// Output 0 takes over the buffer of an input that nothing reads later.
  void share_buffers(const CpuKernel& kernel, const Node& node, const Step& step) {
    if (step.outputs[0] < 0) return;
    Slot& out = result_.slots[static_cast<std::size_t>(step.outputs[0])];
    const std::uint32_t mask = kernel.in_place_with ? kernel.in_place_with(node.attributes) : kernel.in_place;
    for (std::size_t i = 0; i < node.inputs.size(); ++i) {
      if ((mask >> i & 1) == 0 || step.inputs[i] < 0 || !last_reader(node, node.inputs[i])) continue;
      if (is_read_otherwise(step, i, mask)) continue;
      const auto at = static_cast<std::size_t>(step.inputs[i]);
      const Slot& in = result_.slots[at];
      if (!in.outside.empty() || !out.outside.empty() || in.buffer.bytes() != out.buffer.bytes()) continue;
      out.alias = step.inputs[i];
      aliased_[at] = true;
      return;
    }
  }

  /// The same slot is an input that the kernel does not go through element by element.
  static bool is_read_otherwise(const Step& step, std::size_t input, std::uint32_t mask) {
    for (std::size_t i = 0; i < step.inputs.size(); ++i)
      if (step.inputs[i] == step.inputs[input] && (mask >> i & 1) == 0) return true;
    return false;
  }

  bool last_reader(const Node& node, const Value& value) const {
    return reads_left_[static_cast<std::size_t>(value.id())] == std::ranges::count(node.inputs, value);
  }

  void count_reads(const Node& node) {
    for (const Value& input : node.inputs)
      if (input) --reads_left_[static_cast<std::size_t>(input.id())];
  }

  const Graph& graph_;
  const ProgramOptions& options_;
  Tuner* tuner_;
  int block_;
  std::vector<int> uses_, reads_left_;
  std::vector<std::vector<int>> places_;  // slots of each value, the first as it was made
  std::vector<bool> aliased_;             // slots whose buffer somebody took over
  Schedule result_;
};

}  // namespace

Schedule make_schedule(const Graph& graph, const Bindings& leaves, const Bindings& outputs,
                       const ProgramOptions& options, Tuner* tuner) {
  Scheduler scheduler(graph, options, tuner);
  scheduler.add_leaves(leaves);
  for (const auto& node : graph.nodes()) scheduler.add_node(*node);
  scheduler.add_outputs(outputs);
  return scheduler.take();
}

}  // namespace inlay
