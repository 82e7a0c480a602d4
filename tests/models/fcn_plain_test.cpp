#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/summary.h"
#include "models/network.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

TEST(FcnPlain, SeesOneAndTwoALayer) {
  for (const std::int64_t layers : {1, 5, 8, 20}) {
    const Model model = create_graph("fcn_plain", {.settings = {{"layers", std::to_string(layers)}}});
    EXPECT_EQ(summarise(model, 64, 64).receptive_field_h, 1 + 2 * layers);
  }
}

TEST(FcnPlain, StaysAtThePicturesSize) {
  const Model model = create_graph("fcn_plain", {.out_channels = 7});
  const Graph graph = instantiate(model.graph, {{"image", {2, 3, 31, 1}}});
  for (const auto& node : graph.nodes()) {
    EXPECT_EQ(node->outputs[0].shape()[2], 31) << node->name;
    EXPECT_EQ(node->outputs[0].shape()[3], 1) << node->name;
  }
  EXPECT_EQ(graph.output("logits").shape(), (Shape{2, 7, 31, 1}));
}

TEST(FcnPlain, CountsItsParameters) {
  const auto parameters = [](std::int64_t in, std::int64_t out, std::map<std::string, std::string> settings) {
    const Model model =
        create_graph("fcn_plain", {.in_channels = in, .out_channels = out, .settings = std::move(settings)});
    return summarise(model, 16, 16).parameters;
  };
  // 3x3 from 3 to 32, seven from 32 to 32, 1x1 to 2.
  EXPECT_EQ(parameters(3, 2, {}), (3 * 9 + 1) * 32 + 7 * (32 * 9 + 1) * 32 + (32 + 1) * 2);
  EXPECT_EQ(parameters(1, 1, {{"width", "5"}, {"layers", "1"}}), (9 + 1) * 5 + 6);
}

TEST(FcnPlain, NamesItsParameters) {
  const Model model = create_graph("fcn_plain", {.settings = {{"layers", "2"}}});
  for (const char* name : {"layer/1/weight", "layer/1/bias", "layer/2/weight", "head/weight", "head/bias"})
    EXPECT_TRUE(model.graph.find_leaf(name)) << name;
}

TEST(FcnPlain, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_graph("fcn_plain", {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("width", "1025"), HasSubstr("fcn_plain: width is 1025, expected 1 to 1024"));
  EXPECT_THAT(error("layers", "0"), HasSubstr("fcn_plain: layers is 0, expected 1 to 64"));
  EXPECT_THAT(error("layers", "65"), HasSubstr("fcn_plain: layers is 65, expected 1 to 64"));
}

}  // namespace
}  // namespace inlay
