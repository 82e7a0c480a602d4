// Every algorithm of a convolution against double precision, in all directions: odd sizes, borders, parts.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

#include "base/fail.h"
#include "compiler/autodiff.h"
#include "inlay/ops.h"
#include "runtime/cpu/bf16x3/bf16x3.h"
#include "runtime/cpu/tuner.h"
#include "support/op_case.h"
#include "support/run_program.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

const std::vector<std::string> kAlgorithms{"bf16x3",  "winograd", "winograd_6x6", "few_channels",
                                           "patches", "direct",   "gemm",         "onednn_winograd"};

/// All but one.
std::vector<std::string> without(const std::string& kept) {
  std::vector<std::string> others;
  std::ranges::copy_if(kAlgorithms, std::back_inserter(others), [&](const auto& name) { return name != kept; });
  return others;
}

struct Shapes {
  std::vector<std::int64_t> sources;  // channels of the pictures that are joined
  std::int64_t outputs;
  Size2 picture;
  std::int64_t kernel = 3, images = 1;
  Padding padding = 1;
  Size2 dilation = 1, stride = 1;
};

void PrintTo(const Shapes& s, std::ostream* out) {
  *out << fmt::format("{} -> {} at {}x{}x{}, kernel {}, padding {},{},{},{}, dilation {}x{}", fmt::join(s.sources, "+"),
                      s.outputs, s.images, s.picture.h, s.picture.w, s.kernel, s.padding.top, s.padding.left,
                      s.padding.bottom, s.padding.right, s.dilation.h, s.dilation.w);
}

/// y = conv2d(concat(a, b, ...), w, bias), and the gradients of sum(y * dy) for all of them.
struct AllDirections {
  explicit AllDirections(const Shapes& s) {
    const Size2 size = s.picture;
    std::vector<Value> wanted;
    for (std::size_t i = 0; i < s.sources.size(); ++i)
      wanted.push_back(leaf(fmt::format("x{}", i), {s.images, s.sources[i], size.h, size.w}));
    const Value x = wanted.size() > 1 ? concat(wanted) : wanted[0];
    wanted.push_back(leaf("w", {s.outputs, x.shape()[1], s.kernel, s.kernel}));
    wanted.push_back(leaf("bias", {s.outputs}));
    const Value y = conv2d(x, wanted[s.sources.size()], wanted.back(),
                           {.stride = s.stride, .padding = s.padding, .dilation = s.dilation});
    graph.set_output("y", y);
    const std::vector<Value> found = gradients(y, leaf("dy", y.shape()), wanted);
    for (std::size_t i = 0; i < wanted.size(); ++i) graph.set_output("d" + wanted[i].name(), found[i]);
  }

  Value leaf(std::string name, Shape shape) {
    numbers[name] = draw({name, {DType::f32, shape}}, 11);
    return graph.add_leaf(LeafKind::input, name, {DType::f32, shape});
  }

  Graph graph;
  ReferenceValues numbers;
};

class ConvAlgorithms : public ::testing::TestWithParam<std::tuple<Shapes, int, const char*>> {};

TEST_P(ConvAlgorithms, AgreeWithDoublePrecision) {
  const auto& [shapes, block, algorithm] = GetParam();
  const AllDirections net(shapes);
  const ProgramOptions options{.block = block, .tune = false, .skip_algorithms = without(algorithm)};
  // The stated bounds; direct convolution stays below Winograd's as well.
  const double bound = splits_numbers(net.graph, net.numbers, options) ? 1e-5 : 4e-6;
  std::string worst;
  EXPECT_LT(program_error(net.graph, net.numbers, options, &worst), bound) << worst;
}

std::string test_name(const ::testing::TestParamInfo<ConvAlgorithms::ParamType>& info) {
  return fmt::format("{}_block{}_{}", std::get<2>(info.param), std::get<1>(info.param), info.index);
}

const Shapes k3x3[] = {
    {{1}, 1, {1, 1}},
    {{3}, 5, {1, 9}},
    {{16}, 16, {8, 8}, 3, 3},
    {{17}, 33, {13, 7}, 3, 2},
    {{5}, 70, {6, 11}, 3, 1, 0},
    {{8}, 8, {9, 10}, 3, 1, {0, 1, 2, 3}},
    {{4}, 6, {5, 5}, 3, 1, 4},
    {{64}, 64, {29, 31}},
    {{48}, 130, {20, 4}, 3, 5},
    {{300}, 40, {7, 7}},
    {{16, 16}, 16, {9, 9}, 3, 2},
    {{5, 19, 1}, 24, {6, 7}, 3, 2},
    {{32, 64}, 96, {12, 10}},
};

