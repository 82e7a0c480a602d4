#include "train/training_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "train/gradients.h"
#include "train/train_data.h"

namespace inlay {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::ThrowsMessage;

TEST(TrainingGraph, HasLabelsLossAndAGradientForEachParameter) {
  const Model model = tiny_net(3, 0.5);
  const TrainingGraph training = make_training_graph(model.graph, {2, 1, 8, 12}, {"auto", true});
  verify(training.graph);
  EXPECT_EQ(training.graph.find_leaf("labels").type(), (TensorType{DType::u8, {2, 8, 12}}));
  EXPECT_EQ(training.graph.find_leaf("class_weights").shape(), Shape({3}));
  EXPECT_EQ(training.graph.output("loss").shape(), Shape({1}));
  ASSERT_EQ(training.parameters.slots.size(), 5u);
  EXPECT_EQ(training.graph.outputs().size(), 6u);
  for (const auto& slot : training.parameters.slots)
    EXPECT_EQ(training.graph.output("gradient/" + slot.name).shape(), slot.shape);
  EXPECT_THAT(to_string(training.graph), HasSubstr("training=true"));
}

TEST(TrainingGraph, AutoIsTheLossForTheNumberOfOutputs) {
  EXPECT_THAT(to_string(make_training_graph(tiny_net(2).graph, {1, 1, 4, 4}, {"auto"}).graph),
              HasSubstr("= cross_entropy("));
  const Graph one = make_training_graph(tiny_net(1).graph, {1, 1, 4, 4}, {"auto", true}).graph;
  EXPECT_THAT(to_string(one), HasSubstr("= binary_cross_entropy("));
  EXPECT_EQ(one.find_leaf("class_weights").shape(), Shape({2}));
}

TEST(TrainingGraph, SmoothsLabels) {
  const auto text = [](double smoothing) {
    return to_string(
        make_training_graph(tiny_net(2).graph, {1, 1, 4, 4}, {.name = "auto", .label_smoothing = smoothing}).graph);
  };
  EXPECT_THAT(text(0.1), HasSubstr("{gamma=0.0, smoothing=0.1}"));
  EXPECT_THAT(text(0), HasSubstr("= cross_entropy("));
}

TEST(TrainingGraph, AddsTheLossOfAuxiliaryOutputs) {
  Model model = tiny_net(3);
  const Value head = conv2d(Scope(model.graph) / "side", model.graph.find_leaf("image"), 3, {.kernel = 1});
  model.graph.set_output("aux/side", head);
  const TrainingGraph training = make_training_graph(model.graph, {1, 1, 4, 4}, {.name = "auto", .aux_weight = 0.25});
  const std::string text = to_string(training.graph);
  EXPECT_THAT(text, HasSubstr("scale=0.25"));
  EXPECT_THAT(text, HasSubstr("gradient/side/weight"));
  const auto without = make_training_graph(model.graph, {1, 1, 4, 4}, {.name = "auto", .aux_weight = 0});
  EXPECT_THAT(to_string(without.graph), Not(HasSubstr("gradient/side/weight")));
  const Graph inference = instantiate(model.graph, {});
  EXPECT_EQ(inference.outputs().size(), 1u) << "they serve training alone";
  EXPECT_LT(inference.nodes().size(), model.graph.nodes().size());
}

TEST(TrainingGraph, TheWeightsOfDeepSupervisionHalve) {
  const Model model =
      create_model("unet", {.in_channels = 1,
                            .out_channels = 3,
                            .settings = {{"width", "4"}, {"depth", "4"}, {"deep_supervision", "true"}}});
  const TrainingGraph training = make_training_graph(model.graph, {1, 1, 16, 16}, {"auto"});
  const std::string text = to_string(training.graph);
  EXPECT_THAT(text, HasSubstr("gradient/aux/level1/weight"));
  EXPECT_THAT(text, HasSubstr("gradient/aux/level2/weight"));
  EXPECT_THAT(text, HasSubstr("scale=0.5"));
  EXPECT_THAT(text, HasSubstr("scale=0.25"));
  EXPECT_THAT(text, Not(HasSubstr("scale=0.4")));
  const auto without = make_training_graph(model.graph, {1, 1, 16, 16}, {.name = "auto", .aux_weight = 0});
  EXPECT_THAT(to_string(without.graph), Not(HasSubstr("gradient/aux/level1/weight")));
}

TEST(TrainingGraph, HasNoOutputsThatNobodyReads) {
  Model model = tiny_net(3);
  model.graph.set_output("aux/side", model.graph.output("logits"));
  const TrainingGraph training = make_training_graph(model.graph, {1, 1, 4, 4}, {"auto"});
  for (const GraphOutput& output : training.graph.outputs())
    EXPECT_TRUE(output.name == "loss" || output.name.starts_with("gradient/")) << output.name;
}

TEST(TrainingGraph, AParameterWithoutInfluenceHasNoGradient) {
  Model model = tiny_net();
  model.graph.add_leaf(LeafKind::parameter, "idle", {DType::f32, {3}});
  const TrainingGraph training = make_training_graph(model.graph, {1, 1, 4, 4}, {"auto"});
  EXPECT_EQ(training.parameters.slots.size(), 6u);
  EXPECT_EQ(training.graph.outputs().size(), 6u) << "the loss and five gradients";
  model.tensors["idle"] = Tensor(DType::f32, {3});
  Program program(training.graph, model.tensors, {}, {.constant_parameters = false, .tune = false});
  const Gradients gradients(program, training);
  ASSERT_EQ(gradients.values().size(), 6u);
  for (std::size_t i = 0; i < 6; ++i) {
    const ArenaLayout::Slot& slot = training.parameters.slots[i];
    EXPECT_EQ(std::ssize(gradients.values()[i]), slot.shape.elements()) << slot.name;
  }
  program.run();
  ASSERT_EQ(training.parameters.slots[5].name, "idle");
  EXPECT_EQ(norm({gradients.values()[5]}), 0);
  EXPECT_GT(norm({gradients.values()[4]}), 0) << "the last layer's bias";
}

TEST(TrainingGraph, RefusesNetsThatCannotBeTrained) {
  Model model;
  Value image = model.graph.input("image", {DType::f32, {1, 2, 4, 4}});
  model.graph.set_output("logits", relu(image));
  EXPECT_THAT(
      [&] {
        make_training_graph(model.graph, {1, 2, 4, 4}, {"auto"});
      },
      ThrowsMessage<InputError>("the loss depends on no parameter of the net: there is nothing to train"));
  model.graph.set_output("logits", subsample2d(image));
  EXPECT_THAT(
      [&] {
        make_training_graph(model.graph, {1, 2, 4, 4}, {"auto"});
      },
      ThrowsMessage<InputError>(
          HasSubstr("turns a picture of 4x4 into logits of shape 1x2x2x2; training needs one logit per pixel")));
}

}  // namespace
}  // namespace inlay
