#include "models/weights/weight_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/nn.h"
#include "models/weights/weight_transform.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using testing::input_error;
using ::testing::IsEmpty;

/// Parameters a/weight 2x1x3x3, a/scale, a/shift and state a/running_mean, a/running_variance, 2 each.
Graph graph() {
  Graph graph;
  const Value image = graph.input("image", {DType::f32, {1, 1, 4, 4}});
  graph.set_output("logits", conv_norm(Scope(graph, "a"), image, 2, {.padding = 1}));
  return graph;
}

WeightTensor floats(const Shape& shape, float first = 1) {
  Tensor numbers(DType::f32, shape);
  for (float& number : numbers.data<float>()) number = first++;
  return {"F32", shape, numbers};
}

/// A file of PyTorch.
WeightFile file() {
  return {{"c.weight", floats({2, 1, 3, 3})},  {"n.weight", floats({2}, 30)},      {"n.bias", floats({2}, 40)},
          {"n.running_mean", floats({2}, 50)}, {"n.running_var", floats({2}, 60)}, {"n.steps", {"I64", {}, {}}}};
}

constexpr const char* kMap =
    "drop *.steps\n"
    "c.weight -> a/weight\n"
    "n.{weight,bias,running_mean,running_var} -> a/{scale,shift,running_mean,running_variance}\n";

WeightPlan plan(const WeightFile& file, const std::string& map = kMap) {
  return plan_weights(graph(), file, parse_weight_map(map, "map"));
}

std::vector<float> numbers(const Tensor& tensor) { return {tensor.data<float>().begin(), tensor.data<float>().end()}; }

TEST(WeightPlan, PutsEveryTensorInItsPlace) {
  const WeightPlan done = plan(file());
  EXPECT_THAT(done.problems, IsEmpty());
  EXPECT_THAT(done.dropped, ElementsAre("n.steps"));
  EXPECT_THAT(done.fresh, IsEmpty());
  ASSERT_EQ(done.numbers.size(), 5u);
  EXPECT_THAT(numbers(done.numbers.at("a/weight")), ElementsAreArray(numbers(floats({18}).numbers)));
  EXPECT_THAT(numbers(done.numbers.at("a/scale")), ElementsAre(30, 31));
  EXPECT_THAT(numbers(done.numbers.at("a/shift")), ElementsAre(40, 41));
  EXPECT_THAT(numbers(done.numbers.at("a/running_mean")), ElementsAre(50, 51));
  EXPECT_THAT(numbers(done.numbers.at("a/running_variance")), ElementsAre(60, 61));
}

TEST(WeightPlan, TheFirstRuleThatFitsCounts) {
  const WeightPlan done = plan(file(), std::string("c.weight -> nowhere\n") + kMap);
  EXPECT_THAT(done.problems, ElementsAre("'c.weight' (F32 2x1x3x3): the network has no 'nowhere'",
                                         "nothing for 'a/weight' (2x1x3x3)"));
}

TEST(WeightPlan, OfSeveralTargetsTheFirstThatIsThereCounts) {
  const WeightPlan done = plan(file(),
                               "drop n.steps\n"
                               "{c,n}.weight -> {b,a}/weights or {a,a}/weight or {a,b}/scale\n"
                               "n.bias -> a/bias or a/shift\n"
                               "n.running_mean -> a/running_mean\n"
                               "n.running_var -> a/x or a/y\n");
  EXPECT_THAT(done.problems, ElementsAre("'n.running_var' (F32 2): the network has no 'a/x' or 'a/y'",
                                         "'c.weight' and 'n.weight' both go to 'a/weight'",
                                         "nothing for 'a/running_variance' (2)", "nothing for 'a/scale' (2)"));
  EXPECT_THAT(numbers(done.numbers.at("a/shift")), ElementsAre(40, 41));
}

TEST(WeightPlan, ListsAllThatDoesNotFit) {
  WeightFile wrong = file();
  wrong["c.weight"] = floats({2, 3, 3, 3});
  wrong["n.weight"] = {"I8", {2}, {}};
  wrong["n.scale.extra"] = floats({});
  wrong.erase("n.bias");
  EXPECT_THAT(plan(wrong).problems, ElementsAre("'c.weight' (F32 2x3x3x3) does not fit 'a/weight' (2x1x3x3)",
                                                "no rule for 'n.scale.extra' (F32 scalar)",
                                                "'n.weight' (I8 2) for 'a/scale': weights are F64, F32, F16 or BF16",
                                                "nothing for 'a/shift' (2)"));
}

