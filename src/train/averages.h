// The exponential moving average of a net's numbers: parameters and batch norm's running statistics.
#pragma once

#include <cstdint>

#include "inlay/model.h"
#include "train/arena.h"

namespace inlay {

/// a += (1 - d) (w - a) after every step, d = min(decay, (1 + t) / (10 + t)) at step t = 1, 2, ...: young averages
/// forget the untrained net sooner (as TensorFlow's ExponentialMovingAverage with num_updates). Polyak and Juditsky
/// 1992 on averages; of running statistics as in PyTorch's swa_utils with use_buffers.
class Averages {
 public:
  /// Starts as copies of the tensors; those that `layout` names lie in `weights` as it says.
  Averages(const Tensors& tensors, const ArenaLayout& layout, double decay);

  /// Takes note of step t's result. Does not depend on the number of threads.
  void update(std::span<const float> weights, const Tensors& tensors, std::int64_t t);

  /// By the net's names. They share the averages' memory.
  const Tensors& tensors() const { return averages_; }

 private:
  Arena parameters_;
  Tensors averages_;
  std::vector<std::string> others_;  // names of those that lie elsewhere
  double decay_;
};

}  // namespace inlay
