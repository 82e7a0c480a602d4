#include <gtest/gtest.h>

#include <algorithm>

#include "support/both_ways.h"

namespace inlay::testing {
namespace {

/// dropout of ones.
std::vector<double> dropped(Shape shape, DropoutOptions o, std::uint64_t seed, int block, int threads = 2) {
  Graph graph;
  graph.set_output("y", dropout(graph.input("x", {DType::f32, shape}), o));
  const ReferenceValues ones{{"x", std::vector<double>(static_cast<std::size_t>(shape.elements()), 1.0)}};
  return (block == 0 ? by_reference(graph, ones, seed) : by_program(graph, ones, block, seed, threads)).at("y");
}

TEST(Dropout, ZeroesTheGivenShareAndScalesTheRest) {
  const auto y = dropped({4, 16, 40, 40}, {.probability = 0.3, .training = true}, 5, 0);
  const double zeros = static_cast<double>(std::ranges::count(y, 0.0)) / static_cast<double>(y.size());
  EXPECT_NEAR(zeros, 0.3, 0.006);  // four standard deviations
  for (double v : y) EXPECT_TRUE(v == 0 || std::abs(v - 1 / 0.7) < 1e-12);
}

TEST(Dropout, GivesTheSameZerosInEveryLayoutAndForEveryNumberOfThreads) {
  const DropoutOptions o{.probability = 0.5, .stream = 3, .training = true};
  const auto expected = dropped({2, 19, 33, 31}, o, 9, 0);
  for (int block : {1, 8, 16})
    for (int threads : {1, 2, 3})
      EXPECT_EQ(dropped({2, 19, 33, 31}, o, 9, block, threads), expected) << block << " " << threads;
}

TEST(Dropout, DependsOnSeedAndStream) {
  const Shape shape{1, 4, 16, 16};
  const auto y = dropped(shape, {.training = true}, 1, 0);
  EXPECT_EQ(y, dropped(shape, {.training = true}, 1, 0));
  EXPECT_NE(y, dropped(shape, {.training = true}, 2, 0));
  EXPECT_NE(y, dropped(shape, {.stream = 1, .training = true}, 1, 0));
}

TEST(Dropout, ZeroesWholeChannels) {
  const DropoutOptions o{.probability = 0.5, .channels = true, .training = true};
  const auto y = dropped({8, 20, 3, 3}, o, 4, 0);
  int zeros = 0;
  for (std::size_t channel = 0; channel < 160; ++channel) {
    for (std::size_t i = 0; i < 9; ++i) EXPECT_EQ(y[channel * 9 + i], y[channel * 9]);
    zeros += y[channel * 9] == 0;
  }
  EXPECT_NEAR(zeros, 80, 26);
  for (int block : {1, 8, 16}) EXPECT_EQ(dropped({8, 20, 3, 3}, o, 4, block), y);
}

TEST(Dropout, IsTheIdentityInInference) {
  EXPECT_EQ(dropped({1, 3, 4, 4}, {.probability = 0.9}, 1, 0), std::vector<double>(48, 1.0));
  EXPECT_EQ(dropped({1, 3, 4, 4}, {.probability = 0.9, .channels = true}, 1, 8), std::vector<double>(48, 1.0));
}

TEST(Dropout, SaysWhatDoesNotFit) {
  Graph g;
  const Value x = g.input("x", {DType::f32, {4}});
  EXPECT_EQ(input_error([&] { dropout(x, {.probability = 1}); }),
            "dropout: probability is 1, expected 0 <= probability < 1");
  EXPECT_EQ(input_error([&] { dropout(x, {.probability = -0.5}); }),
            "dropout: probability is -0.5, expected 0 <= probability < 1");
  EXPECT_EQ(input_error([&] { dropout(x, {.channels = true}); }),
            "dropout: x is f32 4, expected f32 with shape NxCxHxW");
  EXPECT_EQ(input_error([&] { dropout(g.input("labels", {DType::u8, {4}})); }), "dropout: x is u8 4, expected f32");
}

}  // namespace
}  // namespace inlay::testing
