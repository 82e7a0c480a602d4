#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

struct Net {
  Graph graph;
  Value image = graph.input("image", {DType::f32, {2, 4, 8, 6}});
  Scope root{graph};
};

Shape leaf_shape(const Graph& graph, std::string_view name) {
  const Value leaf = graph.find_leaf(name);
  EXPECT_TRUE(leaf) << name;
  return leaf ? leaf.shape() : Shape{};
}

TEST(Scope, NamesParametersAndNodes) {
  Net net;
  const Scope half = net.root / "down" / 64 / "a";
  EXPECT_EQ(half.path(), "down/64/a");
  const Value y = relu(batch_norm(half, conv2d(half, net.image, 8, {.kernel = 3, .padding = 1})));
  EXPECT_EQ(leaf_shape(net.graph, "down/64/a/weight"), (Shape{8, 4, 3, 3}));
  EXPECT_EQ(y.node()->name, "down/64/a/relu");
  EXPECT_EQ(net.graph.nodes()[0]->name, "down/64/a/conv2d");
}

TEST(Scope, RefusesANameTwice) {
  Net net;
  conv2d(net.root / "a", net.image, 4);
  EXPECT_THAT(input_error([&] { conv2d(net.root / "a", net.image, 4); }),
              HasSubstr("already has a leaf named 'a/weight'"));
}

TEST(Conv2dLayer, PassesItsOptionsOn) {
  Net net;
  const Value y = conv2d(net.root / "c", net.image, 6,
                         {.kernel = {3, 2}, .stride = 2, .padding = {2, 1}, .dilation = {2, 1}, .groups = 2});
  EXPECT_EQ(leaf_shape(net.graph, "c/weight"), (Shape{6, 2, 3, 2}));
  EXPECT_EQ(leaf_shape(net.graph, "c/bias"), (Shape{6}));
  EXPECT_EQ(y.shape(), (Shape{2, 6, 4, 4}));
}

TEST(Conv2dLayer, CanDoWithoutBias) {
  Net net;
  conv2d(net.root / "c", net.image, 6, {.bias = false});
  EXPECT_FALSE(net.graph.find_leaf("c/bias"));
}

TEST(Conv2dLayer, SaysWhereChannelsDoNotFit) {
  Net net;
  EXPECT_THAT(input_error([&] { conv2d(net.root / "c", net.image, 6, {.groups = 4}); }),
              HasSubstr("convolution at 'c': 4 groups do not divide 4 input and 6 output channels"));
  EXPECT_THAT(input_error([&] { conv2d(net.root / "c", net.image, 0); }),
              HasSubstr("0 output channels, expected at least 1"));
  const Value vector = net.graph.input("v", {DType::f32, {3}});
  EXPECT_THAT(input_error([&] { conv2d(net.root / "c", vector, 2); }),
              HasSubstr("convolution at 'c': x is f32 3, expected"));
  EXPECT_THAT(input_error([&] { batch_norm(net.root / "n", vector); }),
              HasSubstr("batch_norm at 'n': x is f32 3, expected"));
  EXPECT_TRUE(net.graph.leaves().size() == 2) << "a failed layer must leave no parameters behind";
}

TEST(ConvTranspose2dLayer, PassesItsOptionsOn) {
  Net net;
  const Value y = conv_transpose2d(net.root / "up", net.image, 6,
                                   {.kernel = 3, .stride = 2, .padding = 1, .groups = 2, .output_padding = 1});
  EXPECT_EQ(leaf_shape(net.graph, "up/weight"), (Shape{4, 3, 3, 3}));
  EXPECT_EQ(leaf_shape(net.graph, "up/bias"), (Shape{6}));
  EXPECT_EQ(y.shape(), (Shape{2, 6, 16, 12}));
}

TEST(BatchNormLayer, MakesParametersAndState) {
  Net net;
  batch_norm(net.root / "n", net.image, {.epsilon = 1e-3});
  for (const char* name : {"n/scale", "n/shift"}) {
    EXPECT_EQ(leaf_shape(net.graph, name), (Shape{4}));
    EXPECT_EQ(net.graph.find_leaf(name).leaf()->kind, LeafKind::parameter);
  }
  for (const char* name : {"n/running_mean", "n/running_variance"}) {
    EXPECT_EQ(leaf_shape(net.graph, name), (Shape{4}));
    EXPECT_EQ(net.graph.find_leaf(name).leaf()->kind, LeafKind::state);
  }
  const Tensors first = initialise(net.graph, 1);
  EXPECT_THAT(first.at("n/scale").data<float>(), ::testing::Each(1.0f));
  EXPECT_THAT(first.at("n/shift").data<float>(), ::testing::Each(0.0f));
  EXPECT_THAT(first.at("n/running_mean").data<float>(), ::testing::Each(0.0f));
  EXPECT_THAT(first.at("n/running_variance").data<float>(), ::testing::Each(1.0f));
  EXPECT_EQ(to_string(net.graph.nodes()[0]->attributes), "{epsilon=0.001}");
}

TEST(DropoutLayer, DrawsFromItsOwnStream) {
  Net net;
  const Value a = dropout(net.root / "a", net.image, 0.5);
  const Value b = dropout(net.root / "b", relu(a), 0.25, true);
  EXPECT_EQ(to_string(a.node()->attributes), "");
  EXPECT_EQ(to_string(b.node()->attributes), "{probability=0.25, channels=true, stream=1}");
  EXPECT_EQ(b.node()->name, "b/dropout");
  EXPECT_EQ(dropout(net.root / "c", b, 0), b) << "nothing to do";
}

}  // namespace
}  // namespace inlay
