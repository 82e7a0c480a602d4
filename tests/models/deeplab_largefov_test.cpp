#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/operator.h"
#include "inlay/summary.h"
#include "models/network.h"
#include "support/graph_facts.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;
using testing::result_of;

Model net(std::int64_t classes, std::map<std::string, std::string> settings = {}) {
  return create_graph("deeplab_largefov", {.out_channels = classes, .settings = std::move(settings)});
}

TEST(LargeFov, Has20Point5MillionParameters) {
  // VGG16's thirteen layers, fc6 3x3 from 512 to 1024, fc7 1x1, the scores of 21 classes.
  const std::int64_t expected = 14714688 + (512 * 9 + 1) * 1024 + (1024 + 1) * 1024 + (1024 + 1) * 21;
  EXPECT_EQ(expected, 20505429);
  EXPECT_EQ(summarise(net(21), 321, 321).parameters, expected);
}

TEST(LargeFov, HasThePapersSizes) {
  const Graph graph = instantiate(net(21).graph, {{"image", {1, 3, 321, 321}}});
  EXPECT_EQ(result_of(graph, "pool1/max_pool2d"), (Shape{1, 64, 161, 161}));
  EXPECT_EQ(result_of(graph, "pool2/max_pool2d"), (Shape{1, 128, 81, 81}));
  EXPECT_EQ(result_of(graph, "pool3/max_pool2d"), (Shape{1, 256, 41, 41}));
  EXPECT_EQ(result_of(graph, "pool4/max_pool2d"), (Shape{1, 512, 41, 41})) << "stride 1";
  EXPECT_EQ(result_of(graph, "pool5/avg_pool2d"), (Shape{1, 512, 41, 41}));
  EXPECT_EQ(result_of(graph, "head/conv2d"), (Shape{1, 21, 41, 41}));
  EXPECT_EQ(graph.output("logits").shape(), (Shape{1, 21, 321, 321}));
}

TEST(LargeFov, TheWideLayerSeesAsMuchAsVggsSevenBySevenAtDilation4) {
  const Graph graph = net(2).graph;
  for (const auto& node : graph.nodes()) {
    if (node->name == "fc6/conv2d") {
      EXPECT_EQ(to_string(node->attributes), "{padding=[12, 12, 12, 12], dilation=[12, 12]}");
      EXPECT_EQ(2 * 12, 6 * 4) << "25 positions, 8 pixels apart; with the poolings before it the paper's 224";
    }
    if (node->name.starts_with("conv5/") && node->op->name == "conv2d") {
      EXPECT_EQ(to_string(node->attributes), "{padding=[2, 2, 2, 2], dilation=[2, 2]}");
    }
  }
}

TEST(LargeFov, NamesItsParameters) {
  const Model model = net(2);
  for (const char* name : {"conv1/1/weight", "conv5/3/bias", "fc6/weight", "fc7/weight", "head/bias"})
    EXPECT_TRUE(model.graph.find_leaf(name)) << name;
}

TEST(LargeFov, RefusesSettingsOutOfRange) {
  EXPECT_THAT(input_error([] { net(2, {{"width", "9"}}); }), HasSubstr("deeplab_largefov: width is 9"));
  EXPECT_THAT(input_error([] {
                net(2, {{"dropout", "-1"}});
              }),
              HasSubstr("deeplab_largefov: dropout is -1, expected 0 <= dropout < 1"));
}

}  // namespace
}  // namespace inlay
