// 2x2 max-pooling of a convolution's result, by every algorithm, against double precision.
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

struct Shapes {
  std::int64_t from, to;
  Size2 picture;
  std::int64_t kernel = 3, images = 2;
  std::int64_t more = 0;  // channels of another picture behind the first
};

/// max_pool2d(activation(conv2d(x, w, b))), and y itself where something else reads it.
struct PooledConv {
  PooledConv(const Shapes& s, Activation activation, bool y_is_read) {
    Value x = leaf("x", {s.images, s.from, s.picture.h, s.picture.w});
    if (s.more > 0) x = concat(std::vector{x, leaf("more", {s.images, s.more, s.picture.h, s.picture.w})});
    Value y = conv2d(x, leaf("w", {s.to, s.from + s.more, s.kernel, s.kernel}, LeafKind::parameter),
                     leaf("b", {s.to}, LeafKind::parameter), {.padding = s.kernel / 2});
    if (activation == Activation::relu) y = relu(y);
    if (activation == Activation::prelu) y = prelu(y, leaf("slope", {s.to}, LeafKind::parameter));
    graph.set_output("pooled", max_pool2d(y, {.kernel = 2, .stride = 2}).values);
    if (y_is_read) graph.set_output("y", y);
  }

  Value leaf(const std::string& name, const Shape& shape, LeafKind kind = LeafKind::input) {
    numbers[name] = draw({name, {DType::f32, shape}}, 5);
    return graph.add_leaf(kind, name, {DType::f32, shape});
  }

  Graph graph;
  ReferenceValues numbers;
};

ProgramOptions by(const std::string& algorithm, int block, int threads) {
  std::vector<std::string> skip = list_algorithms();
  std::erase(skip, algorithm);
  return {.threads = threads, .block = block, .tune = false, .skip_algorithms = skip};
}

using Parameters = std::tuple<std::string, Shapes, int, int>;

class ConvMaxPool : public ::testing::TestWithParam<Parameters> {};

TEST_P(ConvMaxPool, AgreesWithDoublePrecision) {
  const auto& [algorithm, shapes, block, threads] = GetParam();
  const ProgramOptions options = by(algorithm, block, threads);
  for (const Activation activation : {Activation::none, Activation::relu, Activation::prelu})
    for (const bool y_is_read : {false, true}) {
      const PooledConv net(shapes, activation, y_is_read);
      const std::string text = Program(net.graph, tensors_for(net.graph, net.numbers), {}, options).dump();
      EXPECT_NE(text.find("max_pool=true"), std::string::npos);
      EXPECT_EQ(text.find("max_pool2d("), std::string::npos);
      const double bound = algorithm == "winograd_6x6"                       ? 2e-5
                           : splits_numbers(net.graph, net.numbers, options) ? 1e-5
                                                                             : 4e-6;
      std::string worst;
      EXPECT_LT(program_error(net.graph, net.numbers, options, &worst), bound)
          << worst << ", activation " << static_cast<int>(activation) << ", y read " << y_is_read;
    }
}

std::string test_name(const ::testing::TestParamInfo<Parameters>& info) {
  return fmt::format("{}_block{}_{}", std::get<0>(info.param), std::get<2>(info.param), info.index);
}

const Shapes kSmall[] = {{17, 33, {14, 6}}, {3, 5, {2, 10}}, {5, 4, {2, 2}, 3, 5}, {16, 16, {64, 52}}};
const Shapes kFilled[] = {{17, 33, {12, 18}}, {3, 5, {22, 12}}};  // by tiles of 6x6
const Shapes kLarge[] = {{16, 17, {14, 18}, 7}, {200, 160, {10, 14}}, {70, 20, {6, 150}, 3, 3}};

INSTANTIATE_TEST_SUITE_P(Small, ConvMaxPool,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd", "direct", "gemm"),
                                            ::testing::ValuesIn(kSmall), ::testing::Values(1, 8, 16),
                                            ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LargerTiles, ConvMaxPool,
                         ::testing::Combine(::testing::Values("winograd_6x6"), ::testing::ValuesIn(kFilled),
                                            ::testing::Values(8, 16), ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Large, ConvMaxPool,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd"), ::testing::ValuesIn(kLarge),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);

const Shapes kFewChannels[] = {{3, 40, {14, 300}}, {1, 5, {8, 6}, 7}, {4, 16, {2, 2}, 3, 3}, {2, 9, {6, 8}, 3, 2, 2}};
INSTANTIATE_TEST_SUITE_P(FewChannels, ConvMaxPool,
                         ::testing::Combine(::testing::Values("few_channels"), ::testing::ValuesIn(kFewChannels),
                                            ::testing::Values(8, 16), ::testing::Values(1, 2)),
                         test_name);

/// The numbers of an output, with and without the pass.
std::pair<std::vector<double>, std::vector<double>> both(const PooledConv& net, ProgramOptions options,
                                                         const Bindings& tensors, const std::string& output) {
  const auto run = [&](std::vector<std::string> skip) {
    options.skip_passes = std::move(skip);
    Program program(net.graph, tensors, {}, options);
    program.run();
    return to_doubles(program.output(output));
  };
  return {run({}), run({"fuse_max_pool"})};
}

// Large results are written past the caches; the bits are those of pooling apart.
TEST(ConvMaxPool, GivesTheSameBitsAsPoolingApart) {
  for (const char* algorithm : {"bf16x3", "winograd", "winograd_6x6", "few_channels"})
    for (const bool y_is_read : {false, true}) {
      const PooledConv net({3, 64, {300, 348}, 3, 1}, Activation::relu, y_is_read);
      const auto [fused, apart] = both(net, by(algorithm, 0, 2), tensors_for(net.graph, net.numbers), "pooled");
      EXPECT_EQ(fused, apart) << algorithm;
    }
}

// As in max_pool2d: a pixel that is not a number stays where it comes first, and loses to what comes later.
TEST(ConvMaxPool, TreatsWhatIsNotANumberAsPoolingDoes) {
  const PooledConv net({8, 16, {12, 12}, 3, 1}, Activation::none, true);
  Bindings tensors = tensors_for(net.graph, net.numbers);
  tensors.at("x").data<float>()[8 * 12 + 5] = std::numeric_limits<float>::quiet_NaN();
  for (const char* algorithm : {"bf16x3", "winograd", "direct"}) {
    const auto [fused, apart] = both(net, by(algorithm, 0, 1), tensors, "pooled");
    ASSERT_EQ(fused.size(), apart.size());
    bool some = false;
    for (std::size_t i = 0; i < fused.size(); ++i) {
      some = some || std::isnan(fused[i]);
      EXPECT_TRUE(fused[i] == apart[i] || (std::isnan(fused[i]) && std::isnan(apart[i]))) << algorithm << " " << i;
    }
    EXPECT_TRUE(some) << algorithm;
  }
}

}  // namespace
}  // namespace inlay::testing
