#include <unordered_set>

#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "ops/conv2d_inputs.h"
#include "ops/operators.h"
#include "ops/resample.h"

namespace inlay {
namespace {

/// nearest or bilinear where this is a picture resized by two, at half_pixel positions or what comes to the same.
std::optional<Interpolation> up_sampling_by_two(const Value& y) {
  const Node* node = y.node();
  if (!node || (node->op != &kResize2d && node->op != &kResize2dLike)) return std::nullopt;
  const auto o = from_attributes<Resize2dOptions>(node->attributes);
  const Shape &from = node->inputs[0].shape(), &to = y.shape();
  if (o.mode == Interpolation::bicubic || to[2] != 2 * from[2] || to[3] != 2 * from[3]) return std::nullopt;
  const ResizeGeometry g = resize_geometry(from, to, o),
                       twice = resize_geometry(from, to, {.scale = 2, .mode = o.mode});
  if (g.rows != twice.rows || g.columns != twice.columns) return std::nullopt;
  return o.mode;
}

template <class Options>
bool reads_tiles(const Options& o, Size2 kernel) {
  return goes_by_tiles(kernel, o.stride, o.groups) && o.dilation == Size2(1);
}

/// Sources that the operator can read up-sampled, all in one way.
struct Reads {
  std::vector<std::int64_t> sources;
  Interpolation how = Interpolation::nearest;

  Reads(const Node& node, const Sources& of) {
    for (std::int64_t i = 0; of.input(i) < node.inputs.size(); ++i) {
      const auto found = up_sampling_by_two(node.inputs[of.input(i)]);
      if (!found || (!sources.empty() && *found != how)) continue;
      sources.push_back(i);
      how = *found;
    }
  }
};

/// Calls body(options, sources) for the convolutions, and their gradients to the weights, that read tile by tile.
template <class Body>
void if_reader(const Node& node, Body&& body) {
  if (node.op == &kConv2d) {
    const auto o = from_attributes<Conv2dOptions>(node.attributes);
    const Shape& w = node.inputs[1].shape();
    if (reads_tiles(o, {w[2], w[3]})) body(o, Conv2dInputs(o).sources);
  } else if (node.op == &kConv2dWeightGrad) {
    const auto o = from_attributes<Conv2dWeightGradOptions>(node.attributes);
    if (reads_tiles(o, o.kernel)) body(o, weight_grad_sources(o));
  }
}

/// Up-sampled pictures, by Value::id(), that nobody else reads: they need not be written.
std::unordered_set<int> not_to_be_written(const Graph& graph) {
  std::vector<int> others = use_counts(graph);
  std::unordered_set<int> found;
  for (const auto& node : graph.nodes())
    if_reader(*node, [&](const auto&, const Sources& of) {
      for (const std::int64_t source : Reads(*node, of).sources) {
        const int id = node->inputs[of.input(source)].id();
        found.insert(id);
        --others[static_cast<std::size_t>(id)];
      }
    });
  std::erase_if(found, [&](int id) { return others[static_cast<std::size_t>(id)] > 0; });
  return found;
}

Graph run(const Graph& graph, Constants&) {
  const std::unordered_set<int> up_sampled = not_to_be_written(graph);
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    std::optional<std::vector<Value>> result;
    if_reader(node, [&](auto o, const Sources& of) {
      std::vector<Value> fused(inputs.begin(), inputs.end());
      const Reads reads(node, of);
      for (const std::int64_t source : reads.sources) {
        Value& input = fused[of.input(source)];
        if (!up_sampled.contains(node.inputs[of.input(source)].id())) continue;
        input = input.node()->inputs[0];
        o.up_sampled.push_back(source);
        o.up_sampling = reads.how;
      }
      if (!o.up_sampled.empty()) result = target.add_node(*node.op, to_attributes(o), std::move(fused));
    });
    return result;
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseUpSampling{
    "fuse_up_sampling",
    "conv2d(y, w) => conv2d(x, w){up_sampled}, the same for conv2d_weight_grad, for y of resize2d(x) by two, nearest "
    "or bilinear, that nothing else reads; convolutions of 3x3 and larger, of stride 1, without dilation",
    run};

}  // namespace inlay
