// Losses and their gradients against values that PyTorch computed (tests/golden/make_loss_golden.py), by the references
// and by the fast kernels.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "compiler/autodiff.h"
#include "inlay/losses.h"
#include "support/both_ways.h"

namespace inlay::testing {
namespace {

using nlohmann::json;

Shape shape_of(const json& tensor) { return Shape(tensor["shape"].get<std::vector<std::int64_t>>()); }

void check(const json& golden) {
  SCOPED_TRACE(golden["loss"].get<std::string>() + ", " + golden["name"].get<std::string>());
  constexpr const char* kNames[] = {"logits", "labels", "class_weights", "pixel_weights"};
  Graph graph;
  std::vector<Value> in;
  ReferenceValues numbers;
  for (const json& input : golden["inputs"]) {
    const std::string name = kNames[in.size()];
    in.push_back(graph.input(name, {in.size() == 1 ? DType::u8 : DType::f32, shape_of(input)}));
    numbers[name] = input["data"].get<std::vector<double>>();
  }
  in.resize(4);
  const Value loss = make_loss(golden["loss"].get<std::string>(), in[0], in[1], in[2], in[3],
                               {.label_smoothing = golden["smoothing"]});
  graph.set_output("loss", loss);
  graph.set_output("gradient", gradients(loss, std::vector{in[0]})[0]);
  both_ways(graph, numbers, [&](const Outputs& out) {
    EXPECT_NEAR(out.at("loss")[0], golden["value"].get<double>(), 2e-6);
    const auto expected = golden["gradient"].get<std::vector<double>>();
    ASSERT_EQ(out.at("gradient").size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) ASSERT_NEAR(out.at("gradient")[i], expected[i], 1e-6) << i;
  });
}

TEST(LossGolden, ValuesAndGradientsAreThoseOfPyTorch) {
  std::ifstream file(INLAY_SOURCE "/tests/golden/loss_ops.json");
  ASSERT_TRUE(file) << "missing file";
  const json cases = json::parse(file);
  EXPECT_EQ(cases.size(), 20u);
  for (const json& golden : cases) check(golden);
}

}  // namespace
}  // namespace inlay::testing
