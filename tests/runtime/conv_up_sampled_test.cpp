// Convolutions that read pictures of half the size up-sampled, by every algorithm, against double precision.
#include <gtest/gtest.h>

#include <algorithm>

#include "compiler/autodiff.h"
#include "inlay/ops.h"
#include "support/op_case.h"
#include "support/run_program.h"

namespace inlay::testing {
namespace {

struct Shapes {
  std::vector<std::int64_t> small;  // channels of the pictures that are up-sampled
  std::int64_t large;               // of the one that is not, behind the first; 0: none
  std::int64_t to;
  Size2 picture;  // the small one
  std::int64_t kernel = 3;
  Padding padding = 1;
};

/// The convolution of up-sampled pictures, which are relu(batch_norm(x)) or x itself, and its gradient with respect to
/// the weights.
struct UpSampledConv {
  UpSampledConv(const Shapes& s, Interpolation mode, bool normalised) {
    std::vector<Value> sources;
    for (const std::int64_t channels : s.small) {
      const std::string name = fmt::format("source{}", sources.size());
      Value x = leaf(name, {2, channels, s.picture.h, s.picture.w});
      if (normalised) x = normalise(name, x);
      sources.push_back(resize2d(x, {.scale = 2, .mode = mode}));
      if (sources.size() == 1 && s.large > 0)
        sources.push_back(leaf("large", {2, s.large, 2 * s.picture.h, 2 * s.picture.w}));
    }
    const Value x = sources.size() == 1 ? sources[0] : concat(sources);
    const Value w = leaf("w", {s.to, x.shape()[1], s.kernel, s.kernel}, LeafKind::parameter);
    const Value y = conv2d(x, w, leaf("b", {s.to}, LeafKind::parameter), {.padding = s.padding});
    graph.set_output("y", y);
    const Value wrt[] = {w};
    graph.set_output("dw", gradients(y, leaf("dy", y.shape()), wrt)[0]);
  }

  Value normalise(const std::string& name, const Value& x) {
    const auto number = [&](const char* what, LeafKind kind, Fill fill = Fill::normal) {
      return leaf(name + what, {x.shape()[1]}, kind, fill);
    };
    return relu(batch_norm(x, number("/scale", LeafKind::parameter), number("/shift", LeafKind::parameter),
                           number("/mean", LeafKind::state), number("/variance", LeafKind::state, Fill::positive),
                           {.training = true}));
  }

  Value leaf(const std::string& name, const Shape& shape, LeafKind kind = LeafKind::input, Fill fill = Fill::normal) {
    numbers[name] = draw({name, {DType::f32, shape}, fill}, 17);
    return graph.add_leaf(kind, name, {DType::f32, shape});
  }

  Graph graph;
  ReferenceValues numbers;
};

using Parameters = std::tuple<std::string, Shapes, int, int>;

class ConvUpSampled : public ::testing::TestWithParam<Parameters> {};

TEST_P(ConvUpSampled, AgreesWithDoublePrecision) {
  const auto& [algorithm, shapes, block, threads] = GetParam();
  std::vector<std::string> skip = list_algorithms();
  std::erase(skip, algorithm);
  const ProgramOptions options{
      .threads = threads, .block = block, .constant_parameters = false, .tune = false, .skip_algorithms = skip};
  for (const Interpolation mode : {Interpolation::nearest, Interpolation::bilinear})
    for (const bool normalised : {false, true}) {
      const UpSampledConv net(shapes, mode, normalised);
      const std::string text = Program(net.graph, tensors_for(net.graph, net.numbers), {}, options).dump();
      EXPECT_EQ(text.find("resize2d("), std::string::npos) << text;
      EXPECT_EQ(text.find("normalised=[") != std::string::npos, normalised) << text;
      const double bound = algorithm == "winograd_6x6"                       ? 2e-5
                           : splits_numbers(net.graph, net.numbers, options) ? 1e-5
                                                                             : 4e-6;
      EXPECT_LT(program_error(net.graph, net.numbers, options), bound);
    }
}

std::string test_name(const ::testing::TestParamInfo<Parameters>& info) {
  return fmt::format("{}_block{}_{}", std::get<0>(info.param), std::get<2>(info.param), info.index);
}

const Shapes kSmall[] = {{{17}, 0, 33, {7, 4}},
                         {{3}, 0, 5, {1, 5}},
                         {{5}, 0, 4, {1, 1}},
                         {{19, 8}, 0, 9, {4, 6}},
                         {{9, 40}, 20, 24, {3, 6}},
                         {{6}, 7, 8, {5, 4}, 3, 0},  // odd and even first rows and columns
                         {{6}, 0, 8, {5, 4}, 3, {0, 1, 2, 0}},
                         {{9}, 0, 8, {29, 31}}};  // several runs of tiles in a row
const Shapes kFilled[] = {{{17}, 0, 33, {6, 9}}, {{19, 8}, 5, 9, {6, 30}}, {{8}, 0, 8, {6, 6}, 3, {0, 1, 2, 1}}};
const Shapes kLarge[] = {{{16}, 0, 17, {7, 9}, 7, 3}, {{20}, 0, 16, {8, 7}, 5, 2}};  // pieces of 3x3

INSTANTIATE_TEST_SUITE_P(Small, ConvUpSampled,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd", "direct", "gemm"),
                                            ::testing::ValuesIn(kSmall), ::testing::Values(1, 8, 16),
                                            ::testing::Values(1, 2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LargerTiles, ConvUpSampled,
                         ::testing::Combine(::testing::Values("winograd_6x6"), ::testing::ValuesIn(kFilled),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Large, ConvUpSampled,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd"), ::testing::ValuesIn(kLarge),
                                            ::testing::Values(8, 16), ::testing::Values(2)),
                         test_name);

}  // namespace
}  // namespace inlay::testing
