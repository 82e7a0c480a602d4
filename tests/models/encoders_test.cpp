#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/ops.h"
#include "inlay/summary.h"
#include "models/encoders/encoder.h"
#include "runtime/reference/reference_run.h"
#include "support/input_error.h"
#include "support/op_case.h"
#include "support/run_program.h"
#include "support/torchvision_names.h"

namespace inlay::testing {
namespace {

using enum EncoderKind;

/// Outputs "0" to "4".
Graph encoder_graph(EncoderKind kind, const Shape& image, const EncoderOptions& options = {}) {
  Graph graph;
  const Features features = encode(kind, Scope(graph, "encoder"), graph.input("image", {DType::f32, image}), options);
  for (std::size_t i = 0; i < features.size(); ++i) graph.set_output(std::to_string(i), features[i]);
  return graph;
}

std::string name_of(EncoderKind kind) { return std::string(enum_names(kind)[static_cast<std::size_t>(kind)]); }

const Node& node_named(const Graph& graph, std::string_view name) {
  for (const auto& node : graph.nodes())
    if (node->name == name) return *node;
  throw std::runtime_error("no such node");
}

/// The dilation of a convolution's window, 1 when it is not spread.
std::int64_t dilation_of(const Graph& graph, const std::string& layer) {
  const Attribute* found = node_named(graph, "encoder/" + layer + "/conv2d").attributes.find("dilation");
  return found ? std::get<std::vector<std::int64_t>>(*found)[0] : 1;
}

struct Published {
  EncoderKind kind;
  std::int64_t parameters, classifier;  // of the whole net, as torchvision lists it; of what is left out here
  std::array<std::int64_t, 5> channels;
};

class Encoders : public ::testing::TestWithParam<Published> {};

TEST_P(Encoders, HaveTorchvisionsParameters) {
  TorchState state;
  switch (GetParam().kind) {
    case resnet18:
      add_resnet(state, "encoder.", {2, 2, 2, 2}, false);
      break;
    case resnet34:
      add_resnet(state, "encoder.", {3, 4, 6, 3}, false);
      break;
    case resnet50:
      add_resnet(state, "encoder.", {3, 4, 6, 3}, true);
      break;
    case mobilenet_v2:
      add_mobilenet_v2(state, "encoder.");
      break;
    case vgg16_bn:
      add_vgg16_bn(state, "encoder.");
      break;
  }
  const Graph graph = encoder_graph(GetParam().kind, {1, 3, 64, 64});
  EXPECT_EQ(weights_of(graph), state.tensors());
  EXPECT_EQ(summarise(graph).parameters + GetParam().classifier, GetParam().parameters);
}

TEST_P(Encoders, KeepTheirParametersWhenDilated) {
  const auto weights = [&](std::int64_t output_stride) {
    return weights_of(encoder_graph(GetParam().kind, {1, 3, 64, 64}, {.output_stride = output_stride}));
  };
  EXPECT_EQ(weights(16), weights(32));
  EXPECT_EQ(weights(8), weights(32));
}

TEST_P(Encoders, GiveMapsAtFiveStrides) {
  for (const std::int64_t output_stride : {8, 16, 32})
    for (const auto& [height, width] : {std::pair{97, 64}, {61, 33}, {32, 130}}) {
      const Graph graph = encoder_graph(GetParam().kind, {2, 3, height, width}, {.output_stride = output_stride});
      std::int64_t stride = 1, h = height, w = width;
      for (std::size_t i = 0; i < 5; ++i) {
        if (stride < output_stride) {
          const std::int64_t round_up = GetParam().kind == vgg16_bn ? 0 : 1;
          h = (h + round_up) / 2;
          w = (w + round_up) / 2;
          stride *= 2;
        }
        EXPECT_EQ(graph.output(std::to_string(i)).shape(), (Shape{2, GetParam().channels[i], h, w})) << output_stride;
      }
    }
}

TEST_P(Encoders, StartAsTorchvisionDoes) {
  const Graph graph = encoder_graph(GetParam().kind, {1, 3, 32, 32});
  for (const Value& leaf : graph.leaves())
    if (leaf.name().ends_with("/weight")) {
      EXPECT_EQ(leaf.leaf()->initializer.kind, Initializer::Kind::he_normal_fan_out) << leaf.name();
    }
}

TEST_P(Encoders, TakeTheSmallestPicture) {
  for (const std::int64_t output_stride : {8, 16, 32}) {
    const std::int64_t side = least_side(GetParam().kind, output_stride);
    const auto build = [&](std::int64_t s) {
      return encoder_graph(GetParam().kind, {1, 3, s, s}, {.output_stride = output_stride});
    };
    EXPECT_EQ(build(side).output("4").shape()[2], 1);
    if (side > 1) {
      EXPECT_THROW(build(side - 1), InputError);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, Encoders,
    ::testing::Values(Published{resnet18, 11'689'512, 512 * 1000 + 1000, {64, 64, 128, 256, 512}},
                      Published{resnet34, 21'797'672, 512 * 1000 + 1000, {64, 64, 128, 256, 512}},
                      Published{resnet50, 25'557'032, 2048 * 1000 + 1000, {64, 256, 512, 1024, 2048}},
                      Published{mobilenet_v2, 3'504'872, 1280 * 1000 + 1000, {16, 24, 32, 96, 1280}},
                      Published{vgg16_bn,
                                138'365'992,
                                25'088 * 4096 + 4096 + 4096 * 4096 + 4096 + 4096 * 1000 + 1000,
                                {128, 256, 512, 512, 512}}),
    [](const auto& instance) { return name_of(instance.param.kind); });

/// With the same weights, the map of a dilated encoder is the strided one's at every stride-th pixel: dilation changes
/// what lies between, not what the net sees.
class Dilation : public ::testing::TestWithParam<EncoderKind> {};

TEST_P(Dilation, KeepsTheNumbersOfTheStridedNet) {
  const Shape image{1, 3, 41, 34};
  const auto run = [&](std::int64_t output_stride) {
    Graph graph = encoder_graph(GetParam(), image, {.width = 0.125, .output_stride = output_stride});
    const Value last = graph.output("4");
    graph.set_output("sampled", subsample2d(last, {.stride = 32 / output_stride}));
    ReferenceValues numbers{{"image", draw({"image", {DType::f32, image}}, 1)}};
    for (const auto& [name, tensor] : initialise(graph, 2)) numbers[name] = to_doubles(tensor);
    return reference_run(graph, numbers)[static_cast<std::size_t>(graph.output("sampled").id())].data;
  };
  const std::vector<double> strided = run(32);
  const double largest = *std::ranges::max_element(strided);
  EXPECT_GT(largest, 0) << "worth comparing";
  for (const std::int64_t output_stride : {8, 16}) {
    const std::vector<double> dilated = run(output_stride);
    ASSERT_EQ(dilated.size(), strided.size());
    for (std::size_t i = 0; i < strided.size(); ++i) ASSERT_NEAR(dilated[i], strided[i], 1e-12 * largest) << output_stride;
  }
}

INSTANTIATE_TEST_SUITE_P(Encoders, Dilation, ::testing::Values(resnet18, resnet34, resnet50, mobilenet_v2),
                         [](const auto& instance) { return name_of(instance.param); });

TEST(Dilation, IsTorchvisionsForResnet50) {
  const Graph graph = encoder_graph(resnet50, {1, 3, 64, 64}, {.output_stride = 8});
  for (const auto& [layer, dilation] : std::map<std::string, std::int64_t>{{"layer2/3/conv2", 1},
                                                                           {"layer3/0/conv2", 1},
                                                                           {"layer3/1/conv2", 2},
                                                                           {"layer3/5/conv2", 2},
                                                                           {"layer4/0/conv2", 2},
                                                                           {"layer4/1/conv2", 4},
                                                                           {"layer4/2/conv2", 4}})
    EXPECT_EQ(dilation_of(graph, layer), dilation) << layer;
}

TEST(Dilation, LeavesOutTheLastPoolsOfVgg16) {
  const auto pools = [](std::int64_t output_stride) {
    std::int64_t count = 0;
    const Graph graph = encoder_graph(vgg16_bn, {1, 3, 64, 64}, {.output_stride = output_stride});
    for (const auto& node : graph.nodes()) count += node->op->name == "max_pool2d" ? 1 : 0;
    return count;
  };
  EXPECT_EQ(pools(32), 5);
  EXPECT_EQ(pools(16), 4);
  EXPECT_EQ(pools(8), 3);
  EXPECT_EQ(dilation_of(encoder_graph(vgg16_bn, {1, 3, 64, 64}, {.output_stride = 8}), "features/40"), 2);
}

TEST(MultiGrid, MultipliesTheDilationsOfTheLastStage) {
  const Graph graph = encoder_graph(resnet50, {1, 3, 64, 64}, {.output_stride = 16, .multi_grid = {1, 2, 4}});
  EXPECT_EQ(dilation_of(graph, "layer3/5/conv2"), 1);
  EXPECT_EQ(dilation_of(graph, "layer4/0/conv2"), 1);
  EXPECT_EQ(dilation_of(graph, "layer4/1/conv2"), 2 * 2);
  EXPECT_EQ(dilation_of(graph, "layer4/2/conv2"), 2 * 4);
  const Graph mobile = encoder_graph(mobilenet_v2, {1, 3, 64, 64}, {.output_stride = 16, .multi_grid = {1, 2, 3, 4}});
  EXPECT_EQ(dilation_of(mobile, "features/13/conv/1/0"), 1);
  EXPECT_EQ(dilation_of(mobile, "features/15/conv/1/0"), 2 * 2);
  EXPECT_EQ(dilation_of(mobile, "features/17/conv/1/0"), 2 * 4);
  const Graph vgg = encoder_graph(vgg16_bn, {1, 3, 64, 64}, {.output_stride = 16, .multi_grid = {1, 2, 3}});
  EXPECT_EQ(dilation_of(vgg, "features/40"), 3);
  const Graph all = encoder_graph(resnet18, {1, 3, 64, 64}, {.output_stride = 8, .multi_grid = {3}});
  EXPECT_EQ(dilation_of(all, "layer4/1/conv1"), 4 * 3);
}

TEST(MultiGrid, IsOneFactorOrOneAUnit) {
  for (const auto& [kind, units] :
       {std::pair{resnet18, 2}, {resnet34, 3}, {resnet50, 3}, {mobilenet_v2, 4}, {vgg16_bn, 3}}) {
    EXPECT_EQ(last_stage_units(kind), units);
    EXPECT_NO_THROW(check_multi_grid("net", kind, {7}));
    EXPECT_NO_THROW(check_multi_grid("net", kind, std::vector<std::int64_t>(static_cast<std::size_t>(units), 64)));
  }
  EXPECT_THAT(input_error([] {
                check_multi_grid("net", resnet18, {1, 2, 4});
              }),
              ::testing::HasSubstr("net: multi_grid has 3 numbers, expected one, or 2: one a unit of the last stage of "
                                   "resnet18"));
  EXPECT_THAT(input_error([] {
                check_multi_grid("net", resnet50, {1, 0, 1});
              }),
              ::testing::HasSubstr("net: multi_grid has the factor 0, expected 1 to 64"));
  EXPECT_THROW(check_multi_grid("net", resnet50, {65}), InputError);
}

TEST(EncoderWidth, MultipliesEveryStagesChannels) {
  const Graph graph = encoder_graph(resnet50, {1, 3, 64, 64}, {.width = 0.25});
  EXPECT_EQ(graph.output("0").shape()[1], 16);
  EXPECT_EQ(graph.output("4").shape()[1], 512);
  EXPECT_EQ(encoder_graph(mobilenet_v2, {1, 3, 64, 64}, {.width = 0.5}).output("2").shape()[1], 16);
  EXPECT_EQ(encoder_graph(vgg16_bn, {1, 3, 64, 64}, {.width = 0.5}).output("3").shape()[1], 256);
}

}  // namespace
}  // namespace inlay::testing
