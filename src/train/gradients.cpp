#include "train/gradients.h"

#include <algorithm>

namespace inlay {

Gradients::Gradients(const Program& program, const TrainingGraph& training) {
  for (const ArenaLayout::Slot& slot : training.parameters.slots) {
    const std::string name = std::string(kGradientPrefix) + slot.name;
    const bool reached = std::ranges::count(training.graph.outputs(), name, &GraphOutput::name) > 0;
    tensors_.push_back(reached ? program.output(name) : Tensor(DType::f32, slot.shape));
    values_.push_back(std::as_const(tensors_.back()).data<float>());
  }
}

}  // namespace inlay
