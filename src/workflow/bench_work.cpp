#include "workflow/bench_work.h"

#include <algorithm>
#include <optional>

#include "train/gradients.h"
#include "train/optimizer.h"

namespace inlay::workflow {

BenchWork inference_work(Model model, const Shape& image, const ProgramOptions& options) {
  BenchWork work{instantiate(model.graph, {{"image", image}}), nullptr, {}};
  work.program = std::make_unique<Program>(work.graph, std::move(model.tensors), Bindings{}, options);
  work.step = [program = work.program.get()] { program->run(); };
  return work;
}

BenchWork training_work(Model model, const Shape& image, const ProgramOptions& options, double learning_rate) {
  const TrainingGraph training = make_training_graph(model.graph, image, {.name = "auto"}, model.info.size.margin);
  struct Numbers {
    Arena weights;
    Optimizer optimizer;
    std::optional<Gradients> gradients;
  };
  const auto numbers = std::make_shared<Numbers>(
      Numbers{Arena(training.parameters), Optimizer(OptimizerOptions{}, training.parameters), {}});
  Bindings leaves = std::move(model.tensors);
  for (auto& [name, tensor] : numbers->weights.views(training.parameters)) {
    std::ranges::copy(leaves.at(name).data<float>(), tensor.data<float>().begin());
    leaves[name] = tensor;
  }
  BenchWork work{training.graph, nullptr, {}};
  work.program = std::make_unique<Program>(work.graph, std::move(leaves), Bindings{}, options);
  numbers->gradients.emplace(*work.program, training);
  work.step = [program = work.program.get(), numbers, learning_rate] {
    program->run(1);
    numbers->optimizer.step(numbers->weights, numbers->gradients->values(), learning_rate);
  };
  return work;
}

}  // namespace inlay::workflow