INSTANTIATE_TEST_SUITE_P(Winograd, ConvAlgorithms,
                         ::testing::Combine(::testing::ValuesIn(k3x3), ::testing::Values(1, 8, 16),
                                            ::testing::Values("winograd", "direct")),
                         test_name);

const Shapes kPatches[] = {
    {{3}, 5, {1, 1}, 1, 2, 0},           {{16}, 21, {9, 7}, 1, 3, 0},          {{70}, 100, {5, 66}, 1, 1, 0},
    {{16}, 32, {6, 8}, 2, 2, 0, 1, 2},   {{7}, 17, {2, 2}, 2, 1, 0, 1, 2},     {{64}, 96, {10, 54}, 2, 2, 0, 1, 2},
    {{40}, 16, {9, 27}, 3, 1, 0, 1, 3},  {{64}, 130, {12, 12}, 4, 1, 0, 1, 4}, {{1}, 1, {7, 5}, 1, 2, 0},
    {{1}, 1, {6, 2}, 2, 3, 0, 1, 2},     {{300}, 270, {11, 13}, 1, 1, 0},      {{1100}, 40, {3, 7}, 1, 3, 0},
    {{40}, 1100, {6, 6}, 2, 2, 0, 1, 2}, {{64}, 64, {5, 50}, 1, 3, 0},         {{16}, 64, {18, 38}, 2, 2, 0, 1, 2},
    {{150}, 33, {22, 34}, 2, 2, 0, 1, 2}};

INSTANTIATE_TEST_SUITE_P(Patches, ConvAlgorithms,
                         ::testing::Combine(::testing::ValuesIn(kPatches), ::testing::Values(8, 16),
                                            ::testing::Values("patches", "direct")),
                         test_name);

// Any kernel, stride, dilation and padding; rows of several strips; images that share a thread's rows.
const Shapes kFewChannels[] = {{{1}, 16, {32, 40}, 3, 2},
                               {{3}, 33, {13, 7}, 3, 2},
                               {{4}, 64, {9, 300}},
                               {{2}, 5, {1, 1}},
                               {{1}, 9, {6, 5}, 1, 2, 0},
                               {{3}, 24, {22, 31}, 7, 2, 3, 1, 2},
                               {{4}, 17, {20, 23}, 5, 1, 2, 2, 3},
                               {{3}, 16, {9, 10}, 3, 1, {0, 1, 2, 3}},
                               {{2}, 8, {3, 3}, 7, 1, 5},
                               {{4}, 6, {5, 5}, 3, 3, 4},
                               {{3}, 130, {10, 520}, 4, 1, 0},
                               {{1}, 20, {7, 260}, 3, 5, {2, 0}, {2, 1}, {1, 2}}};

INSTANTIATE_TEST_SUITE_P(FewChannels, ConvAlgorithms,
                         ::testing::Combine(::testing::ValuesIn(kFewChannels), ::testing::Values(8, 16),
                                            ::testing::Values("few_channels", "direct")),
                         test_name);

TEST(ConvAlgorithms, FewChannelsAreUpToFour) {
  const auto taken = [](const Shapes& shapes) {
    const AllDirections net(shapes);
    const Program program(net.graph, {}, {}, {.block = 8, .constant_parameters = false, .tune = false});
    const auto found = program.algorithms();
    return found.contains("few_channels") ? found.at("few_channels") : 0;
  };
  EXPECT_EQ(taken({{1}, 16, {16, 16}}), 2) << "forward and to the weights; the gradient of the picture is another's";
  EXPECT_EQ(taken({{4}, 16, {16, 16}}), 2);
  EXPECT_EQ(taken({{5}, 16, {16, 16}}), 0);
}

/// conv_transpose2d with a bias for channels that are no whole blocks, where every tap of a patch needs the same.
TEST(ConvAlgorithms, PatchesAddTheBiasOfEveryTapOfATransposedConvolution) {
  for (const int block : {8, 16})
    for (const std::int64_t kernel : {1, 2, 3}) {
      Graph graph;
      ReferenceValues numbers;
      const auto leaf = [&](std::string name, Shape shape) {
        numbers[name] = draw({name, {DType::f32, shape}}, 5);
        return graph.add_leaf(LeafKind::input, name, {DType::f32, shape});
      };
      const Value x = leaf("x", {2, 20, 5, 13}), w = leaf("w", {20, 21, kernel, kernel}), bias = leaf("bias", {21});
      graph.set_output("y", conv_transpose2d(x, w, bias, {.stride = kernel}));
      std::string worst;
      EXPECT_LT(
          program_error(graph, numbers, {.block = block, .tune = false, .skip_algorithms = without("patches")}, &worst),
          4e-6)
          << worst << ", block " << block << ", kernel " << kernel;
    }
}