TEST(WeightPlan, FreshParametersKeepTheirNumbers) {
  WeightFile half = file();
  half.erase("n.weight");
  half.erase("n.running_mean");
  const WeightPlan done = plan(half, std::string("fresh a/{scale,running_mean}\n") + kMap);
  EXPECT_THAT(done.problems, IsEmpty());
  EXPECT_THAT(done.fresh, ElementsAre("a/running_mean", "a/scale"));
  EXPECT_FALSE(done.numbers.contains("a/scale"));
  EXPECT_THAT(plan(file(), std::string("fresh **/scale\n") + kMap).problems,
              ElementsAre("'n.weight' goes to 'a/scale', which the map leaves fresh: drop the one, or do not name the "
                          "other"));
}

TEST(WeightPlan, TheInputIsNoPlaceForATensor) {
  WeightFile more = file();
  more["x"] = floats({1, 1, 4, 4});
  EXPECT_THAT(plan(more, std::string("x -> image\n") + kMap).problems,
              ElementsAre("'x' (F32 1x1x4x4): the network has no 'image'"));
}

TEST(WeightPlan, TransformsBeforeItLooksAtTheShape) {
  WeightFile keras = file();
  keras["c.weight"] = floats({1, 2, 3, 3});
  const WeightPlan done = plan(keras, std::string("c.weight -> a/weight | transpose | flip\n") + kMap);
  EXPECT_THAT(done.problems, IsEmpty());
  EXPECT_THAT(numbers(done.numbers.at("a/weight")),
              ElementsAre(9, 8, 7, 6, 5, 4, 3, 2, 1, 18, 17, 16, 15, 14, 13, 12, 11, 10));
  EXPECT_THAT(numbers(keras["c.weight"].numbers)[0], 1) << "the file's numbers are left alone";
  EXPECT_THAT(plan(file(), std::string("n.weight -> a/scale | transpose\n") + kMap).problems,
              ElementsAre("'n.weight' (F32 2) for 'a/scale': transpose needs 2 axes"));
  EXPECT_THAT(plan(file(), std::string("n.weight -> a/scale | flip\n") + kMap).problems,
              ElementsAre("'n.weight' (F32 2) for 'a/scale': flip needs 4 axes"));
}

TEST(WeightPlan, AFullyConnectedLayerBecomesAConvolution) {
  WeightFile flat = file();
  flat["c.weight"] = floats({2, 9});
  const std::string map = std::string("c.weight -> a/weight | reshape\n") + kMap;
  const WeightPlan done = plan(flat, map);
  EXPECT_THAT(done.problems, IsEmpty());
  EXPECT_THAT(numbers(done.numbers.at("a/weight")), ElementsAreArray(numbers(floats({18}).numbers)));
  flat["c.weight"] = floats({2, 8});
  EXPECT_THAT(plan(flat, map).problems,
              ElementsAre("'c.weight' (F32 2x8) for 'a/weight': cannot view 2x8 as 2x1x3x3: 16 and 18 elements"));
}

TEST(WeightTransform, TransposesAndReversesAxes) {
  const auto after = [](const Shape& shape, WeightTransform transform) {
    const Tensor out = transformed(floats(shape).numbers, std::array{transform}, {});
    return std::pair(out.shape(), numbers(out));
  };
  EXPECT_EQ(after({2, 3}, WeightTransform::transpose), std::pair(Shape({3, 2}), std::vector<float>{1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(after({2, 2, 2}, WeightTransform::transpose),
            std::pair(Shape({2, 2, 2}), std::vector<float>{1, 2, 5, 6, 3, 4, 7, 8}));
  EXPECT_EQ(after({2, 3}, WeightTransform::reverse_inputs),
            std::pair(Shape({2, 3}), std::vector<float>{3, 2, 1, 6, 5, 4}));
  EXPECT_EQ(after({1, 3, 1, 2}, WeightTransform::reverse_inputs),
            std::pair(Shape({1, 3, 1, 2}), std::vector<float>{5, 6, 3, 4, 1, 2}));
  EXPECT_EQ(after({2, 1, 2, 2}, WeightTransform::flip),
            std::pair(Shape({2, 1, 2, 2}), std::vector<float>{4, 3, 2, 1, 8, 7, 6, 5}));
  EXPECT_EQ(after({0, 3, 2, 2}, WeightTransform::flip), std::pair(Shape({0, 3, 2, 2}), std::vector<float>{}));
  EXPECT_EQ(input_error([&] { after({3}, WeightTransform::reverse_inputs); }), "reverse_inputs needs 2 axes");
}

}  // namespace
}  // namespace inlay
