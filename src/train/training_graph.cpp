#include "train/training_graph.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "compiler/autodiff.h"
#include "graph/rewrite.h"
#include "inlay/losses.h"
#include "inlay/model.h"
#include "inlay/ops.h"
#include "models/deep_supervision.h"

namespace inlay {

namespace {

void check_logits(const Shape& image, const Shape& logits, std::int64_t margin) {
  if (logits.rank() == 4 && logits[2] == image[2] - 2 * margin && logits[3] == image[3] - 2 * margin) return;
  fail_input("the net turns a picture of {}x{} into logits of shape {}; training needs one logit per pixel{}", image[2],
             image[3], to_string(logits), margin > 0 ? fmt::format(", but for {} on each side", margin) : "");
}

// Those of deep supervision halve from level to level.
double auxiliary_weight(std::string_view output, double usual) {
  const std::optional<std::int64_t> level = supervised_level(output);
  return level ? std::ldexp(1.0, -static_cast<int>(*level)) : usual;
}

}  // namespace

TrainingGraph make_training_graph(const Graph& net, const Shape& image, const LossChoice& loss, std::int64_t margin) {
  TrainingGraph result{instantiate(net, {{"image", image}}, true), {}};
  Graph& graph = result.graph;
  const Value logits = graph.output("logits");
  check_logits(image, logits.shape(), margin);

  std::vector<Value> parameters;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::parameter) parameters.push_back(leaf);
  const Shape plane{logits.shape()[0], logits.shape()[2], logits.shape()[3]};
  const Value labels = graph.input("labels", {DType::u8, plane});
  const std::int64_t outcomes = std::max<std::int64_t>(2, logits.shape()[1]);
  const Value weights = loss.class_weights ? graph.input("class_weights", {DType::f32, {outcomes}}) : Value();
  const Value pixels = loss.pixel_weights ? graph.input("pixel_weights", {DType::f32, plane}) : Value();
  const std::string_view automatic = logits.shape()[1] == 1 ? "bce" : "cross_entropy";
  const std::string_view term = loss.name == "auto" ? automatic : loss.name;
  const auto loss_of = [&](Value output) {
    return make_loss(term, output, labels, weights, pixels, {.label_smoothing = loss.label_smoothing});
  };
  Value scalar = loss_of(logits);
  std::vector<GraphOutput> auxiliary;
  for (const GraphOutput& output : graph.outputs())
    if (output.name.starts_with(kAuxiliaryPrefix)) auxiliary.push_back(output);
  for (const GraphOutput& output : auxiliary)
    if (loss.aux_weight > 0)
      scalar = add(scalar, affine(loss_of(output.value), auxiliary_weight(output.name, loss.aux_weight)));
  graph.set_output("loss", scalar);

  graph.set_scope("backward");
  const std::vector<Value> found = gradients(scalar, parameters);
  graph.set_scope("");
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const std::string& name = parameters[i].leaf()->name;
    result.parameters.add(name, parameters[i].shape());
    if (found[i]) graph.set_output(std::string(kGradientPrefix) + name, found[i]);
  }
  if (std::ranges::none_of(found, [](const Value& gradient) { return static_cast<bool>(gradient); }))
    fail_input("the loss depends on no parameter of the net: there is nothing to train");
  // Nobody reads the logits: they need not be kept, nor brought into the layout of an output.
  graph = live_part(graph, false,
                    [](std::string_view name) { return name == "loss" || name.starts_with(kGradientPrefix); });
  return result;
}

}  // namespace inlay
