#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/threads.h"
#include "inlay/nn.h"

namespace inlay {
namespace {

Tensor drawn(const Shape& shape, Initializer initializer, std::uint64_t seed = 1, const std::string& name = "w") {
  Graph graph;
  graph.add_leaf(LeafKind::parameter, name, {DType::f32, shape}, initializer);
  return initialise(graph, seed).at(name);
}

std::vector<float> numbers(const Tensor& tensor) { return {tensor.data<float>().begin(), tensor.data<float>().end()}; }

struct Moments {
  double mean = 0, variance = 0, largest = 0;
};

Moments moments(const Tensor& tensor) {
  Moments m;
  const auto count = static_cast<double>(tensor.elements());
  for (float v : tensor.data<float>()) m.mean += v / count;
  for (float v : tensor.data<float>()) {
    m.variance += (v - m.mean) * (v - m.mean) / count;
    m.largest = std::max(m.largest, std::abs(static_cast<double>(v)));
  }
  return m;
}

TEST(Initialise, DependsOnSeedAndNameOnly) {
  const Initializer he{Initializer::Kind::he_normal};
  const auto reference = numbers(drawn({8, 4, 3, 3}, he, 1, "a/weight"));
  EXPECT_EQ(numbers(drawn({8, 4, 3, 3}, he, 1, "a/weight")), reference);
  EXPECT_NE(numbers(drawn({8, 4, 3, 3}, he, 2, "a/weight")), reference);
  EXPECT_NE(numbers(drawn({8, 4, 3, 3}, he, 1, "b/weight")), reference);
  Graph larger;
  larger.add_leaf(LeafKind::parameter, "other", {DType::f32, {5, 5}}, he);
  larger.add_leaf(LeafKind::parameter, "a/weight", {DType::f32, {8, 4, 3, 3}}, he);
  EXPECT_EQ(numbers(initialise(larger, 1).at("a/weight")), reference) << "what else is in the graph must not matter";
}

TEST(Initialise, DoesNotDependOnTheNumberOfThreads) {
  using Kind = Initializer::Kind;
  for (const Initializer initializer : {Initializer{Kind::he_normal}, Initializer{Kind::lecun_uniform},
                                        Initializer{Kind::identity, 0.1}, Initializer{Kind::normal, 0.1}}) {
    const auto with_threads = [&](int threads) {
      const ThreadScope scope(threads);
      return numbers(drawn({17, 19, 5, 3}, initializer));
    };
    EXPECT_EQ(with_threads(3), with_threads(1));
  }
}

TEST(Initialise, LeavesInputsOut) {
  Graph graph;
  graph.input("image", {DType::f32, {1, 1, 2, 2}});
  graph.add_leaf(LeafKind::state, "mean", {DType::f32, {3}}, {Initializer::Kind::constant, 0.5});
  const Tensors tensors = initialise(graph, 0);
  ASSERT_EQ(tensors.size(), 1u);
  EXPECT_THAT(tensors.at("mean").data<float>(), ::testing::Each(0.5f));
}

TEST(LecunUniform, IsWithinOneOverTheRootOfTheFanIn) {
  const Moments m = moments(drawn({64, 32, 3, 3}, {Initializer::Kind::lecun_uniform}));
  const double limit = 1 / std::sqrt(32.0 * 9);
  EXPECT_LE(m.largest, limit);
  EXPECT_GT(m.largest, 0.99 * limit);
  const Moments bias = moments(drawn({4096}, {Initializer::Kind::lecun_uniform, 32 * 9}));
  EXPECT_LE(bias.largest, limit) << "a bias names the fan-in of its weights";
  EXPECT_GT(bias.largest, 0.99 * limit);
}

TEST(Normal, HasTheDeviationAskedFor) {
  const Moments m = moments(drawn({64, 32, 3, 3}, {Initializer::Kind::normal, 0.01}));
  EXPECT_NEAR(m.mean, 0, 0.0002);
  EXPECT_NEAR(std::sqrt(m.variance), 0.01, 0.0002);
}

TEST(Identity, LetsEveryChannelThrough) {
  const Tensor kernel = drawn({2, 3, 3, 3}, {Initializer::Kind::identity});
  std::vector<float> expected(2 * 3 * 9, 0.0f);
  expected[4] = expected[(3 + 1) * 9 + 4] = 1;
  EXPECT_EQ(numbers(kernel), expected);
  const Moments noisy = moments(drawn({32, 32, 3, 3}, {Initializer::Kind::identity, 0.01}));
  EXPECT_EQ(noisy.largest, 1);
  EXPECT_NEAR(noisy.variance, 0.01 * 0.01 + 32.0 / (32 * 32 * 9), 5e-4);
}

TEST(Identity, SpreadsAndGathersChannelsByYuAndKoltunsRule) {
  const auto middle = [](const Tensor& kernel) {
    std::vector<float> values;
    for (std::size_t i = 4; i < kernel.data<float>().size(); i += 9) values.push_back(kernel.data<float>()[i]);
    return values;
  };
  const Tensor spread = drawn({4, 2, 3, 3}, {Initializer::Kind::identity});
  EXPECT_EQ(middle(spread), (std::vector<float>{0.5, 0, 0.5, 0, 0, 0.5, 0, 0.5}));
  const Tensor gather = drawn({2, 4, 3, 3}, {Initializer::Kind::identity});
  EXPECT_EQ(middle(gather), (std::vector<float>{1, 1, 0, 0, 0, 0, 1, 1}));
}

TEST(HeNormal, HasVarianceTwoOverFanIn) {
  const Moments m = moments(drawn({64, 32, 3, 3}, {Initializer::Kind::he_normal}));
  EXPECT_NEAR(m.mean, 0, 0.002);
  EXPECT_NEAR(m.variance / (2.0 / (32 * 9)), 1, 0.03);
}

TEST(HeNormal, CountsFanOutWhenAsked) {
  const Moments m = moments(drawn({64, 32, 3, 3}, {Initializer::Kind::he_normal_fan_out}));
  EXPECT_NEAR(m.variance / (2.0 / (64 * 9)), 1, 0.03);
}

TEST(HeUniform, HasTheSameVarianceWithinLimits) {
  const double limit = std::sqrt(6.0 / (32 * 9));
  const Moments m = moments(drawn({64, 32, 3, 3}, {Initializer::Kind::he_uniform}));
  EXPECT_NEAR(m.variance / (2.0 / (32 * 9)), 1, 0.03);
  EXPECT_LE(m.largest, limit);
  EXPECT_GT(m.largest, 0.99 * limit);
}

TEST(GlorotUniform, FillsItsInterval) {
  const double limit = std::sqrt(6.0 / (32 * 9 + 64 * 9));
  const Moments m = moments(drawn({64, 32, 3, 3}, {Initializer::Kind::glorot_uniform}));
  EXPECT_NEAR(m.mean, 0, 0.002);
  EXPECT_NEAR(m.variance / (limit * limit / 3), 1, 0.03);
  EXPECT_LE(m.largest, limit);
  EXPECT_GT(m.largest, 0.99 * limit);
}

TEST(Bilinear, IsTheKernelOfLinearInterpolation) {
  const Tensor even = drawn({2, 2, 4, 4}, {Initializer::Kind::bilinear});
  const auto w = even.data<float>();
  const std::vector<float> row{0.25f, 0.75f, 0.75f, 0.25f};
  for (std::size_t y = 0; y < 4; ++y)
    for (std::size_t x = 0; x < 4; ++x) {
      EXPECT_FLOAT_EQ(w[y * 4 + x], row[y] * row[x]);
      EXPECT_EQ(w[16 + y * 4 + x], 0) << "between different channels";
      EXPECT_FLOAT_EQ(w[48 + y * 4 + x], row[y] * row[x]);
    }
  EXPECT_THAT(numbers(drawn({1, 1, 1, 3}, {Initializer::Kind::bilinear})), ::testing::ElementsAre(0.5f, 1, 0.5f));
  EXPECT_THAT(numbers(drawn({2, 1, 1, 3}, {Initializer::Kind::bilinear})),
              ::testing::ElementsAre(0.5f, 1, 0.5f, 0.5f, 1, 0.5f))
      << "depthwise";
  EXPECT_THAT(numbers(drawn({3, 2, 1, 1}, {Initializer::Kind::bilinear})), ::testing::ElementsAre(1, 0, 0, 1, 0, 0))
      << "more channels in than out";
}

TEST(Bilinear, InterpolatesByTheFactorAskedFor) {
  const Tensor kernel = drawn({1, 1, 1, 8}, {Initializer::Kind::bilinear, 2});
  EXPECT_THAT(numbers(kernel), ::testing::ElementsAre(0, 0, 0.25f, 0.75f, 0.75f, 0.25f, 0, 0));
}

}  // namespace
}  // namespace inlay
