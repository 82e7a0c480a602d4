// What a benchmark repeats: a run of a network, or one step of its training.
#pragma once

#include <functional>
#include <memory>

#include "inlay/model.h"
#include "inlay/program.h"

namespace inlay::workflow {

/// The inputs hold no numbers yet.
struct BenchWork {
  Graph graph;
  std::unique_ptr<Program> program;
  std::function<void()> step;
};

/// Input image, of the shape `image` (N, C, H, W); output logits. Errors as instantiate() and Program.
BenchWork inference_work(Model model, const Shape& image, const ProgramOptions& options);

/// Forward, loss, backward and Adam's update. Inputs image and labels; output loss. Works on a copy of the model's
/// parameters and lets go of them before the program takes its memory, but moves its running statistics on. Errors as
/// make_training_graph() and Program.
BenchWork training_work(Model model, const Shape& image, const ProgramOptions& options, double learning_rate);

}  // namespace inlay::workflow
