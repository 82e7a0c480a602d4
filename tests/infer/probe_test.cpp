#include "inlay/probe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <numeric>

#include "inlay/nn.h"
#include "inlay/ops.h"
#include "inlay/summary.h"
#include "models/network.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

/// A net of whatever `build` makes of the image, with random weights.
Model net(const std::function<Value(const Scope&, Value)>& build, std::int64_t channels = 1) {
  Model model;
  const Value image = model.graph.input("image", {DType::f32, {1, channels, 32, 32}});
  model.graph.set_output("logits", build(Scope(model.graph), image));
  model.graph.set_scope("");
  model.tensors = initialise(model.graph, 3);
  return model;
}

Value stack(const Scope& s, Value x, std::int64_t layers) {
  for (std::int64_t i = 0; i < layers; ++i) x = conv_norm(s / "layer" / i, x, 3, {.padding = 1});
  return conv2d(s / "head", x, 2, {.kernel = 1});
}

/// Of the centre at 64x64 unless said otherwise.
FieldProbe probe(const Model& model, ProbeOptions options = {}) {
  if (options.height == ProbeOptions{}.height) options.height = options.width = 64;
  options.threads = 1;
  return probe_field(model, options);
}

TEST(Probe, MeasuresOneAndTwoALayer) {
  for (const std::int64_t layers : {0, 1, 2, 5, 12}) {
    const Model model = net([&](const Scope& s, Value x) { return stack(s, x, layers); }, 3);
    const FieldProbe field = probe(model, {.pictures = 1});
    const std::int64_t side = 1 + 2 * layers;
    EXPECT_EQ(field.pixel, (PixelPosition{32, 32}));
    EXPECT_EQ(field.box, (PixelBox{32 - layers, 32 - layers, side, side}));
    EXPECT_EQ(field.pixels, side * side);
    EXPECT_EQ(field.cut, false);
    EXPECT_EQ(summarise(model.graph).receptive_field_h, side);
  }
}

TEST(Probe, AgreesWithTheFormulaOfThePlainNet) {
  for (const char* layers : {"1", "4", "9"}) {
    const Model model = create_graph("fcn_plain", {.settings = {{"layers", layers}, {"width", "4"}}});
    const std::int64_t field = 1 + 2 * std::stoll(layers);
    EXPECT_EQ(probe(model, {.pictures = 1}).box, (PixelBox{32 - field / 2, 32 - field / 2, field, field}));
    EXPECT_EQ(summarise(model, 64, 64).receptive_field_h, field);
  }
}

TEST(Probe, FindsTheCornersOfADeepStack) {
  const Model model = net([](const Scope& s, Value x) { return stack(s, x, 40); });
  const FieldProbe field = probe(model, {.height = 96, .width = 90, .pictures = 1});
  EXPECT_EQ(field.box, (PixelBox{8, 5, 81, 81}));
  EXPECT_EQ(field.pixels, 81 * 81);
}

TEST(Probe, ADilatedKernelSeesTheSameBoxWithFewerWeights) {
  const Model dense = net([](const Scope& s, Value x) { return conv2d(s, x, 1, {.kernel = 5, .padding = 2}); });
  const Model dilated = net([](const Scope& s, Value x) { return conv2d(s, x, 1, {.padding = 2, .dilation = 2}); });
  EXPECT_EQ(probe(dense).box, probe(dilated).box);
  EXPECT_EQ(probe(dilated).box, (PixelBox{30, 30, 5, 5}));
  EXPECT_EQ(probe(dense).pixels, 25);
  EXPECT_EQ(probe(dilated).pixels, 9);
  EXPECT_EQ(dilated.tensors.at("weight").elements(), 9);
}

TEST(Probe, OwnWeightsGiveTheGradientItself) {
  Model model = net([](const Scope& s, Value x) { return conv2d(s, x, 2, {.padding = 1}); });
  model.tensors["weight"] = Tensor::of<float>({2, 1, 3, 3}, {1, 0, 0, 0, 2, 0, 0, 0, -3, 5, 0, 0, 0, -7, 0, 0, 0, 0});
  const FieldProbe field = probe(model, {.pixel = PixelPosition{10, 20}, .weights = ProbeWeights::own, .pictures = 3});
  const auto at = [&](std::size_t row, std::size_t column) { return field.gradient.data<float>()[row * 64 + column]; };
  EXPECT_EQ(field.gradient.shape(), (Shape{64, 64}));
  EXPECT_FLOAT_EQ(at(9, 19), 6) << "of both logits";
  EXPECT_FLOAT_EQ(at(10, 20), 9) << "2 and -7 do not cancel";
  EXPECT_FLOAT_EQ(at(11, 21), 3);
  EXPECT_EQ(field.pixels, 3);
  EXPECT_EQ(field.box, (PixelBox{9, 19, 3, 3}));
}

