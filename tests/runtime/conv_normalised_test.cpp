// Convolutions that read their sources through batch norm and ReLU, by every algorithm, against double precision.
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/autodiff.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

struct Shapes {
  std::vector<std::int64_t> normalised;  // channels of the sources that are
  std::int64_t plain;                    // of the one that is not, behind the first; 0: none
  std::int64_t to;
  Size2 picture;
  std::int64_t kernel = 3, dilation = 1;
};

/// The convolution of relu(batch_norm(source)), and its gradient with respect to the weights.
struct NormalisedConv {
  explicit NormalisedConv(const Shapes& s) {
    std::vector<Value> sources;
    for (const std::int64_t channels : s.normalised) {
      sources.push_back(normalised(fmt::format("source{}", sources.size()), channels, s.picture));
      if (sources.size() == 1 && s.plain > 0) sources.push_back(leaf("plain", {2, s.plain, s.picture.h, s.picture.w}));
    }
    const Value x = sources.size() == 1 ? sources[0] : concat(sources);
    const Value w = leaf("w", {s.to, x.shape()[1], s.kernel, s.kernel}, LeafKind::parameter);
    const std::int64_t padding = s.dilation * (s.kernel / 2);
    const Value y = conv2d(x, w, leaf("b", {s.to}, LeafKind::parameter), {.padding = padding, .dilation = s.dilation});
    graph.set_output("y", y);
    const Value wrt[] = {w};
    graph.set_output("dw", gradients(y, leaf("dy", y.shape()), wrt)[0]);
  }

  Value normalised(const std::string& name, std::int64_t channels, Size2 picture) {
    const auto number = [&](const char* what, LeafKind kind, Fill fill) {
      return leaf(name + what, {channels}, kind, fill);
    };
    const Value x = leaf(name, {2, channels, picture.h, picture.w});
    return relu(batch_norm(x, number("/scale", LeafKind::parameter, Fill::normal),
                           number("/shift", LeafKind::parameter, Fill::normal),
                           number("/mean", LeafKind::state, Fill::normal),
                           number("/variance", LeafKind::state, Fill::positive), {.training = true}));
  }

  Value leaf(const std::string& name, const Shape& shape, LeafKind kind = LeafKind::input, Fill fill = Fill::normal) {
    numbers[name] = draw({name, {DType::f32, shape}, fill}, 13);
    return graph.add_leaf(kind, name, {DType::f32, shape});
  }

  Graph graph;
  ReferenceValues numbers;
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

using Parameters = std::tuple<std::string, Shapes, int, int>;

class ConvNormalised : public ::testing::TestWithParam<Parameters> {};

TEST_P(ConvNormalised, AgreesWithDoublePrecision) {
  const auto& [algorithm, shapes, block, threads] = GetParam();
  const NormalisedConv net(shapes);
  std::vector<std::string> skip = list_algorithms();
  std::erase(skip, algorithm);
  const ProgramOptions options{
      .threads = threads, .block = block, .constant_parameters = false, .tune = false, .skip_algorithms = skip};
  EXPECT_EQ(count(Program(net.graph, tensors_for(net.graph, net.numbers), {}, options).dump(), "normalised=["), 2);
  const bool split = splits_numbers(net.graph, net.numbers, options);
  EXPECT_LT(program_error(net.graph, net.numbers, options), algorithm == "winograd_6x6" ? 2e-5 : split ? 1e-5 : 4e-6);
}

std::string test_name(const ::testing::TestParamInfo<Parameters>& info) {
  return fmt::format("{}_block{}_{}", std::get<0>(info.param), std::get<2>(info.param), info.index);
}

const Shapes kSmall[] = {{{17}, 0, 33, {13, 7}},
                         {{3}, 0, 5, {1, 9}},
                         {{19, 8}, 0, 9, {8, 12}},
                         {{9, 40}, 20, 24, {6, 11}},
                         {{5}, 0, 4, {1, 1}}};
const Shapes kFilled[] = {{{17}, 0, 33, {11, 18}}, {{19, 8}, 5, 9, {12, 12}}};  // by tiles of 6x6
const Shapes kLarge[] = {{{16}, 0, 17, {13, 18}, 7}, {{20}, 0, 16, {29, 33}, 3, 4}};

INSTANTIATE_TEST_SUITE_P(Small, ConvNormalised,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd", "direct", "gemm"),
                                            ::testing::ValuesIn(kSmall), ::testing::Values(1, 8, 16),
                                            ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LargerTiles, ConvNormalised,
                         ::testing::Combine(::testing::Values("winograd_6x6"), ::testing::ValuesIn(kFilled),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Large, ConvNormalised,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd"), ::testing::ValuesIn(kLarge),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);

// Both algorithms compute the normalised pixel alike: to the last bit.
TEST(ConvNormalised, GivesTheSameBitsAsABatchNormApart) {
  for (const int block : {8, 16}) {
    const NormalisedConv net({{24, 16}, 8, 16, {20, 17}});
    const auto run = [&](std::vector<std::string> skip_passes) {
      std::vector<std::string> skip = list_algorithms();
      std::erase(skip, "winograd");
      Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                      {.block = block,
                       .constant_parameters = false,
                       .tune = false,
                       .skip_passes = std::move(skip_passes),
                       .skip_algorithms = skip});
      program.run();
      return std::pair(to_doubles(program.output("y")), to_doubles(program.output("dw")));
    };
    EXPECT_EQ(run({}), run({"fuse_normalised_input"}));
  }
}

}  // namespace
}  // namespace inlay::testing
