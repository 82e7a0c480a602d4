#include "compiler/autodiff.h"

#include "base/fail.h"
#include "graph/operator.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

std::size_t index(const Value& value) { return static_cast<std::size_t>(value.id()); }

/// One flag a value: does it depend on one of `wrt`?
std::vector<bool> depends_on(const Graph& graph, std::span<const Value> wrt) {
  std::vector<bool> depends(static_cast<std::size_t>(graph.value_count()), false);
  for (const Value& x : wrt) depends[index(x)] = true;
  for (const auto& node : graph.nodes()) {
    bool any = false;
    for (std::size_t i = 0; i < node->inputs.size(); ++i) {
      const bool only_shape = (node->op->shape_only_inputs >> i & 1) != 0;
      any |= node->inputs[i] && !only_shape && depends[index(node->inputs[i])];
    }
    for (const Value& output : node->outputs)
      if (any && output.type().dtype == DType::f32) depends[index(output)] = true;
  }
  return depends;
}

void accumulate(std::vector<Value>& sums, const Value& x, const Value& gradient) {
  if (!(gradient.type() == x.type()))
    throw std::logic_error(fmt::format("the gradient of {} is {}, expected {}", x.name(), to_string(gradient.type()),
                                       to_string(x.type())));
  Value& sum = sums[index(x)];
  sum = sum ? add(sum, gradient) : gradient;
}

}  // namespace

std::vector<Value> gradients(Value y, Value dy, std::span<const Value> wrt) {
  Graph graph = y.graph();
  const std::vector<bool> wanted = depends_on(graph, wrt);
  const std::size_t forward_nodes = graph.nodes().size();
  std::vector<Value> sums(static_cast<std::size_t>(graph.value_count()));
  const std::string scope = graph.scope();
  sums[index(y)] = dy;
  for (std::size_t i = forward_nodes; i-- > 0;) {
    const Node& node = *graph.nodes()[i];
    std::vector<Value> output_gradients;
    bool reached = false;
    for (const Value& output : node.outputs) {
      output_gradients.push_back(wanted[index(output)] ? sums[index(output)] : Value());
      reached |= static_cast<bool>(output_gradients.back());
    }
    if (!reached) continue;
    if (node.op->gradient == nullptr) fail_input("'{}': the operator {} has no gradient", node.name, node.op->name);
    graph.set_scope(node.name + "/gradient");
    const auto input_gradients = node.op->gradient({node, output_gradients});
    for (std::size_t k = 0; k < node.inputs.size() && k < input_gradients.size(); ++k)
      if (input_gradients[k] && node.inputs[k] && wanted[index(node.inputs[k])])
        accumulate(sums, node.inputs[k], input_gradients[k]);
  }
  graph.set_scope(scope);
  std::vector<Value> result;
  for (const Value& x : wrt) result.push_back(sums[index(x)]);
  return result;
}

std::vector<Value> gradients(Value y, std::span<const Value> wrt) {
  if (y.shape().elements() != 1) fail_input("only a scalar has gradients, got {}", to_string(y.type()));
  return gradients(y, fill(y.graph(), y.shape(), 1.0), wrt);
}

}  // namespace inlay
