// A U-Net with all optimisations, without any, and without each alone: the numbers of the reference.
#include <gtest/gtest.h>

#include "compiler/autodiff.h"
#include "graph/rewrite.h"
#include "inlay/losses.h"
#include "inlay/model.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

/// Nothing, all passes, each alone.
std::vector<std::vector<std::string>> what_to_skip() {
  std::vector<std::vector<std::string>> skips{{}, {}};
  for (const PassInfo& pass : list_passes()) {
    skips[1].push_back(pass.name);
    skips.push_back({pass.name});
  }
  return skips;
}

Model small_unet(const std::string& up) {
  return create_model("unet", {.in_channels = 2,
                               .out_channels = 3,
                               .settings = {{"width", "4"}, {"depth", "2"}, {"up", up}, {"dropout", "0.25"}},
                               .seed = 1});
}

ReferenceValues numbers_for(const Graph& graph, const Model& model) {
  ReferenceValues numbers;
  for (const Value& leaf : graph.leaves()) {
    const auto found = model.tensors.find(leaf.name());
    const bool labels = leaf.type().dtype == DType::u8;
    numbers[leaf.name()] = found != model.tensors.end()
                               ? to_doubles(found->second)
                               : draw({leaf.name(), leaf.type(), labels ? Fill::labels : Fill::normal, 3}, 5);
  }
  return numbers;
}

/// The forward and the backward pass; the gradients of all parameters are outputs.
Graph training_step(const Model& model, const Shape& image) {
  Graph graph = instantiate(model.graph, {{"image", image}}, true);
  const Value labels = graph.input("labels", {DType::u8, {image[0], image[2], image[3]}});
  const Value loss = make_loss("cross_entropy", graph.output("logits"), labels);
  std::vector<Value> parameters;
  for (const Value& leaf : graph.leaves())
    if (leaf.leaf()->kind == LeafKind::parameter) parameters.push_back(leaf);
  graph.set_output("loss", loss);
  const std::vector<Value> found = gradients(loss, parameters);
  for (std::size_t i = 0; i < found.size(); ++i) graph.set_output("d " + parameters[i].name(), found[i]);
  return graph;
}

std::string text_of(const std::vector<std::string>& skip) {
  std::string text = "skipped:";
  for (const std::string& name : skip) text += " " + name;
  return text;
}

class UnetPasses : public ::testing::TestWithParam<std::string> {};

TEST_P(UnetPasses, InferenceGivesTheSameNumbers) {
  const Model model = small_unet(GetParam());
  const Graph graph = instantiate(model.graph, {{"image", {2, 2, 12, 16}}});
  const ReferenceValues numbers = numbers_for(graph, model);
  const double bound = splits_numbers(graph, numbers, {.threads = 2}) ? 5e-5 : 1e-5;
  for (const auto& skip : what_to_skip())
    EXPECT_LT(program_error(graph, numbers, {.threads = 2, .skip_passes = skip}), bound) << text_of(skip);
}

TEST_P(UnetPasses, ATrainingStepGivesTheSameGradients) {
  const Model model = small_unet(GetParam());
  const Graph graph = training_step(model, {2, 2, 12, 16});
  const ReferenceValues numbers = numbers_for(graph, model);
  for (const auto& skip : what_to_skip()) {
    std::string worst;
    EXPECT_LT(program_error(graph, numbers, {.threads = 2, .constant_parameters = false, .skip_passes = skip}, &worst),
              1e-4)
        << worst << ", " << text_of(skip);
  }
}

TEST_P(UnetPasses, WithoutAnyPassTheGraphRunsAsItIs) {
  const Model model = small_unet(GetParam());
  const Graph graph = training_step(model, {2, 2, 12, 16});
  Program program(graph, tensors_for(graph, numbers_for(graph, model)), {},
                  {.constant_parameters = false, .skip_passes = what_to_skip()[1]});
  EXPECT_EQ(program.dump(), to_string(live_part(graph)));
}

/// Bytes and gradients of a training step.
struct Step {
  double bytes;
  std::map<std::string, std::vector<double>> outputs;
};

Step step_of(const std::string& up, MemoryUse memory, std::vector<std::string> skip = {}) {
  const Model model = create_model(
      "unet", {.in_channels = 2, .out_channels = 3, .settings = {{"width", "8"}, {"depth", "2"}, {"up", up}}});
  const Graph graph = training_step(model, {2, 2, 192, 192});
  Program program(
      graph, tensors_for(graph, numbers_for(graph, model)), {},
      {.block = 8, .constant_parameters = false, .memory = memory, .tune = false, .skip_passes = std::move(skip)});
  program.run();
  Step step{static_cast<double>(program.arena_bytes()), {}};
  for (const GraphOutput& output : graph.outputs()) step.outputs[output.name] = to_doubles(program.output(output.name));
  return step;
}

TEST_P(UnetPasses, NormalisedResultsAreNotKept) {
  const Step kept = step_of(GetParam(), MemoryUse::usual, {"recompute_batch_norm", "fuse_normalised_input"});
  const Step made = step_of(GetParam(), MemoryUse::usual);
  EXPECT_LT(made.bytes, 0.8 * kept.bytes);
  EXPECT_EQ(made.outputs, kept.outputs) << "bit by bit";
}

TEST_P(UnetPasses, WhatIsUpSampledOnTheFlyIsNotKept) {
  const Step kept = step_of(GetParam(), MemoryUse::usual, {"fuse_up_sampling"});
  const Step read = step_of(GetParam(), MemoryUse::usual);
  if (GetParam() == "nearest" || GetParam() == "bilinear")
    EXPECT_LT(read.bytes, 0.9 * kept.bytes);
  else
    EXPECT_EQ(read.bytes, kept.bytes) << "another way of up-sampling";
}

TEST_P(UnetPasses, LowMemoryTakesLess) {
  const Step usual = step_of(GetParam(), MemoryUse::usual), low = step_of(GetParam(), MemoryUse::low);
  if (GetParam() == "transposed")
    EXPECT_LT(low.bytes, 0.9 * usual.bytes);
  else
    EXPECT_EQ(low.bytes, usual.bytes) << "read on the fly, or positions that were found: nothing is cheap to make again";
  EXPECT_EQ(low.outputs, usual.outputs) << "bit by bit";
}

TEST_P(UnetPasses, LowMemoryMakesUpSampledResultsAgain) {
  const auto step = [](MemoryUse memory) { return step_of(GetParam(), memory, {"fuse_up_sampling"}); };
  const Step usual = step(MemoryUse::usual), low = step(MemoryUse::low);
  if (GetParam() == "unpool")
    EXPECT_EQ(low.bytes, usual.bytes);
  else
    EXPECT_LT(low.bytes, 0.9 * usual.bytes);
  EXPECT_EQ(low.outputs, usual.outputs) << "bit by bit";
}

INSTANTIATE_TEST_SUITE_P(UpSamplers, UnetPasses, ::testing::Values("transposed", "nearest", "bilinear", "unpool"));

}  // namespace
}  // namespace inlay::testing