// Sums of pieces of 3x3, and one convolution for every set of dilated pixels.
const Shapes kLarge[] = {{{16}, 16, {13, 18}, 7, 2, 3},
                         {{33}, 9, {21, 9}, 5, 1, 2},
                         {{8, 16}, 10, {11, 12}, 7, 2, {0, 3, 5, 1}},
                         {{16}, 9, {16, 16}, 9, 1, 4},
                         {{16}, 40, {24, 24}, 4, 3, 0},
                         {{16}, 32, {20, 23}, 3, 2, 2, 2},
                         {{20}, 16, {41, 33}, 3, 1, {5, 4, 3, 6}, {5, 4}},
                         {{16, 32}, 16, {31, 30}, 3, 2, {1, 3}, {1, 3}},
                         {{16}, 16, {50, 47}, 5, 1, 4, 2},
                         {{17}, 24, {23, 5}, 3, 1, 0, {6, 1}},
                         {{70}, 24, {24, 24}, 3, 1, 3, 3}};

INSTANTIATE_TEST_SUITE_P(Large, ConvAlgorithms,
                         ::testing::Combine(::testing::ValuesIn(kLarge), ::testing::Values(8, 16),
                                            ::testing::Values("winograd", "direct")),
                         test_name);

TEST(ConvAlgorithms, WinogradTakesLargeAndDilatedKernelsWhereItMultipliesClearlyLess) {
  const auto taken = [](const Shapes& shapes) {
    const AllDirections net(shapes);
    const Program program(net.graph, {}, {}, {.block = 8, .constant_parameters = false, .tune = false});
    const auto found = program.algorithms();
    return found.contains("winograd") ? found.at("winograd") : 0;
  };
  EXPECT_EQ(taken({{16}, 16, {16, 16}, 7, 1, 3}), 3) << "forward and both gradients";
  EXPECT_EQ(taken({{16}, 16, {16, 16}, 3, 1, 2, 2}), 3);
  EXPECT_EQ(taken({{3}, 16, {16, 16}, 7, 1, 3}), 1) << "three channels of eight: only the gradient of the picture";
  EXPECT_EQ(taken({{16}, 16, {16, 16}, 3, 1, 8, 8}), 0) << "tiles of 2x2 pixels";
  EXPECT_EQ(taken({{16}, 16, {32, 32}, 11, 1, 5}), 0) << "16 pieces are too many";
}

// Sizes that tiles of 6x6 fill well enough; no other is done by them.
const Shapes kLargeTiles[] = {
    {{7}, 9, {5, 5}, 3, 2},         {{16}, 16, {12, 12}, 3, 3},           {{17}, 33, {6, 11}, 3, 2},
    {{5}, 70, {36, 36}, 3, 1, 0},   {{8}, 8, {9, 9}, 3, 1, {0, 1, 2, 3}}, {{20}, 11, {34, 17}, 3, 1, {0, 1, 4, 1}},
    {{64}, 64, {53, 65}},           {{48}, 130, {17, 6}, 3, 5},           {{300}, 40, {11, 12}},
    {{16, 16}, 16, {18, 18}, 3, 2}, {{5, 19, 1}, 24, {17, 24}, 3, 2},     {{500}, 16, {6, 5}},
};

class LargeTiles : public ::testing::TestWithParam<std::tuple<Shapes, int>> {};

TEST_P(LargeTiles, AgreeWithDoublePrecision) {
  const auto& [shapes, block] = GetParam();
  const AllDirections net(shapes);
  const ProgramOptions options{.block = block, .tune = false, .skip_algorithms = without("winograd_6x6")};
  std::string worst;
  EXPECT_LT(program_error(net.graph, net.numbers, options, &worst), 2e-5) << worst;
}

INSTANTIATE_TEST_SUITE_P(ConvAlgorithms, LargeTiles,
                         ::testing::Combine(::testing::ValuesIn(kLargeTiles), ::testing::Values(8, 16)));

