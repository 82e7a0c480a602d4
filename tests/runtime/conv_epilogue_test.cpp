// What follows a convolution, by every algorithm, in every combination, against double precision.
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
  std::int64_t kernel, dilation = 1, stride = 1;
};

/// activation(conv2d(x, w, b) + other) of two pictures.
struct ConvWithEpilogue {
  ConvWithEpilogue(const Shapes& s, bool add_other, Activation activation) {
    const Value x = leaf("x", {2, s.from, s.picture.h, s.picture.w});
    const std::int64_t padding = s.stride == 1 ? s.dilation * (s.kernel / 2) : 0;
    Value y = conv2d(x, leaf("w", {s.to, s.from, s.kernel, s.kernel}, LeafKind::parameter),
                     leaf("b", {s.to}, LeafKind::parameter),
                     {.stride = s.stride, .padding = padding, .dilation = s.dilation});
    if (add_other) y = add(leaf("other", y.shape()), y);
    if (activation == Activation::relu) y = relu(y);
    if (activation == Activation::leaky_relu) y = leaky_relu(y, {.slope = 0.2});
    if (activation == Activation::prelu) y = prelu(y, leaf("slope", {s.to}, LeafKind::parameter));
    graph.set_output("y", y);
  }

  Value leaf(std::string name, Shape shape, LeafKind kind = LeafKind::input) {
    numbers[name] = draw({name, {DType::f32, shape}}, 11);
    return graph.add_leaf(kind, name, {DType::f32, shape});
  }

  Graph graph;
  ReferenceValues numbers;
};

constexpr Activation kActivations[] = {Activation::none, Activation::relu, Activation::leaky_relu, Activation::prelu};

using Parameters = std::tuple<std::string, Shapes, int>;

class ConvEpilogue : public ::testing::TestWithParam<Parameters> {};

TEST_P(ConvEpilogue, AgreesWithDoublePrecision) {
  const auto& [algorithm, shapes, block] = GetParam();
  std::vector<std::string> skip = list_algorithms();
  std::erase(skip, algorithm);
  for (const bool add_other : {false, true})
    for (const Activation activation : kActivations) {
      const ConvWithEpilogue net(shapes, add_other, activation);
      const ProgramOptions options{
          .threads = 2, .block = block, .constant_parameters = add_other, .tune = false, .skip_algorithms = skip};
      const bool split = splits_numbers(net.graph, net.numbers, options);
      EXPECT_LT(program_error(net.graph, net.numbers, options), algorithm == "winograd_6x6" ? 2e-5
                                                                : split                     ? 1e-5
                                                                                            : 4e-6)
          << "add " << add_other << ", activation " << static_cast<int>(activation);
    }
}

TEST(ConvEpilogue, IsPartOfTheConvolution) {
  for (const Activation activation : kActivations) {
    const ConvWithEpilogue net({3, 5, {2, 3}, 3}, true, activation);
    const Program program(net.graph, tensors_for(net.graph, net.numbers), {}, {.tune = false});
    const std::string text = program.dump();
    for (const char* gone : {"= add(", "= relu(", "= leaky_relu(", "= prelu("})
      EXPECT_EQ(text.find(gone), std::string::npos) << text;
  }
}

std::string test_name(const ::testing::TestParamInfo<Parameters>& info) {
  return fmt::format("{}_block{}_{}", std::get<0>(info.param), std::get<2>(info.param), info.index);
}

const Shapes k3x3[] = {{17, 33, {13, 7}, 3}, {3, 5, {1, 9}, 3}, {24, 40, {8, 12}, 3}};
const Shapes kFilled[] = {{17, 33, {11, 18}, 3}, {3, 5, {12, 12}, 3}};  // by tiles of 6x6
const Shapes kLarge[] = {{16, 17, {13, 18}, 7}, {20, 16, {29, 33}, 3, 4}};
const Shapes kPatches[] = {{16, 21, {9, 7}, 1}, {36, 52, {2, 66}, 1}, {7, 17, {4, 6}, 2, 1, 2}};

