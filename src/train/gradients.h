// Where a training program leaves the gradients: in its own memory, which later steps of the way back no longer need.
#pragma once

#include "inlay/program.h"
#include "train/training_graph.h"

namespace inlay {

class Gradients {
 public:
  /// Of a program of training.graph that no outputs are bound to.
  Gradients(const Program& program, const TrainingGraph& training);

  /// One for each of training.parameters' slots, zeros where the loss does not depend on it. Good until the program
  /// runs again.
  const SlotValues& values() const { return values_; }

 private:
  std::vector<Tensor> tensors_;
  SlotValues values_;
};

}  // namespace inlay
