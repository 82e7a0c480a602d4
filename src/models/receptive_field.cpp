#include "models/receptive_field.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "graph/operator.h"

namespace inlay {
namespace {

/// What one pixel of a value sees along one axis of the input, and how far apart two neighbours look.
struct View {
  double size = 1;
  double step = 1;
};

struct Views {
  View h, w;
};

View through(const View& view, double kernel, double stride, bool everything) {
  if (everything) return {std::numeric_limits<double>::infinity(), view.step};
  return {view.size + (kernel - 1) * view.step, view.step * stride};
}

View larger(const View& a, const View& b) { return {std::max(a.size, b.size), std::max(a.step, b.step)}; }

Window window_of(const Node& node) {
  if (node.op->window == nullptr) return {};
  std::vector<TensorType> types;
  for (const Value& input : node.inputs) types.push_back(input ? input.type() : absent_type());
  return node.op->window(node.attributes, types);
}

}  // namespace

ReceptiveField receptive_field(const Graph& graph) {
  std::vector<std::optional<Views>> views(static_cast<std::size_t>(graph.value_count()));
  const auto view_of = [&](const Value& value) -> auto& { return views[static_cast<std::size_t>(value.id())]; };
  Shape picture;
  for (const Value& leaf : graph.leaves()) {
    if (leaf.leaf()->kind != LeafKind::input || leaf.shape().rank() != 4) continue;
    view_of(leaf) = Views{};
    picture = leaf.shape();
  }
  for (const auto& node : graph.nodes()) {
    std::optional<Views> seen;
    for (std::size_t i = 0; i < node->inputs.size(); ++i) {
      const bool only_shape = (node->op->shape_only_inputs >> i & 1) != 0;
      if (!node->inputs[i] || only_shape || !view_of(node->inputs[i])) continue;
      const Views& view = *view_of(node->inputs[i]);
      seen = seen ? Views{larger(seen->h, view.h), larger(seen->w, view.w)} : view;
    }
    if (!seen) continue;
    const Window window = window_of(*node);
    for (const Value& output : node->outputs)
      view_of(output) = Views{through(seen->h, window.kernel_h, window.stride_h, window.everything),
                              through(seen->w, window.kernel_w, window.stride_w, window.everything)};
  }
  ReceptiveField field;
  for (const GraphOutput& output : graph.outputs()) {
    if (!view_of(output.value)) continue;
    const Views& view = *view_of(output.value);
    field.h = std::max(field.h, std::isinf(view.h.size) ? static_cast<double>(picture[2]) : view.h.size);
    field.w = std::max(field.w, std::isinf(view.w.size) ? static_cast<double>(picture[3]) : view.w.size);
  }
  return field;
}

}  // namespace inlay
