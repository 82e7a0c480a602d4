// A finer FCN that goes on from a coarser one starts as that one, up-sampled in more steps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "inlay/program.h"
#include "inlay/transfer.h"

namespace inlay::testing {
namespace {

using ::testing::ElementsAre;

Model tiny(const char* network) {
  return create_model(network, {.in_channels = 1, .out_channels = 3, .settings = {{"width", "0.02"}}, .seed = 4});
}

/// As after a training that moved the class scores.
void settle(Model& model, const std::string& layer) {
  Rng rng(5);
  for (float& number : model.tensors.at(layer + "/weight").data<float>()) number = static_cast<float>(rng.normal());
}

std::vector<float> run(const Graph& graph, const Tensors& tensors, std::string_view input, const Tensor& numbers,
                       std::string_view output) {
  Program program(graph, tensors, {}, {.threads = 1, .tune = false});
  std::ranges::copy(numbers.data<float>(), program.input(input).data<float>().begin());
  program.run();
  const Tensor result = program.output(output);
  return {result.data<float>().begin(), result.data<float>().end()};
}

Tensor picture(const Shape& shape) {
  Tensor image(DType::f32, shape);
  Rng rng(6);
  for (float& number : image.data<float>()) number = static_cast<float>(rng.normal());
  return image;
}

/// The scores of the last layer, (1, 3, 3, 2) for 70x40 pixels.
Tensor coarse_scores(const Model& model, const Tensor& image) {
  Graph graph = instantiate(model.graph, {{"image", image.shape()}});
  for (const auto& node : graph.nodes())
    if (node->name == "score/conv2d") graph.set_output("score", node->outputs[0]);
  const std::vector<float> numbers = run(graph, model.tensors, "image", image, "score");
  Tensor scores(DType::f32, graph.output("score").shape());
  std::ranges::copy(numbers, scores.data<float>().begin());
  return scores;
}

Value bilinear(const Scope& scope, Value x, std::int64_t factor) {
  return conv_transpose2d(scope, x, x.shape()[1],
                          {.kernel = 2 * factor,
                           .stride = factor,
                           .padding = factor / 2,
                           .bias = false,
                           .initializer = {Initializer::Kind::bilinear}});
}

/// Bilinear by each of the factors, cut to the sizes that the pooling stages and the picture have.
std::vector<float> up_sampled(const Tensor& scores, const std::vector<std::pair<std::int64_t, Shape>>& steps) {
  Graph graph;
  Value x = graph.input("scores", {DType::f32, scores.shape()});
  for (const auto& [factor, size] : steps) {
    x = bilinear(Scope(graph) / "up" / factor / size[0], x, factor);
    x = crop_like(x, fill(graph, {1, 1, size[0], size[1]}, 0), {.offset = 0});
  }
  graph.set_output("y", x);
  return run(graph, initialise(graph, 0), "scores", scores, "y");
}

TEST(FcnStages, A16sNetStartsAsTheScoresOfThe32s) {
  Model coarse = tiny("fcn32s"), finer = tiny("fcn16s");
  settle(coarse, "score");
  const Transfer transfer = copy_weights(coarse, finer);
  EXPECT_EQ(transfer.copied.size(), 2u * (13 + 2 + 1));
  EXPECT_THAT(transfer.fresh, ElementsAre("score_pool4/bias", "score_pool4/weight", "up16/weight", "up2/weight"));
  EXPECT_THAT(transfer.unused, ElementsAre("up32/weight"));
  const Tensor image = picture({1, 1, 70, 40});
  const Tensor scores = coarse_scores(coarse, image);
  ASSERT_EQ(scores.shape(), (Shape{1, 3, 3, 2}));
  EXPECT_THAT(run(instantiate(finer.graph, {{"image", image.shape()}}), finer.tensors, "image", image, "logits"),
              ::testing::Pointwise(::testing::FloatNear(1e-4f), up_sampled(scores, {{2, {5, 3}}, {16, {70, 40}}})));
}

TEST(FcnStages, An8sNetStartsAsTheScoresOfThe16s) {
  Model coarse = tiny("fcn16s"), finer = tiny("fcn8s");
  settle(coarse, "score");
  const Transfer transfer = copy_weights(coarse, finer);
  EXPECT_THAT(transfer.fresh, ElementsAre("score_pool3/bias", "score_pool3/weight", "up8/weight", "up_pool4/weight"));
  EXPECT_THAT(transfer.unused, ElementsAre("up16/weight"));
  const Tensor image = picture({1, 1, 70, 40});
  EXPECT_THAT(run(instantiate(finer.graph, {{"image", image.shape()}}), finer.tensors, "image", image, "logits"),
              ::testing::Pointwise(::testing::FloatNear(1e-4f), up_sampled(coarse_scores(coarse, image),
                                                                           {{2, {5, 3}}, {2, {9, 5}}, {8, {70, 40}}})));
}

}  // namespace
}  // namespace inlay::testing
