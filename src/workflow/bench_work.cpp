#include "workflow/bench_work.h"

#include <algorithm>

#include "train/optimizer.h"
#include "train/training_graph.h"

namespace inlay::workflow {

BenchWork inference_work(const Model& model, const Shape& image, const ProgramOptions& options) {
  BenchWork work{instantiate(model.graph, {{"image", image}}), nullptr, {}};
  const Bindings leaves(model.tensors.begin(), model.tensors.end());
  work.program = std::make_unique<Program>(work.graph, leaves, Bindings{}, options);
  work.step = [program = work.program.get()] { program->run(); };
  return work;
}

BenchWork training_work(const Model& model, const Shape& image, const ProgramOptions& options, double learning_rate) {
  const TrainingGraph training = make_training_graph(model.graph, image, {.name = "auto"}, model.info.size.margin);
  struct Numbers {
    Arena weights, gradients;
    Optimizer optimizer;
  };
  const auto numbers = std::make_shared<Numbers>(Numbers{Arena(training.parameters), Arena(training.parameters),
                                                         Optimizer(OptimizerOptions{}, training.parameters)});
  Bindings leaves(model.tensors.begin(), model.tensors.end());
  for (auto& [name, tensor] : numbers->weights.views(training.parameters)) {
    std::ranges::copy(leaves.at(name).data<float>(), tensor.data<float>().begin());
    leaves[name] = tensor;
  }
  BenchWork work{training.graph, nullptr, {}};
  work.program = std::make_unique<Program>(work.graph, leaves, numbers->gradients.views(training.gradients), options);
  work.step = [program = work.program.get(), numbers, learning_rate] {
    program->run(1);
    numbers->optimizer.step(numbers->weights.all(), numbers->gradients.all(), learning_rate);
  };
  return work;
}

}  // namespace inlay::workflow