TEST(ConvAlgorithms, LargeTilesAreOfferedWhereTheyMultiplyLess) {
  const auto taken = [](const Shapes& shapes) {
    const AllDirections net(shapes);
    const Program program(
        net.graph, {}, {},
        {.block = 8, .constant_parameters = false, .tune = false, .skip_algorithms = without("winograd_6x6")});
    const auto found = program.algorithms();
    return found.contains("winograd_6x6") ? found.at("winograd_6x6") : 0;
  };
  for (const Shapes& shapes : kLargeTiles) EXPECT_EQ(taken(shapes), 3) << ::testing::PrintToString(shapes);
  EXPECT_EQ(taken({{16}, 16, {8, 8}}), 0) << "four tiles, as many as of 4x4";
  EXPECT_EQ(taken({{16}, 16, {12, 12}, 5, 1, 2}), 0) << "a kernel of pieces";
  EXPECT_EQ(taken({{16}, 16, {24, 24}, 3, 1, 2, 2}), 0) << "dilated";
  EXPECT_EQ(taken({{1024}, 512, {12, 12}}), 0) << "transformed weights of 134 MB";
}

// Any stride and dilation, kernels larger than the picture, rows of one pixel and of many tiles, channels that fill one
// block of a pair, taps that see nothing but the frame.
const Shapes kSplit[] = {{{16}, 16, {8, 8}, 3, 3},
                         {{17}, 33, {13, 7}, 3, 2},
                         {{48}, 130, {20, 4}, 3, 5},
                         {{300}, 40, {7, 7}},
                         {{1024}, 16, {6, 5}},
                         {{16}, 1024, {6, 5}},
                         {{5, 19, 1}, 24, {6, 7}, 3, 2},
                         {{32, 64}, 96, {12, 70}},
                         {{8}, 8, {9, 10}, 3, 1, {0, 1, 2, 3}},
                         {{3}, 5, {1, 1}, 1, 2, 0},
                         {{70}, 100, {5, 66}, 1, 1, 0},
                         {{40}, 30, {31, 1}, 1, 2, 0},
                         {{33}, 21, {9, 21}, 5, 3, 2},
                         {{16}, 40, {24, 24}, 4, 3, 0},
                         {{16}, 32, {20, 23}, 3, 2, 2, 2},
                         {{70}, 24, {24, 24}, 3, 1, 12, 12},
                         {{40}, 24, {17, 19}, 3, 2, 24, 24},
                         {{20}, 16, {41, 33}, 3, 1, {5, 4, 3, 6}, {5, 4}},
                         {{20}, 24, {18, 37}, 3, 2, 1, 1, 2},
                         {{33}, 16, {19, 40}, 7, 1, 3, 1, 2},
                         {{40}, 16, {14, 35}, 1, 2, 0, 1, 2},
                         {{24}, 16, {9, 401}, 3, 1},
                         {{16}, 24, {11, 300}, 5, 1, 3, 2, 2},
                         {{40}, 16, {9, 27}, 3, 1, 0, 1, 3},
                         {{150}, 33, {22, 34}, 2, 2, 0, 1, 2},
                         {{16}, 64, {18, 38}, 2, 2, 0, 1, 2},
                         {{140}, 136, {13, 45}, 3, 3}};

INSTANTIATE_TEST_SUITE_P(Split, ConvAlgorithms,
                         ::testing::Combine(::testing::ValuesIn(kSplit), ::testing::Values(16),
                                            ::testing::Values("bf16x3")),
                         test_name);

TEST(ConvAlgorithms, MatrixUnitsTakeAllDirectionsButBackwardsThroughStrides) {
  const auto taken = [](const Shapes& shapes, int block = 16) {
    const AllDirections net(shapes);
    const Program program(
        net.graph, {}, {},
        {.block = block, .constant_parameters = false, .tune = false, .skip_algorithms = without("bf16x3")});
    const auto found = program.algorithms();
    return found.contains("bf16x3") ? found.at("bf16x3") : 0;
  };
  const bool any = bf16x3::kernels(16) != nullptr;  // else none of it
  EXPECT_EQ(taken({{16}, 16, {8, 8}}), any ? 3 : 0) << "forward and both gradients";
  EXPECT_EQ(taken({{16}, 16, {8, 8}, 2, 1, 0, 1, 2}), any ? 3 : 0) << "windows side by side";
  EXPECT_EQ(taken({{16}, 16, {8, 8}, 3, 1, 1, 1, 2}), any ? 2 : 0) << "not to the data";
  EXPECT_EQ(taken({{16}, 16, {8, 8}}, 8), 0);
}

