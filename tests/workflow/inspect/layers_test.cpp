#include "workflow/inspect/layers.h"

#include <gmock/gmock.h>

#include "graph/operator.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::input_error;

std::vector<std::string> names(const std::vector<Layer>& layers) {
  std::vector<std::string> all;
  for (const Layer& layer : layers) all.push_back(layer.value.node()->name);
  return all;
}

Model small_unet() { return create_model("unet", {.settings = {{"width", "4"}, {"depth", "2"}}}); }

TEST(ChooseLayers, WhatLeavesABlock) {
  EXPECT_THAT(names(choose_layers(small_unet().graph, "")),
              ElementsAre("down/4/b/relu", "down/8/b/relu", "bottom/16/b/relu", "up/8/conv_transpose2d",
                          "merge/8/b/relu", "up/4/conv_transpose2d", "merge/4/b/relu", "head/conv2d"));
}

TEST(ChooseLayers, ByName) {
  const Graph graph = small_unet().graph;
  EXPECT_THAT(names(choose_layers(graph, "merge/4/*relu")), ElementsAre("merge/4/a/relu", "merge/4/b/relu"));
  EXPECT_THAT(names(choose_layers(graph, "*/8/max_pool2d")), ElementsAre("down/8/max_pool2d"));
  EXPECT_THAT(input_error([&] { choose_layers(graph, "merge/4/b/relo"); }),
              AllOf(HasSubstr("no layer is named 'merge/4/b/relo'"), HasSubstr("did you mean 'merge/4/b/relu'?")));
}

TEST(ChooseLayers, WhatADenseBlockAddsUpTo) {
  const Model model = create_model("fc_densenet56", {.settings = {{"width", "0.1"}}});
  EXPECT_THAT(
      names(choose_layers(model.graph, "")),
      AllOf(::testing::Contains("down/5/dense/concat"), ::testing::Contains("up/5/transition/concat"),
            ::testing::Contains("up/1/dense/concat"), ::testing::Not(::testing::Contains("up/5/dense/1/concat"))));
}

TEST(ChooseLayers, WhatASumAddsUpToAndNothingFlat) {
  const Model model = create_model("deeplabv3", {.settings = {{"width", "0.1"}, {"encoder", "resnet18"}}});
  const auto all = names(choose_layers(model.graph, ""));
  EXPECT_THAT(all,
              AllOf(::testing::Contains("backbone/layer2/1/relu"), ::testing::Contains("classifier/0/convs/3/1/relu"),
                    ::testing::Contains("classifier/0/project/1/relu")));
  for (const std::string& name : all) {
    EXPECT_THAT(name, ::testing::Not(HasSubstr("downsample"))) << "the sum is shown";
    EXPECT_THAT(name, ::testing::Not(HasSubstr("convs/4"))) << "one number everywhere";
  }
}

TEST(ChooseLayers, WhatDropoutLeavesOut) {
  Graph graph;
  const Scope net(graph);
  Value x = graph.input("image", {DType::f32, {1, 3, 8, 8}});
  for (const char* block : {"a", "b", "c"})
    x = dropout(net / block, relu(conv2d(net / block / "1", x, 2, {.padding = 1})), 0.5);
  graph.set_output("logits", conv2d(net / "head", x, 2));
  EXPECT_THAT(names(choose_layers(graph, "")), ElementsAre("a/1/relu", "b/1/relu", "c/1/relu", "head/conv2d"));
}

TEST(ChooseLayers, TheLogitsWhateverMakesThem) {
  Graph graph;
  const Scope net(graph);
  Value x = graph.input("image", {DType::f32, {1, 3, 8, 8}});
  for (const char* block : {"a", "b", "c"}) x = relu(conv2d(net / block / "1", x, 2, {.padding = 1}));
  (net / "out").enter();
  graph.set_output("logits", crop(x, 1));
  EXPECT_THAT(names(choose_layers(graph, "")), ElementsAre("a/1/relu", "b/1/relu", "c/1/relu", "out/crop"));
}

TEST(ChooseLayers, ActivationsOfANetWithoutBlocks) {
  Graph graph;
  const Value image = graph.input("image", {DType::f32, {1, 3, 4, 4}});
  graph.set_output("logits", affine(leaky_relu(sigmoid(affine(image, 2))), 3));
  EXPECT_THAT(names(choose_layers(graph, "")),
              ElementsAre(HasSubstr("sigmoid"), HasSubstr("leaky_relu"), HasSubstr("affine")));
}

