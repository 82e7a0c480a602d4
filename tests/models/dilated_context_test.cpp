#include "models/dilated_context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/summary.h"
#include "models/network.h"
#include "runtime/reference/reference_run.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

Graph module(std::int64_t channels, Context context, std::int64_t side = 9) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, channels, side, side}});
  graph.set_output("y", context_module(Scope(graph), x, channels, context));
  return graph;
}

Summary figures(std::map<std::string, std::string> settings, std::int64_t classes = 21) {
  return summarise(create_graph("dilated_context", {.out_channels = classes, .settings = std::move(settings)}), 64, 64);
}

TEST(ContextModule, HasThePapersSize) {
  for (const std::int64_t c : {2, 21}) {
    EXPECT_EQ(summarise(module(c, Context::basic)).parameters, 64 * c * c + 8 * c) << "64 C^2 weights, and biases";
    const std::int64_t weights = 9 * (2 + 4 + 8 + 32 + 128 + 512 + 1024) + 32;
    EXPECT_EQ(summarise(module(c, Context::large)).parameters,
              weights * c * c + (2 + 2 + 4 + 8 + 16 + 32 + 32 + 1) * c);
  }
  for (const Context context : {Context::basic, Context::large})
    EXPECT_EQ(summarise(module(3, context)).receptive_field_h, 67);
}

TEST(ContextModule, WidensByTable1) {
  Graph graph;
  Value x = graph.input("x", {DType::f32, {1, 3, 99, 99}});
  context_module(Scope(graph), x, 3, Context::large);
  std::vector<std::int64_t> fields, channels;
  for (const auto& node : graph.nodes()) {
    if (node->op->name != "conv2d") continue;
    graph.set_output(node->name, node->outputs[0]);
    fields.push_back(summarise(graph).receptive_field_h);
    channels.push_back(node->outputs[0].shape()[1] / 3);
  }
  EXPECT_EQ(fields, (std::vector<std::int64_t>{3, 5, 9, 17, 33, 65, 67, 67}));
  EXPECT_EQ(channels, (std::vector<std::int64_t>{2, 2, 4, 8, 16, 32, 32, 1}));
}

TEST(ContextModule, StartsAsTheIdentity) {
  for (const Context context : {Context::basic, Context::large}) {
    const Graph graph = module(2, context, 5);
    ReferenceValues numbers{{"x", {}}};
    for (std::size_t i = 0; i < 50; ++i) numbers["x"].push_back(0.5 + 0.01 * static_cast<double>(i * i % 37));
    for (const auto& [name, tensor] : initialise(graph, 1))
      numbers[name] = {tensor.data<float>().begin(), tensor.data<float>().end()};
    const auto y = reference_run(graph, numbers)[static_cast<std::size_t>(graph.output("y").id())].data;
    for (std::size_t i = 0; i < y.size(); ++i)
      EXPECT_NEAR(y[i], numbers["x"][i], context == Context::basic ? 1e-6 : 0.1) << i;
  }
}

TEST(DilatedContext, HasThePapersParameters) {
  const std::int64_t vgg = 14714688;  // the thirteen 3x3 layers
  const std::int64_t wide = (512 * 49 + 1) * 4096 + (4096 + 1) * 4096, head = (4096 + 1) * 21;
  EXPECT_EQ(figures({{"context", "none"}}).parameters, vgg + wide + head);
  EXPECT_EQ(figures({}).parameters, 134346581 + 64 * 21 * 21 + 8 * 21);
  EXPECT_EQ(figures({{"context", "large"}}).parameters,
            figures({{"context", "none"}}).parameters + (9 * 1710 + 32) * 21 * 21 + 97 * 21);
}

TEST(DilatedContext, GivesTheModuleTwoMapsForOneLogit) {
  const Model model = create_graph("dilated_context", {.out_channels = 1});
  EXPECT_EQ(model.graph.find_leaf("context/1/weight").shape(), (Shape{2, 2, 3, 3}));
  EXPECT_EQ(model.graph.find_leaf("context/head/weight").shape(), (Shape{1, 2, 1, 1}));
  const Model plain = create_graph("dilated_context", {.out_channels = 1, .settings = {{"context", "none"}}});
  EXPECT_EQ(plain.graph.find_leaf("head/weight").shape(), (Shape{1, 4096, 1, 1}));
}

TEST(DilatedContext, IsAnEighthOfThePictureAtItsSmallest) {
  const Model model = create_graph("dilated_context", {.settings = {{"width", "0.1"}}});
  const Graph graph = instantiate(model.graph, {{"image", {1, 3, 161, 97}}});
  for (const auto& node : graph.nodes())
    if (node->name == "head/conv2d") {
      EXPECT_EQ(node->outputs[0].shape(), (Shape{1, 2, 21, 13}));
    }
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 2, 161, 97}));
}

TEST(DilatedContext, SeesAsFarAsItsLayersReach) {
  // Stage by stage, convolutions and pooling: 1 + 4 + 1 + 8 + 2 + 24 + 4 + 48 = 92. Then eight pixels apart: conv5 at
  // dilation 2, fc6 7x7 at dilation 4, the module's 66, and the two neighbours that the interpolation looks at.
  EXPECT_EQ(figures({{"context", "none"}}).receptive_field_h, 92 + 96 + 192 + 8);
  EXPECT_EQ(figures({}).receptive_field_h, 92 + 96 + 192 + 528 + 8);
}

TEST(DilatedContext, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_graph("dilated_context", {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("width", "9"), HasSubstr("dilated_context: width is 9"));
  EXPECT_THAT(error("dropout", "1"), HasSubstr("dilated_context: dropout is 1, expected 0 <= dropout < 1"));
  EXPECT_THAT(error("context", "huge"), HasSubstr("expected one of basic, large, none"));
}

}  // namespace
}  // namespace inlay
