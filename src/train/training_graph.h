// The graph of one training step: the net, its loss and the gradients.
#pragma once

#include <string_view>

#include "inlay/graph.h"
#include "train/arena.h"

namespace inlay {

/// Outputs of the training graph that hold a gradient are named gradient/PARAMETER.
inline constexpr std::string_view kGradientPrefix = "gradient/";

struct TrainingGraph {
  Graph graph;  // inputs image, labels (N, H, W) u8 and, with weights, class_weights; outputs loss and the gradients
  ArenaLayout parameters;  // every parameter of the net, in the graph's order
  ArenaLayout gradients;   // the same places
};

struct LossChoice {
  std::string_view name;  // of make_loss(), or "auto": bce for one output channel, else cross_entropy
  bool class_weights = false;
  double aux_weight = 0.4;  // of the same loss of each output "aux/..."
};

/// `image`: (N, C, H, W).
/// Errors as instantiate() and make_loss(); throws InputError when the logits are not one a pixel or the net has no
/// parameter that the loss depends on.
TrainingGraph make_training_graph(const Graph& net, const Shape& image, const LossChoice& loss);

}  // namespace inlay