TEST(Probe, ConstantWeightsHideNothing) {
  Model model = net([](const Scope& s, Value x) { return stack(s, x, 3); }, 2);
  for (auto& [name, tensor] : model.tensors) tensor = Tensor::filled(tensor.shape(), -1);
  EXPECT_EQ(probe(model).box, (PixelBox{29, 29, 7, 7}));
  const auto gradient = probe(model).gradient;
  const auto numbers = gradient.data<float>();
  EXPECT_NEAR(std::accumulate(numbers.begin(), numbers.end(), 0.0), 2, 0.01) << "averages of averages, for two logits";
}

TEST(Probe, ManyPicturesApproachTheFormulaBehindMaxPools) {
  const Model model = net([](const Scope& s, Value x) {
    for (int i = 0; i < 2; ++i) x = max_pool2d(conv_norm(s / i, x, 2, {.padding = 1})).values;
    return resize2d_like(conv2d(s / "head", x, 1, {.kernel = 3, .padding = 1}), s.graph().find_leaf("image"));
  });
  const std::int64_t formula = summarise(model.graph).receptive_field_h;
  const FieldProbe one = probe(model, {.pictures = 1}), many = probe(model, {.pictures = 24});
  EXPECT_LT(one.pixels, many.pixels);
  EXPECT_EQ(many.box.height, formula);
  EXPECT_EQ(many.box.width, formula);
}

TEST(Probe, SaysWhenThePictureCutsTheField) {
  const Model model = net([](const Scope& s, Value x) { return stack(s, x, 2); });
  EXPECT_TRUE(probe(model, {.pixel = PixelPosition{1, 30}}).cut);
  EXPECT_FALSE(probe(model, {.pixel = PixelPosition{3, 30}}).cut);
  const FieldProbe corner = probe(model, {.pixel = PixelPosition{0, 63}});
  EXPECT_EQ(corner.box, (PixelBox{0, 61, 3, 3}));
  const FieldProbe single = probe(model, {.height = 1, .width = 1});
  EXPECT_EQ(single.box, (PixelBox{0, 0, 1, 1}));
  EXPECT_TRUE(single.cut);
}

TEST(Probe, LooksAtTheMiddleOfSmallerLogits) {
  const Model model = net([](const Scope& s, Value x) { return conv2d(s, x, 1, {.kernel = 5}); });
  const FieldProbe field = probe(model, {.height = 20, .width = 31});
  EXPECT_EQ(field.pixel, (PixelPosition{8, 13}));
  EXPECT_EQ(field.box, (PixelBox{8, 13, 5, 5}));
  EXPECT_THAT(input_error([&] {
                probe(model, {.height = 20, .width = 31, .pixel = PixelPosition{16, 0}});
              }),
              HasSubstr("the pixel (16, 0) lies outside of the logits, which have 16 rows and 27 columns"));
}

TEST(Probe, DependsOnTheSeedAlone) {
  const Model model = net([](const Scope& s, Value x) { return max_pool2d(conv2d(s, x, 1, {.padding = 1})).values; });
  const auto sum = [&](std::uint64_t seed) {
    const FieldProbe field = probe(model, {.pictures = 1, .seed = seed});
    return std::pair(field.box.top, field.box.left);
  };
  EXPECT_EQ(sum(5), sum(5));
  bool differs = false;
  for (std::uint64_t seed = 6; seed < 12; ++seed) differs |= sum(seed) != sum(5);
  EXPECT_TRUE(differs);
}

TEST(Probe, RefusesWhatItCannotMeasure) {
  Model model = net([](const Scope& s, Value x) { return stack(s, x, 1); });
  EXPECT_THAT(input_error([&] { probe(model, {.pictures = 0}); }), HasSubstr("0 pictures to probe with"));
  EXPECT_THAT(input_error([&] { probe(model, {.height = 0, .width = 4}); }), HasSubstr("the size is 0x4: try 1x4"));
  model.info.size.multiple = 8;
  EXPECT_THAT(input_error([&] { probe(model, {.height = 30, .width = 32}); }),
              HasSubstr("the net takes sides divisible by 8, and the size is 30x32: try 32x32"));
  model.info.size.multiple = 1;
  for (auto& [name, tensor] : model.tensors) tensor = Tensor::filled(tensor.shape(), 1e30F);
  EXPECT_THAT(input_error([&] { probe(model, {.weights = ProbeWeights::own}); }), HasSubstr("is not finite"));
  const Model constant = net([](const Scope& s, Value x) {
    return resize2d_like(s.graph().input("other", {DType::f32, {1, 1, 4, 4}}), x);
  });
  EXPECT_THAT(input_error([&] { probe(constant); }), HasSubstr("the logits do not depend on the image"));
}

}  // namespace
}  // namespace inlay