INSTANTIATE_TEST_SUITE_P(Small, ConvEpilogue,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd", "direct", "gemm"),
                                            ::testing::ValuesIn(k3x3), ::testing::Values(1, 8, 16)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(LargerTiles, ConvEpilogue,
                         ::testing::Combine(::testing::Values("winograd_6x6"), ::testing::ValuesIn(kFilled),
                                            ::testing::Values(8, 16)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Large, ConvEpilogue,
                         ::testing::Combine(::testing::Values("bf16x3", "winograd"), ::testing::ValuesIn(kLarge),
                                            ::testing::Values(8, 16)),
                         test_name);
const Shapes kFewChannels[] = {{3, 40, {13, 300}, 3}, {1, 5, {7, 6}, 7}, {4, 17, {6, 5}, 3, 2}};
INSTANTIATE_TEST_SUITE_P(FewChannels, ConvEpilogue,
                         ::testing::Combine(::testing::Values("few_channels"), ::testing::ValuesIn(kFewChannels),
                                            ::testing::Values(8, 16)),
                         test_name);
INSTANTIATE_TEST_SUITE_P(Patches, ConvEpilogue,
                         ::testing::Combine(::testing::Values("bf16x3", "patches", "direct", "gemm"),
                                            ::testing::ValuesIn(kPatches), ::testing::Values(8, 16)),
                         test_name);

/// Relative to the largest of `apart`.
double largest_difference(const std::vector<double>& fused, const std::vector<double>& apart) {
  double most = 0, difference = 0;
  for (std::size_t i = 0; i < fused.size(); ++i) {
    most = std::max(most, std::abs(apart[i]));
    difference = std::max(difference, std::abs(fused[i] - apart[i]));
  }
  return difference / most;
}

// Results above 16 MB are written past the caches.
TEST(ConvEpilogue, ALargeResultIsTheSame) {
  for (const std::int64_t kernel : {1, 3}) {
    const ConvWithEpilogue net({3, 64, {251, 299}, kernel}, true, Activation::prelu);
    const auto run = [&](std::vector<std::string> skip) {
      Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                      {.tune = false, .skip_passes = std::move(skip)});
      program.run();
      return to_doubles(program.output("y"));
    };
    const auto fused = run({}), apart = run({"fuse_add", "fuse_activation"});
    EXPECT_LT(largest_difference(fused, apart), 1e-6);
  }
}

/// relu(conv2d(from) + before): `before` is an intermediate result whose memory y may take over.
struct SumInPlace {
  SumInPlace(bool from_itself, bool read_later, std::int64_t kernel, const Shape& shape = {2, 19, 11, 18}) {
    const auto leaf = [&](std::string name, Shape s, LeafKind kind) {
      numbers[name] = draw({name, {DType::f32, s}}, 7);
      return graph.add_leaf(kind, name, {DType::f32, s});
    };
    const Value before = sigmoid(leaf("x", shape, LeafKind::input));
    const Value from = from_itself ? before : leaf("from", shape, LeafKind::input);
    const Value w = leaf("w", {shape[1], shape[1], kernel, kernel}, LeafKind::parameter);
    const Value y = relu(add(conv2d(from, w, {}, {.padding = kernel / 2}), before));
    graph.set_output("y", read_later ? mul(y, before) : sigmoid(y));
  }
  Graph graph;
  ReferenceValues numbers;
};

struct Way {
  std::string algorithm;
  std::int64_t kernel;
  int block;
};

TEST(ConvEpilogue, WhatIsAddedGivesItsMemoryOnlyWhenNothingElseNeedsIt) {
  const Way ways[] = {{"winograd", 3, 8}, {"winograd_6x6", 3, 8}, {"patches", 1, 8},
                      {"direct", 1, 8},   {"direct", 3, 8},       {"gemm", 3, 1}};
  for (const Way& way : ways)
    for (const bool from_itself : {false, true})
      for (const bool read_later : {false, true}) {
        const SumInPlace net(from_itself, read_later, way.kernel);
        std::vector<std::string> skip = list_algorithms();
        std::erase(skip, way.algorithm);
        const auto run = [&](std::vector<std::string> skip_passes) {
          Program program(net.graph, tensors_for(net.graph, net.numbers), {},
                          {.threads = 2,
                           .block = way.block,
                           .tune = false,
                           .skip_passes = std::move(skip_passes),
                           .skip_algorithms = skip});
          EXPECT_TRUE(program.algorithms().contains(way.algorithm)) << way.algorithm;
          program.run();
          program.run();  // what the first run left behind is no input of the second
          return to_doubles(program.output("y"));
        };
        const auto fused = run({}), apart = run({"fuse_add", "fuse_activation"});
        EXPECT_LT(largest_difference(fused, apart), 2e-6)
            << way.algorithm << ", kernel " << way.kernel << ", from itself " << from_itself << ", read later "
            << read_later;
      }
}

TEST(ConvEpilogue, ASumTakesNoMemoryOfItsOwn) {
  const auto arena = [](bool read_later) {
    const SumInPlace net(false, read_later, 1, {1, 8, 256, 512});
    return Program(net.graph, tensors_for(net.graph, net.numbers), {}, {.tune = false}).arena_bytes();
  };
  EXPECT_LT(arena(false), arena(true));
}

// Slopes that training moves are read at every run.
TEST(ConvEpilogue, SlopesMayChangeBetweenRuns) {
  const ConvWithEpilogue net({16, 16, {6, 5}, 3}, false, Activation::prelu);
  Bindings tensors = tensors_for(net.graph, net.numbers);
  for (const std::string algorithm : {"winograd", "direct"}) {
    std::vector<std::string> skip = list_algorithms();
    std::erase(skip, algorithm);
    Program program(net.graph, tensors, {}, {.constant_parameters = false, .tune = false, .skip_algorithms = skip});
    std::ranges::fill(tensors.at("slope").data<float>(), 1.0f);
    program.run();
    EXPECT_TRUE(std::ranges::any_of(to_doubles(program.output("y")), [](double v) { return v < 0; }));
    std::ranges::fill(tensors.at("slope").data<float>(), 0.0f);
    program.run();
    EXPECT_TRUE(std::ranges::none_of(to_doubles(program.output("y")), [](double v) { return v < 0; }));
  }
}

}  // namespace
}  // namespace inlay::testing
