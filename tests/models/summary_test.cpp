#include "inlay/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/model.h"
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "models/receptive_field.h"
#include "models/unet.h"
#include "runtime/reference/reference_run.h"

namespace inlay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// x -> conv a (2 channels, batch norm, relu) -> concat with x -> 1x1 head, at 4x6.
Graph small_graph() {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 3, 4, 6}});
  const Scope root(graph), a = root / "a";
  const Value y = relu(batch_norm(a, conv2d(a, x, 2, {.padding = 1, .bias = false})));
  root.enter();
  graph.set_output("y", conv2d(root / "head", concat(std::vector{x, y}), 1, {.kernel = 1}));
  return graph;
}

TEST(Summarise, HasARowForEveryInputAndOperator) {
  const Summary s = summarise(small_graph());
  ASSERT_EQ(s.rows.size(), 6u);
  EXPECT_EQ(s.rows[0].name, "x");
  EXPECT_EQ(s.rows[0].kind, "input");
  EXPECT_EQ(s.rows[1].name, "a/conv2d");
  EXPECT_EQ(s.rows[1].kind, "conv2d");
  EXPECT_EQ(s.rows[1].output, (Shape{1, 2, 4, 6}));
  EXPECT_EQ(s.rows[1].parameters, 2 * 3 * 9);
  EXPECT_EQ(s.rows[1].multiply_adds, 2 * 3 * 9 * 24);
  EXPECT_THAT(s.rows[1].connected_to, ElementsAre("x"));
  EXPECT_EQ(s.rows[2].parameters, 8) << "batch norm: scale, shift, mean, variance";
  EXPECT_THAT(s.rows[4].connected_to, ElementsAre("x", "a/relu"));
  EXPECT_EQ(s.rows[5].parameters, 5 + 1);
}

TEST(Summarise, AddsUp) {
  const Summary s = summarise(small_graph());
  EXPECT_EQ(s.parameters, 54 + 4 + 6);
  EXPECT_EQ(s.state, 4);
  std::int64_t rows = 0, work = 0;
  for (const SummaryRow& row : s.rows) {
    rows += row.parameters;
    work += row.multiply_adds;
  }
  EXPECT_EQ(rows, s.parameters + s.state);
  EXPECT_EQ(work, s.multiply_adds);
}

TEST(Summarise, EstimatesMemoryFromLiveRanges) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 1, 2, 5}});  // 40 bytes
  graph.set_output("y", relu(relu(relu(x))));
  const Summary s = summarise(graph);
  EXPECT_EQ(s.inference_bytes, 2 * 40) << "one result at a time beside its source";
  EXPECT_EQ(s.training_bytes, 40 + 3 * 2 * 40);

  const Value kept = graph.nodes()[0]->outputs[0];
  graph.set_output("y", add(graph.output("y"), kept));
  EXPECT_EQ(summarise(graph).inference_bytes, 3 * 40) << "the first result waits for the sum";
}

TEST(Summarise, CountsWeightsAsMemory) {
  const Summary s = summarise(small_graph());
  EXPECT_EQ(s.training_bytes, 4 * (4 * s.parameters + s.state) + 4 * 72 + 2 * 4 * (48 * 3 + 120 + 24));
  EXPECT_EQ(s.inference_bytes, 4 * (s.parameters + s.state) + 4 * (72 + 48 + 120)) << "at the concat";
}

std::int64_t field_of(const std::function<Value(Scope, Value)>& build) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 1, 32, 32}});
  graph.set_output("y", build(Scope(graph), x));
  const Summary s = summarise(graph);
  EXPECT_EQ(s.receptive_field_h, s.receptive_field_w);
  return s.receptive_field_h;
}

TEST(ReceptiveField, FollowsAraujo) {
  const ConvLayer same{.padding = 1};
  EXPECT_EQ(field_of([](Scope, Value x) { return relu(x); }), 1);
  EXPECT_EQ(field_of([&](Scope s, Value x) { return conv2d(s / "b", conv2d(s / "a", x, 1, same), 1, same); }), 5);
  EXPECT_EQ(field_of([&](Scope s, Value x) { return conv2d(s / "a", max_pool2d(x).values, 1, same); }), 6);
  EXPECT_EQ(field_of([](Scope s, Value x) { return conv2d(s / "a", x, 1, {.dilation = 4}); }), 9);
  EXPECT_EQ(field_of([](Scope, Value x) { return max_pool2d(x, {.kernel = 3, .stride = 1, .dilation = 4}).values; }),
            9);
  EXPECT_EQ(field_of([](Scope s, Value x) {
              return conv2d(s / "b", conv2d(s / "a", x, 1, {.stride = 2}), 1, {.stride = 2});
            }),
            7);
}

TEST(ReceptiveField, TakesTheWidestPath) {
  EXPECT_EQ(field_of([](Scope s, Value x) { return add(x, conv2d(s / "a", x, 1, {.kernel = 5, .padding = 2})); }), 5);
}

TEST(ReceptiveField, IsThePictureAfterGlobalPooling) {
  EXPECT_EQ(field_of([](Scope, Value x) { return global_avg_pool(x); }), 32);
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 1, 32, 32}});
  graph.set_output("y", relu(x));
  EXPECT_FALSE(summarise(graph).sees_everything);
  graph.set_output("z", global_avg_pool(x));
  EXPECT_TRUE(summarise(graph).sees_everything);
  EXPECT_THAT(to_string(summarise(graph)), HasSubstr("Receptive field   the whole picture\n"));
}

