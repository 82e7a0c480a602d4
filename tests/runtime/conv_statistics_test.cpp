// Mean and variance of a convolution's channels, by every algorithm, against double precision.
#include <gtest/gtest.h>

#include <algorithm>

#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

struct Shapes {
  std::int64_t from, to;
  Size2 picture;
  std::int64_t kernel = 3, dilation = 1, images = 2;
  std::int64_t more = 0;  // channels of another picture behind the first
};

/// A batch norm in training behind a convolution; all its outputs.
struct MeasuredConv {
  explicit MeasuredConv(const Shapes& s, double bias = 0) {
    Value x = leaf("x", {s.images, s.from, s.picture.h, s.picture.w});
    if (s.more > 0) x = concat(std::vector{x, leaf("more", {s.images, s.more, s.picture.h, s.picture.w})});
    const std::int64_t padding = s.dilation * (s.kernel / 2);
    const Value w = leaf("w", {s.to, s.from + s.more, s.kernel, s.kernel}, LeafKind::parameter);
    const Value b = leaf("b", {s.to}, LeafKind::parameter);
    for (double& number : numbers["b"]) number += bias;
    const Value y = conv2d(x, w, b, {.padding = padding, .dilation = s.dilation});
    const Value normal = batch_norm(y, leaf("scale", {s.to}, LeafKind::parameter),
                                    leaf("shift", {s.to}, LeafKind::parameter), leaf("mean", {s.to}, LeafKind::state),
                                    leaf("variance", {s.to}, LeafKind::state, Fill::positive), {.training = true});
    const char* names[] = {"normal", "mean", "inverse", "running mean", "running variance"};
    for (std::size_t i = 0; i < std::size(names); ++i) graph.set_output(names[i], normal.node()->outputs[i]);
  }

  Value leaf(const std::string& name, const Shape& shape, LeafKind kind = LeafKind::input, Fill fill = Fill::normal) {
    numbers[name] = draw({name, {DType::f32, shape}, fill}, 17);
    return graph.add_leaf(kind, name, {DType::f32, shape});
  }

  Graph graph;
  ReferenceValues numbers;
};

ProgramOptions by(const std::string& algorithm, int block, int threads) {
  std::vector<std::string> skip = list_algorithms();
  std::erase(skip, algorithm);
  return {.threads = threads, .block = block, .constant_parameters = false, .tune = false, .skip_algorithms = skip};
}

using Parameters = std::tuple<std::string, Shapes, int, int>;

class ConvStatistics : public ::testing::TestWithParam<Parameters> {};

TEST_P(ConvStatistics, AgreeWithDoublePrecision) {
  const auto& [algorithm, shapes, block, threads] = GetParam();
  const MeasuredConv net(shapes);
  const ProgramOptions options = by(algorithm, block, threads);
  EXPECT_NE(Program(net.graph, tensors_for(net.graph, net.numbers), {}, options).dump().find("statistics=true"),
            std::string::npos);
  std::string worst;
  EXPECT_LT(program_error(net.graph, net.numbers, options, &worst), algorithm == "winograd_6x6" ? 4e-5 : 1e-5) << worst;
}

std::string test_name(const ::testing::TestParamInfo<Parameters>& info) {
  return fmt::format("{}_block{}_{}", std::get<0>(info.param), std::get<2>(info.param), info.index);
}

const Shapes kSmall[] = {{17, 33, {13, 7}}, {3, 5, {1, 9}}, {24, 40, {8, 12}}, {5, 4, {1, 2}}, {16, 16, {64, 52}}};
const Shapes kFilled[] = {{17, 33, {11, 18}}, {3, 5, {12, 12}}};  // by tiles of 6x6
const Shapes kLarge[] = {{16, 17, {13, 18}, 7}, {20, 16, {29, 33}, 3, 4}};

INSTANTIATE_TEST_SUITE_P(Small, ConvStatistics,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd", "direct", "gemm"),
                                            ::testing::ValuesIn(kSmall), ::testing::Values(1, 8, 16),
                                            ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LargerTiles, ConvStatistics,
                         ::testing::Combine(::testing::Values("winograd_6x6"), ::testing::ValuesIn(kFilled),
                                            ::testing::Values(8, 16), ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Large, ConvStatistics,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd"), ::testing::ValuesIn(kLarge),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);

const Shapes kFewChannels[] = {{3, 40, {13, 300}}, {1, 5, {7, 6}, 7}, {4, 16, {9, 11}}, {2, 9, {7, 8}, 3, 1, 2, 2}};
INSTANTIATE_TEST_SUITE_P(FewChannels, ConvStatistics,
                         ::testing::Combine(::testing::Values("few_channels"), ::testing::ValuesIn(kFewChannels),
                                            ::testing::Values(8, 16), ::testing::Values(1, 2)),
                         test_name);

// Few tiles and many channels: threads share the tiles.
TEST(ConvStatistics, OfSharedTiles) {
  for (const int block : {8, 16}) {
    const MeasuredConv net({32, 160, {9, 14}});
    EXPECT_LT(program_error(net.graph, net.numbers, by("winograd", block, 2)), 1e-5);
  }
}

// Results above 16 MB are written past the caches.
TEST(ConvStatistics, OfALargeResult) {
  const MeasuredConv net({3, 64, {251, 299}, 3, 1, 1});
  const auto run = [&](std::vector<std::string> skip) {
    ProgramOptions options = by("winograd", 8, 2);
    options.skip_passes = std::move(skip);
    Program program(net.graph, tensors_for(net.graph, net.numbers), {}, options);
    program.run();
    return std::pair(to_doubles(program.output("mean")), to_doubles(program.output("inverse")));
  };
  const auto fused = run({}), apart = run({"fuse_statistics"});
  for (std::size_t c = 0; c < 64; ++c) {
    EXPECT_NEAR(fused.first[c], apart.first[c], 1e-5);
    EXPECT_NEAR(fused.second[c], apart.second[c], 1e-5 * apart.second[c]);
  }
}

// Sums about zero would leave no digit of the variance.
TEST(ConvStatistics, AMeanFarFromZeroCostsFewDigits) {
  for (const char* algorithm : {"winograd", "direct"}) {
    const MeasuredConv net({16, 16, {20, 22}}, 3000);
    Program program(net.graph, tensors_for(net.graph, net.numbers), {}, by(algorithm, 8, 2));
    program.run();
    const int inverse = net.graph.output("inverse").id();
    const auto exact = reference_run(net.graph, net.numbers)[static_cast<std::size_t>(inverse)].data;
    const auto found = to_doubles(program.output("inverse"));
    for (std::size_t c = 0; c < found.size(); ++c)
      EXPECT_NEAR(found[c] / exact[c], 1, 1e-4) << algorithm << ", channel " << c;
  }
}

// Every run starts from nothing.
TEST(ConvStatistics, AreOfTheLastRunAlone) {
  const MeasuredConv net({16, 16, {20, 22}});
  Program program(net.graph, tensors_for(net.graph, net.numbers), {}, by("winograd", 8, 2));
  program.run();
  const auto first = to_doubles(program.output("mean"));
  for (float& number : program.input("x").data<float>()) number *= 2;
  program.run();
  EXPECT_NE(to_doubles(program.output("mean")), first);
  for (float& number : program.input("x").data<float>()) number /= 2;
  program.run();
  EXPECT_EQ(to_doubles(program.output("mean")), first);
}

}  // namespace
}  // namespace inlay::testing
