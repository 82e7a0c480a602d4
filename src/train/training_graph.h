// The graph of one training step: the net, its loss and the gradients.
#pragma once

#include <string_view>

#include "inlay/graph.h"
#include "train/arena.h"

namespace inlay {

/// Outputs of the training graph that hold a gradient are named gradient/PARAMETER.
inline constexpr std::string_view kGradientPrefix = "gradient/";

struct TrainingGraph {
  /// Inputs image, labels (N, H, W) u8, of the logits' size, and what LossChoice says; outputs loss and the gradients.
  Graph graph;
  ArenaLayout parameters;  // every parameter of the net, in the graph's order
};

struct LossChoice {
  std::string_view name;       // of make_loss(), or "auto": bce for one output channel, else cross_entropy
  bool class_weights = false;  // an input "class_weights" (K)
  bool pixel_weights = false;  // an input "pixel_weights" (N, H, W) f32
  double aux_weight =
      0.4;  // of the same loss of each output "aux/..."; "aux/levelN" weighs 2^-N; 0: none of them counts
  double label_smoothing = 0;
};

/// `image`: (N, C, H, W). `margin`: SizeRule::margin of the net.
/// Errors as instantiate() and make_loss(); throws InputError when the logits are not one a pixel (less the margin) or
/// the net has no parameter that the loss depends on.
TrainingGraph make_training_graph(const Graph& net, const Shape& image, const LossChoice& loss,
                                  std::int64_t margin = 0);

}  // namespace inlay
