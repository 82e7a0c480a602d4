// One batch of made-up pictures, and steps of training on it.
#pragma once

#include <cstdint>
#include <optional>

#include "inlay/image.h"
#include "inlay/model.h"
#include "inlay/program.h"
#include "train/gradients.h"
#include "train/optimizer.h"

namespace inlay::testing {

struct Batch {
  Tensor images;  // (N, 3, H, W) f32, normalised
  Tensor labels;  // (N, H, W) u8, of the logits' size: three classes
};

/// Four noisy pictures with a disk and a bar on dark ground, each elsewhere. `coarse`: two bars, whose borders run
/// along rows and columns. `margin`: what the logits lose on each side of the picture, where no label is.
Batch pictures(std::int64_t side, bool coarse, std::int64_t margin);

/// Trains a model on one batch.
class Learning {
 public:
  Learning(const Model& model, const Batch& batch);

  /// The loss before the step. `seed` is dropout's.
  double adam_step(double learning_rate, std::uint64_t seed);
  /// Moves the weights against the gradient by as much as lowers the loss by `share`, were it a plane; returns by how
  /// much it does lower it, as a share of that: near 1 when the gradients are right.
  double descend(double share, std::uint64_t seed);
  /// Of the batch, in inference form.
  double mean_iou();
  /// With the weights and the running statistics as they are now.
  const Model& model() const { return model_; }

 private:
  double run(std::uint64_t seed);
  Mask truth(std::int64_t picture) const;

  Model model_;  // its parameters lie in weights_
  Batch batch_;
  TrainingGraph step_;
  Arena weights_;
  Optimizer optimizer_;
  std::optional<Program> program_;
  std::optional<Gradients> gradients_;
};

}  // namespace inlay::testing