TEST(ChooseLayers, SaysHowFarTheySee) {
  const std::vector<Layer> layers = choose_layers(small_unet().graph, "");
  EXPECT_EQ(layers[0].field.h, 5);
  EXPECT_EQ(layers[0].field.step_h, 1);
  EXPECT_EQ(layers[1].field.step_w, 2);
  EXPECT_EQ(layers[2].field.step_w, 4);
  EXPECT_EQ(layers[2].field.h, 1 + 4 + 1 + 4 * 2 + 2 + 4 * 4) << "3x3 twice, 2x2, 3x3 twice, 2x2, 3x3 twice";
  EXPECT_EQ(layers.back().field.step_h, 1);
}

NetInput picture_of(const Model& model, std::int64_t height, std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 3})};
  std::uint8_t value = 0;
  for (auto& pixel : image.pixels.data<std::uint8_t>()) pixel = value = static_cast<std::uint8_t>(value * 5 + 17);
  return net_input(model, image);
}

TEST(RunLayers, GivesTheNumbersOfThePicturesPart) {
  const Model model = small_unet();
  const NetInput input = picture_of(model, 9, 13);  // padded to 12x16
  const Graph graph = instantiate(model.graph, {{"image", input.numbers.shape()}});
  const std::vector<Layer> layers = choose_layers(graph, "down/*/b/relu");
  std::vector<Tensor> maps;
  run_layers(graph, model.tensors, input, layers, {.threads = 1, .tune = false}, [&](std::size_t i, const Tensor& map) {
    EXPECT_EQ(i, maps.size());
    maps.push_back(map.clone());
    return true;
  });
  ASSERT_EQ(maps.size(), 2u);
  EXPECT_EQ(maps[0].shape(), (Shape{4, 9, 13}));
  EXPECT_EQ(maps[1].shape(), (Shape{8, 5, 7}));

  Graph whole = instantiate(model.graph, {{"image", input.numbers.shape()}});
  whole.set_output("deep", choose_layers(whole, "down/8/b/relu")[0].value);
  Program program(whole, model.tensors, {}, {.threads = 1, .tune = false});
  std::ranges::copy(input.numbers.data<float>(), program.input("image").data<float>().begin());
  program.run();
  const Tensor deep = program.output("deep");  // (1, 8, 6, 8)
  EXPECT_FLOAT_EQ(maps[1].data<float>()[(3 * 5 + 4) * 7 + 6], deep.data<float>()[(3 * 6 + 4) * 8 + 6]);
}

TEST(RunLayers, StopsWhenToldTo) {
  const Model model = small_unet();
  const NetInput input = picture_of(model, 8, 8);
  const Graph graph = instantiate(model.graph, {{"image", input.numbers.shape()}});
  int looked = 0;
  run_layers(graph, model.tensors, input, choose_layers(graph, ""), {.threads = 1, .tune = false},
             [&](std::size_t, const Tensor&) { return ++looked < 3; });
  EXPECT_EQ(looked, 3);
}

TEST(RunLayers, FindsThePictureInTheMiddleOfANetThatLosesItsMargin) {
  Model model;
  const Scope net(model.graph);
  Value x = model.graph.input("image", {DType::f32, {1, 3, 16, 16}});
  x = relu(conv2d(net / "a", x, 2, {.kernel = 5}));  // loses 2 on each side
  model.graph.set_output("logits", conv2d(net / "b", x, 2, {.kernel = 3}));
  model.tensors = initialise(model.graph, 1);
  model.info.size = {.least = 7, .margin = 3};
  const NetInput input = picture_of(model, 6, 8);
  EXPECT_EQ(input.numbers.shape(), (Shape{1, 3, 12, 14}));
  const Graph graph = instantiate(model.graph, {{"image", input.numbers.shape()}});
  std::vector<Shape> shapes;
  run_layers(graph, model.tensors, input, choose_layers(graph, "*"), {.threads = 1, .tune = false},
             [&](std::size_t, const Tensor& map) {
               shapes.push_back(map.shape());
               return true;
             });
  for (const Shape& shape : shapes) EXPECT_EQ(shape, (Shape{2, 6, 8}));
  EXPECT_EQ(shapes.size(), 3u);
}

}  // namespace
}  // namespace inlay
