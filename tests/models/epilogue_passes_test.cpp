// Networks with residual sums and PReLU: the same logits with all passes and without.
#include <gtest/gtest.h>

#include <algorithm>

#include "inlay/model.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

struct Net {
  std::string name;
  std::map<std::string, std::string> settings;
};

void PrintTo(const Net& net, std::ostream* out) { *out << net.name; }

Bindings bindings(const Graph& graph, const Model& model) {
  Bindings result;
  for (const Value& leaf : graph.leaves()) {
    const auto found = model.tensors.find(leaf.name());
    if (found != model.tensors.end()) {
      result[leaf.name()] = found->second;
      continue;
    }
    const std::vector<double> numbers = draw({leaf.name(), leaf.type()}, 5);
    Tensor tensor(DType::f32, leaf.shape());
    std::ranges::transform(numbers, tensor.data<float>().begin(), [](double v) { return static_cast<float>(v); });
    result[leaf.name()] = tensor;
  }
  return result;
}

class EpiloguePasses : public ::testing::TestWithParam<Net> {};

TEST_P(EpiloguePasses, GiveTheSameLogits) {
  const Model model =
      create_model(GetParam().name, {.in_channels = 3, .out_channels = 5, .settings = GetParam().settings, .seed = 1});
  const Graph graph = instantiate(model.graph, {{"image", {1, 3, 69, 75}}});
  const Bindings tensors = bindings(graph, model);
  double bound = 1e-5;
  const auto logits = [&](std::vector<std::string> skip) {
    Program program(graph, tensors, {}, {.threads = 2, .tune = false, .skip_passes = std::move(skip)});
    if (program.algorithms().contains("bf16x3")) bound = 5e-5;  // its rounding through some layers
    program.run();
    return to_doubles(program.output("logits"));
  };
  std::vector<std::string> all;
  for (const PassInfo& pass : list_passes()) all.push_back(pass.name);
  const auto plain = logits(all);
  double most = 0;
  for (const double v : plain) most = std::max(most, std::abs(v));
  ASSERT_GT(most, 0);
  for (const std::vector<std::string>& skip :
       {std::vector<std::string>{}, {"fuse_add"}, {"fuse_activation"}, {"fuse_add", "fuse_activation"}}) {
    const auto found = logits(skip);
    double difference = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) difference = std::max(difference, std::abs(found[i] - plain[i]));
    EXPECT_LT(difference, bound * most) << fmt::format("skipped: {}", fmt::join(skip, " "));
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, EpiloguePasses,
                         ::testing::Values(Net{"enet", {}}, Net{"espnet", {}}, Net{"erfnet", {}},
                                           Net{"deeplabv3", {{"width", "0.25"}}}),
                         [](const auto& net) { return net.param.name; });

}  // namespace
}  // namespace inlay::testing
