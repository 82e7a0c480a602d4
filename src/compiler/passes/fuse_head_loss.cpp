#include <map>

#include "compiler/normalised.h"
#include "compiler/passes.h"
#include "graph/options.h"
#include "graph/rewrite.h"
#include "inlay/options.h"
#include "ops/conv_loss_with_grad.h"
#include "ops/operators.h"

namespace inlay {
namespace {

/// Rows of that many channels fit into the caches.
constexpr std::int64_t kMostChannels = 512;

const Operator* fused(const Node& loss) {
  if (loss.op == &kCrossEntropyWithGrad) return &kConv2dCrossEntropyWithGrad;
  return loss.op == &kBinaryCrossEntropyWithGrad ? &kConv2dBinaryCrossEntropyWithGrad : nullptr;
}

/// The 1x1 convolution whose result only this loss reads; null when there is none.
const Node* head_of(const Node& loss, const std::vector<int>& uses) {
  const Value logits = loss.inputs[0];
  const Node* conv = logits.node();
  if (!conv || conv->op != &kConv2d || conv->inputs.size() != 3 || uses[static_cast<std::size_t>(logits.id())] != 1)
    return nullptr;
  const Shape& w = conv->inputs[1].shape();
  const bool plain = conv->attributes == to_attributes(Conv2dOptions{}) && w[2] == 1 && w[3] == 1;
  return plain && w[1] <= kMostChannels ? conv : nullptr;
}

/// What reads the gradient of the logits.
struct Readers {
  const Node *data = nullptr, *weights = nullptr;
};

bool reads_data(const Node& node, const Node& head, const Value& dy) {
  return node.op == &kConvTranspose2d && node.attributes == to_attributes(ConvTranspose2dOptions{}) &&
         node.inputs[0] == dy && node.inputs[1] == head.inputs[1] && !node.inputs[2];
}

bool reads_weights(const Node& node, const Node& head, const Value& dy) {
  return node.op == &kConv2dWeightGrad && node.inputs.size() == 2 && node.inputs[0] == head.inputs[0] &&
         node.inputs[1] == dy;
}

/// Losses with the readers of their gradients, where those are the head's own gradients and nothing else.
std::map<const Node*, Readers> heads(const Graph& graph) {
  const std::vector<int> uses = use_counts(graph);
  std::map<const Node*, Readers> found;
  for (const auto& node : graph.nodes())
    if (fused(*node) && head_of(*node, uses)) found[node.get()];
  for (const auto& node : graph.nodes())
    for (const Value& input : node->inputs) {
      const auto loss = input ? found.find(input.node()) : found.end();
      if (loss == found.end() || input.output() != 0) continue;
      const Node& head = *loss->first->inputs[0].node();
      if (reads_data(*node, head, input)) loss->second.data = node.get();
      if (reads_weights(*node, head, input)) loss->second.weights = node.get();
    }
  std::erase_if(found, [&](const auto& loss) {
    const auto& [data, weights] = loss.second;
    return !weights || uses[static_cast<std::size_t>(loss.first->outputs[0].id())] != (data ? 2 : 1);
  });
  return found;
}

std::vector<Value> fuse(const Node& loss, const Node& head, std::span<const Value> inputs, Graph& target) {
  const auto o = from_attributes<LossWithGradOptions>(loss.attributes);
  ConvLossWithGradOptions options{.dy = o.dy, .ignore = o.ignore, .normalised = {}};
  std::vector<Value> all = head.inputs;
  all.insert(all.end(), inputs.begin() + 1, inputs.end());
  if (is_normalised(all[0])) {
    const Node& norm = *all[0].node();
    options.normalised = {0};
    const std::vector<Value> normal = normal_inputs(norm);
    all[0] = norm.inputs[0];
    all.insert(all.end(), normal.begin(), normal.end());
  }
  return target.add_node(*fused(loss), to_attributes(options), all);
}

Graph run(const Graph& graph, Constants&) {
  using Out = ConvLossOutputs;
  const std::map<const Node*, Readers> losses = heads(graph);
  std::map<const Node*, std::vector<Value>> gradients;  // what takes the place of these nodes' outputs
  const auto rule = [&](const Node& node, std::span<const Value> inputs,
                        Graph& target) -> std::optional<std::vector<Value>> {
    if (const auto found = gradients.find(&node); found != gradients.end()) return found->second;
    const auto loss = losses.find(&node);
    if (loss == losses.end()) return std::nullopt;
    const std::vector<Value> out = fuse(node, *inputs[0].node(), inputs, target);
    const auto& [data, weights] = loss->second;
    if (data) gradients[data] = {out[Out::kX]};
    gradients[weights] = {out[Out::kWeight]};
    if (weights->outputs.size() > 1) gradients[weights].push_back(out[Out::kBias]);
    return std::vector{out[Out::kX], out[Out::kLoss], out[Out::kSum]};
  };
  return live_part(rewrite(graph, rule));
}

}  // namespace

const Pass kFuseHeadLoss{
    "fuse_head_loss",
    "dy, loss = cross_entropy_with_grad(conv2d(x, w, b), ...), conv_transpose2d(dy, w), conv2d_weight_grad(x, dy) => "
    "dx, dw, db, loss = conv2d_cross_entropy(x, w, b, ...) for 1x1 convolutions, x through a batch norm "
    "with ReLU or not; the same for binary_cross_entropy",
    run};

}  // namespace inlay
