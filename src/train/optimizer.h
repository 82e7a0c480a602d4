// SGD, Adam and AdamW over one arena of parameters.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "inlay/train.h"
#include "train/arena.h"

namespace inlay {

/// The formulas are those of PyTorch 2 (torch.optim.SGD, Adam, AdamW; documentation, "Algorithm"), g the scaled
/// gradient, t = 1, 2, ...:
///   sgd     g += decay w;  b = momentum b + g;  w -= lr (nesterov ? g + momentum b : b)
///   adam    g += decay w;  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
///           w -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
///   adamw   w -= lr decay w;  then adam without its decay
class Optimizer {
 public:
  /// Throws InputError that names the option when one is out of range.
  Optimizer(const OptimizerOptions& options, const ArenaLayout& layout);

  /// One update; the gradients may lie anywhere. `scale` multiplies them first: clipping and averaging. The result does
  /// not depend on the number of threads.
  void step(Arena& weights, const SlotValues& gradients, double learning_rate, double scale = 1);

  /// What a checkpoint must hold: how often step() was called, and the moments, which are written in place when it is
  /// loaded.
  std::int64_t steps() const { return steps_; }
  void restore_steps(std::int64_t steps) { steps_ = steps; }
  /// "optimizer/momentum/NAME", "optimizer/mean/NAME", "optimizer/variance/NAME".
  std::map<std::string, Tensor> moments() const;

 private:
  struct Moment {
    std::string name;
    Arena values;
  };

  OptimizerOptions options_;
  ArenaLayout layout_;
  std::vector<Moment> moments_;
  std::int64_t steps_ = 0;
};

/// What gradients of this norm must be multiplied by so that it becomes at most `limit`; 1 when `limit` is 0.
/// As torch.nn.utils.clip_grad_norm_: limit / (norm + 1e-6), at most 1.
double clip_factor(double norm, double limit);

/// 0.01 for sgd, 0.001 for the others.
double default_learning_rate(OptimizerKind kind);

}  // namespace inlay