TEST(Summarise, LeavesOutWhatServesTrainingAlone) {
  Model model;
  const Value image = model.graph.input("image", {DType::f32, {1, 3, 8, 8}});
  const Scope root(model.graph);
  const Value y = conv2d(root / "a", image, 2, {.padding = 1});
  model.graph.set_output("logits", y);
  model.graph.set_output("aux/side", conv2d(root / "side", y, 2, {.kernel = 1}));
  EXPECT_EQ(summarise(model.graph).parameters, 3 * 2 * 9 + 2 + 2 * 2 + 2);
  const Summary used = summarise(model, 5, 7);
  EXPECT_EQ(used.parameters, 3 * 2 * 9 + 2);
  EXPECT_EQ(used.multiply_adds, 3 * 2 * 9 * 35);
  EXPECT_EQ(used.rows.back().output, (Shape{1, 2, 5, 7}));
}

TEST(ReceptiveField, AWindowIsTheNodesOwn) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 1, 32, 32}});
  const Value y = relu(conv2d(Scope(graph) / "a", x, 1, {.kernel = {3, 5}, .stride = {1, 2}, .dilation = {2, 1}}));
  const Window window = window_of(*graph.nodes()[0]);
  EXPECT_EQ(window.kernel_h, 5);
  EXPECT_EQ(window.kernel_w, 5);
  EXPECT_EQ(window.stride_w, 2);
  EXPECT_EQ(window_of(*y.node()).kernel_h, 1);
}

/// How far apart the rows are whose change moves output pixel (row, row), measured.
std::int64_t measured_field(const Graph& graph, const ReferenceValues& numbers, std::int64_t row) {
  const Value y = graph.output("logits");
  const auto run = [&](const ReferenceValues& at) {
    return reference_run(graph, at)[static_cast<std::size_t>(y.id())]
        .data[static_cast<std::size_t>(row * y.shape()[3] + row)];
  };
  const double before = run(numbers);
  std::int64_t first = -1, last = -1;
  for (std::int64_t r = 0; r < graph.find_leaf("image").shape()[2]; ++r) {
    ReferenceValues moved = numbers;
    const std::int64_t width = graph.find_leaf("image").shape()[3];
    for (std::int64_t c = 0; c < width; ++c) moved["image"][static_cast<std::size_t>(r * width + c)] += 10;
    if (run(moved) == before) continue;
    if (first < 0) first = r;
    last = r;
  }
  return last - first + 1;
}

TEST(ReceptiveField, OfAUnetIsWhatOnePixelReallySees) {
  const Model model = create_model(
      "unet",
      {.in_channels = 1, .out_channels = 1, .settings = {{"width", "2"}, {"depth", "1"}, {"batch_norm", "off"}}});
  const Graph graph = instantiate(model.graph, {{"image", {1, 1, 40, 40}}});
  ReferenceValues numbers{{"image", std::vector<double>(1600, 0.5)}};
  // Positive weights: no ReLU hides a change.
  for (const auto& [name, tensor] : model.tensors)
    numbers[name] = std::vector<double>(static_cast<std::size_t>(tensor.elements()), 0.1);
  const std::int64_t measured = std::max(measured_field(graph, numbers, 20), measured_field(graph, numbers, 21));
  EXPECT_EQ(summarise(graph).receptive_field_h, 18);
  EXPECT_EQ(measured, 18);
}

TEST(SummaryTable, ReadsLikeKeras) {
  const std::string text = to_string(summarise(small_graph()));
  EXPECT_THAT(text, HasSubstr("Layer                        Output HxWxC    Parameters Connected to\n"));
  EXPECT_THAT(text, HasSubstr("a/conv2d                     4x6x2                   54 x\n"));
  EXPECT_THAT(text, HasSubstr("concat                       4x6x5                    0 x\n"
                              "                                                        a/relu\n"));
  EXPECT_THAT(text, HasSubstr("Parameters        68 (272 B)\n  trained         64\n  not trained     4\n"));
  EXPECT_THAT(text, HasSubstr("Multiply-adds     1.42 thousand\n"));
  EXPECT_THAT(text, HasSubstr("Receptive field   3x3 pixels\n"));
  EXPECT_THAT(text, HasSubstr("for inference, "));
}

TEST(SummaryTable, IsEightyColumnsWide) {
  Graph graph;
  graph.set_output("logits", unet(Scope(graph), graph.input("image", {DType::f32, {1, 3, 128, 128}}), 2,
                                  {.width = 512, .depth = 2}));
  const std::string text = to_string(summarise(graph));
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = text.find('\n', start);
    std::size_t columns = 0;
    for (std::size_t i = start; i < end; ++i) columns += (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 ? 1 : 0;
    EXPECT_LE(columns, 80u) << text.substr(start, end - start);
    start = end + 1;
  }
  EXPECT_THAT(text, HasSubstr("32x32x2048"));
  EXPECT_THAT(text, HasSubstr("37,748,736"));
}

TEST(SummaryTable, CutsLongNamesAtTheFront) {
  Graph graph;
  const Value x = graph.input("x", {DType::f32, {1, 1, 2, 2}});
  graph.set_scope("a/very/long/path/of/many/parts/indeed");
  graph.set_output("y", relu(x));
  EXPECT_THAT(to_string(summarise(graph)), HasSubstr("\n…h/of/many/parts/indeed/relu 2x2x1 "));
}

}  // namespace
}  // namespace inlay
