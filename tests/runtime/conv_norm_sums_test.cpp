// Gradients to the data that sum for the batch norm in front of the convolution, by every algorithm, against double
// precision.
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/autodiff.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

struct Shapes {
  std::int64_t from, to;  // channels in front of the convolution and behind it
  Size2 picture;
  std::int64_t kernel = 3, dilation = 1, images = 2;
};

/// conv2d(relu(batch_norm(x))) and the gradients of x, scale and shift.
struct SummedGradient {
  explicit SummedGradient(const Shapes& s) {
    const Value x = leaf("x", {s.images, s.from, s.picture.h, s.picture.w});
    const Value scale = leaf("scale", {s.from}, LeafKind::parameter);
    const Value shift = leaf("shift", {s.from}, LeafKind::parameter);
    const Value normal =
        relu(batch_norm(x, scale, shift, leaf("mean", {s.from}, LeafKind::state),
                        leaf("variance", {s.from}, LeafKind::state, Fill::positive), {.training = true}));
    const Value w = leaf("w", {s.to, s.from, s.kernel, s.kernel}, LeafKind::parameter);
    const Value y = conv2d(normal, w, {.padding = s.dilation * (s.kernel / 2), .dilation = s.dilation});
    const Value wrt[] = {x, scale, shift};
    for (const Value& d : gradients(y, leaf("dy", y.shape()), wrt))
      graph.set_output(fmt::format("d{}", graph.outputs().size()), d);
  }

  Value leaf(const std::string& name, const Shape& shape, LeafKind kind = LeafKind::input, Fill fill = Fill::normal) {
    numbers[name] = draw({name, {DType::f32, shape}, fill}, 19);
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

class ConvNormSums : public ::testing::TestWithParam<Parameters> {};

TEST_P(ConvNormSums, AgreeWithDoublePrecision) {
  const auto& [algorithm, shapes, block, threads] = GetParam();
  const SummedGradient net(shapes);
  const ProgramOptions options = by(algorithm, block, threads);
  EXPECT_NE(Program(net.graph, tensors_for(net.graph, net.numbers), {}, options).dump().find("norm_sums=true"),
            std::string::npos);
  std::string worst;
  EXPECT_LT(program_error(net.graph, net.numbers, options, &worst), algorithm == "winograd_6x6" ? 4e-5 : 1e-5) << worst;
}

std::string test_name(const ::testing::TestParamInfo<Parameters>& info) {
  return fmt::format("{}_block{}_{}", std::get<0>(info.param), std::get<2>(info.param), info.index);
}

const Shapes kSmall[] = {{33, 17, {13, 7}}, {5, 3, {1, 9}}, {40, 24, {8, 12}}, {4, 5, {1, 2}}, {16, 16, {64, 52}}};
const Shapes kFilled[] = {{33, 17, {11, 18}}, {5, 3, {12, 12}}};  // by tiles of 6x6
const Shapes kLarge[] = {{17, 16, {13, 18}, 7}, {16, 20, {29, 33}, 3, 4}};

INSTANTIATE_TEST_SUITE_P(Small, ConvNormSums,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd", "direct", "gemm"),
                                            ::testing::ValuesIn(kSmall), ::testing::Values(1, 8, 16),
                                            ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LargerTiles, ConvNormSums,
                         ::testing::Combine(::testing::Values("winograd_6x6"), ::testing::ValuesIn(kFilled),
                                            ::testing::Values(8, 16), ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Large, ConvNormSums,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd"), ::testing::ValuesIn(kLarge),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);

// Few tiles and many channels: threads share the tiles.
TEST(ConvNormSums, OfSharedTiles) {
  for (const int block : {8, 16}) {
    const SummedGradient net({160, 32, {9, 14}});
    EXPECT_LT(program_error(net.graph, net.numbers, by("winograd", block, 2)), 1e-5);
  }
}

// Results above 16 MB are written past the caches; every run starts from nothing.
TEST(ConvNormSums, OfALargeResultRunTwice) {
  const SummedGradient net({64, 3, {251, 299}, 3, 1, 1});
  const auto run = [&](std::vector<std::string> skip) {
    ProgramOptions options = by("winograd", 8, 2);
    options.skip_passes = std::move(skip);
    Program program(net.graph, tensors_for(net.graph, net.numbers), {}, options);
    program.run();
    program.run();
    return std::pair(to_doubles(program.output("d1")), to_doubles(program.output("d2")));
  };
  const auto fused = run({}), apart = run({"fuse_norm_sums"});
  const auto largest = [](const std::vector<double>& of) {
    return *std::ranges::max_element(of, {}, [](double v) { return std::abs(v); });
  };
  for (std::size_t c = 0; c < 64; ++c) {
    EXPECT_NEAR(fused.first[c], apart.first[c], 1e-5 * std::abs(largest(apart.first)));
    EXPECT_NEAR(fused.second[c], apart.second[c], 1e-5 * std::abs(largest(apart.second)));
  }
}

}  // namespace
}  // namespace inlay::testing