// One channel, one tap: every result is one product.
TEST(ConvAlgorithms, AProductOfHalvesIsOffByLessThanItsBound) {
  const Shapes one{{1}, 1, {40, 50}, 1, 1, 0};
  AllDirections net(one);
  net.numbers["bias"] = {0};
  net.numbers["x0"][7] = std::numeric_limits<double>::infinity();
  Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                  {.block = 16, .tune = false, .skip_algorithms = without("bf16x3")});
  program.run();
  const std::vector<double> y = to_doubles(program.output("y"));
  for (std::size_t i = 0; i < y.size(); ++i) {
    const double product = static_cast<double>(static_cast<float>(net.numbers["x0"][i])) *
                           static_cast<double>(static_cast<float>(net.numbers["w"][0]));
    if (i == 7)
      EXPECT_FALSE(std::isfinite(y[i]));
    else
      EXPECT_NEAR(y[i], product, std::abs(product) * 0x1p-16) << i;
  }
}

// A sum's order does not depend on which thread had which task.
TEST(ConvAlgorithms, MatrixUnitsGiveTheSameBitsEveryTime) {
  const AllDirections net({{32}, 40, {40, 37}, 3, 3});
  const auto run = [&] {
    Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                    {.threads = 2, .block = 16, .tune = false, .skip_algorithms = without("bf16x3")});
    program.run();
    std::map<std::string, std::vector<double>> outputs;
    for (const GraphOutput& output : net.graph.outputs())
      outputs[output.name] = to_doubles(program.output(output.name));
    return outputs;
  };
  const auto first = run();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(run(), first);
}

const Shapes kWide[] = {{{1024}, 16, {6, 5}},
                        {{16}, 1024, {6, 5}},
                        {{512, 512}, 32, {5, 4}},
                        {{1000}, 130, {6, 5}},
                        {{140}, 136, {13, 45}, 3, 3}};

INSTANTIATE_TEST_SUITE_P(Wide, ConvAlgorithms,
                         ::testing::Combine(::testing::ValuesIn(kWide), ::testing::Values(8, 16),
                                            ::testing::Values("winograd")),
                         test_name);

// oneDNN's plain loops, which it falls back to for such a dilation, take minutes for many channels.
TEST(ConvAlgorithms, TheReferenceIsNotTimedWhereThereIsAnother) {
  const TempFolder folder;
  ::setenv("XDG_CACHE_HOME", folder.path().c_str(), 1);
  ::setenv("INLAY_TUNE", "on", 1);
  const AllDirections net({{64}, 64, {48, 48}, 3, 1, 6, 6});
  { const Program program(net.graph, tensors_for(net.graph, net.numbers), {}, {.block = 8}); }
  const auto all = read_timings(tuning_file());
  ::unsetenv("XDG_CACHE_HOME");
  ::setenv("INLAY_TUNE", "off", 1);
  int timed = 0;
  for (const auto& [machine, problems] : all)
    for (const auto& [problem, timings] : problems) {
      EXPECT_FALSE(timings.contains("reference")) << problem;
      ++timed;
    }
  EXPECT_GT(timed, 0);
}

// More tiles and weights than are taken at once; too many for the reference in double precision.
TEST(ConvAlgorithms, WinogradTakesLargeWeightsInSteps) {
  const AllDirections net({{1000}, 130, {50, 53}});
  const auto run = [&](const char* algorithm, int threads) {
    Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                    {.threads = threads, .block = 8, .tune = false, .skip_algorithms = without(algorithm)});
    EXPECT_EQ(program.algorithms().at(algorithm), 3);
    program.run();
    std::map<std::string, std::vector<double>> outputs;
    for (const GraphOutput& output : net.graph.outputs())
      outputs[output.name] = to_doubles(program.output(output.name));
    return outputs;
  };
  const auto expected = run("direct", 2);
  for (const int threads : {1, 2, 3})
    for (const auto& [name, values] : run("winograd", threads)) {
      const std::vector<double>& wanted = expected.at(name);
      double scale = 0, difference = 0;
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        scale = std::max(scale, std::abs(wanted[i]));
        difference = std::max(difference, std::abs(values[i] - wanted[i]));
      }
      EXPECT_LT(difference, 8e-6 * scale) << name << " with " << threads << " threads";
    }
}

}  // namespace
}  // namespace inlay::testing
