// The references against values that PyTorch computed (tests/golden/make_golden.py).
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "inlay/ops.h"
#include "runtime/reference/reference_run.h"

namespace inlay {
namespace {

using nlohmann::json;

Size2 size_of_option(const json& o, const char* name, Size2 fallback) {
  return o.contains(name) ? Size2{o[name][0], o[name][1]} : fallback;
}

Padding padding_of_option(const json& o) {
  if (!o.contains("padding")) return 0;
  const json& p = o["padding"];
  return p.size() == 2 ? Padding{p[0], p[1]} : Padding{p[0], p[1], p[2], p[3]};
}

Pool2dOptions pool_options(const json& o) {
  return {.kernel = size_of_option(o, "kernel_size", 1),
          .stride = size_of_option(o, "stride", 0),
          .padding = padding_of_option(o),
          .ceil_mode = o.value("ceil_mode", false),
          .count_include_pad = o.value("count_include_pad", true)};
}

std::vector<Value> build_convolution(const std::string& op, const json& o, const std::vector<Value>& in) {
  const Size2 stride = size_of_option(o, "stride", 1), dilation = size_of_option(o, "dilation", 1);
  const std::int64_t groups = o.value("groups", std::int64_t{1});
  if (op == "conv2d")
    return {conv2d(in[0], in[1], in[2],
                   {.stride = stride, .padding = padding_of_option(o), .dilation = dilation, .groups = groups})};
  return {conv_transpose2d(in[0], in[1], in[2],
                           {.stride = stride,
                            .padding = padding_of_option(o),
                            .dilation = dilation,
                            .groups = groups,
                            .output_padding = size_of_option(o, "output_padding", 0)})};
}

std::vector<Value> build_pooling(const std::string& op, const json& o, const std::vector<Value>& in) {
  if (op == "max_pool2d") {
    const MaxPool pool = max_pool2d(in[0], pool_options(o));
    return {pool.values, pool.indices};
  }
  if (op == "max_unpool2d") return {max_unpool2d(in[0], max_pool2d(in[1], pool_options(o)).indices, in[1])};
  if (op == "avg_pool2d") return {avg_pool2d(in[0], pool_options(o))};
  return {global_avg_pool(in[0])};
}

std::vector<Value> build_resize(const json& o, const std::vector<Value>& in) {
  Resize2dOptions options{.size = size_of_option(o, "size", 0)};
  for (const auto mode : {Interpolation::nearest, Interpolation::bilinear, Interpolation::bicubic})
    if (enum_names(mode)[static_cast<std::size_t>(mode)] == o["mode"].get<std::string>()) options.mode = mode;
  for (const auto coordinates : {Coordinates::half_pixel, Coordinates::align_corners, Coordinates::asymmetric})
    if (enum_names(coordinates)[static_cast<std::size_t>(coordinates)] == o["coordinates"].get<std::string>())
      options.coordinates = coordinates;
  return {resize2d(in[0], options)};
}

/// In training: the result and the new running mean and variance.
std::vector<Value> build_batch_norm(const json& o, const std::vector<Value>& in) {
  const BatchNormOptions options{.epsilon = o["epsilon"], .momentum = o["momentum"], .training = o["training"]};
  const Value y = batch_norm(in[0], in[1], in[2], in[3], in[4], options);
  if (!options.training) return {y};
  return {y, y.node()->outputs[3], y.node()->outputs[4]};
}

std::vector<Value> build(const std::string& op, const json& o, const std::vector<Value>& in) {
  if (op.starts_with("conv")) return build_convolution(op, o, in);
  if (op.find("pool") != std::string::npos) return build_pooling(op, o, in);
  if (op == "resize2d") return build_resize(o, in);
  if (op == "batch_norm") return build_batch_norm(o, in);
  if (op == "relu") return {relu(in[0])};
  if (op == "leaky_relu") return {leaky_relu(in[0], {o["slope"]})};
  if (op == "prelu") return {prelu(in[0], in[1])};
  if (op == "sigmoid") return {sigmoid(in[0])};
  if (op == "softmax") return {softmax(in[0])};
  if (op == "pad") return {pad(in[0], {padding_of_option(o), PadMode::reflect})};
  if (op == "cross_entropy") return {cross_entropy(in[0], in[1], in.size() > 2 ? in[2] : Value())};
  if (op == "binary_cross_entropy") return {binary_cross_entropy(in[0], in[1])};
  throw std::logic_error("no operator " + op);
}

/// PyTorch counts max-pooling's positions by plane too, labels have rank 3, running statistics are state.
void check(const json& golden) {
  SCOPED_TRACE(golden["op"].get<std::string>() + "/" + golden["name"].get<std::string>());
  const std::string op = golden["op"];
  Graph graph;
  std::vector<Value> in;
  ReferenceValues numbers;
  for (const json& input : golden["inputs"]) {
    const auto i = in.size();
    const std::string name = "input" + std::to_string(i);
    const DType type = op.ends_with("cross_entropy") && i == 1 ? DType::u8 : DType::f32;
    const auto extents = input["shape"].get<std::vector<std::int64_t>>();
    in.push_back(
        graph.add_leaf(op == "batch_norm" && i >= 3 ? LeafKind::state : LeafKind::input, name, {type, Shape(extents)}));
    numbers[name] = input["data"].get<std::vector<double>>();
  }
  const auto outputs = build(op, golden["options"], in);
  const auto values = reference_run(graph, numbers);
  ASSERT_EQ(outputs.size(), golden["outputs"].size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto& got = values[static_cast<std::size_t>(outputs[i].id())];
    const json& expected = golden["outputs"][i];
    ASSERT_EQ(got.type.shape, Shape(expected["shape"].get<std::vector<std::int64_t>>())) << "output " << i;
    for (std::size_t k = 0; k < got.data.size(); ++k)
      ASSERT_NEAR(got.data[k], expected["data"][k].get<double>(), 1e-5) << "output " << i << ", element " << k;
  }
}

class Golden : public ::testing::TestWithParam<const char*> {};

TEST_P(Golden, ReferencesAgreeWithPyTorch) {
  std::ifstream file(std::string(INLAY_SOURCE) + "/tests/golden/" + GetParam() + ".json");
  ASSERT_TRUE(file) << "missing file";
  const json cases = json::parse(file);
  ASSERT_FALSE(cases.empty());
  for (const json& golden : cases) check(golden);
}

INSTANTIATE_TEST_SUITE_P(Ops, Golden, ::testing::Values("conv", "pool", "resize", "layers", "losses"),
                         [](const auto& golden) { return std::string(golden.param); });

}  // namespace
}  // namespace inlay
