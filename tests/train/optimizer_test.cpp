#include "train/optimizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/threads.h"
#include "inlay/error.h"

namespace inlay {
namespace {

ArenaLayout layout_of(std::int64_t count) {
  ArenaLayout layout;
  layout.add("w", {count});
  return layout;
}

std::vector<double> gradients_at(int step) { return {0.5 - 0.1 * step, -1.25 + 0.3 * step, 2e-3 * (step + 1), 0.0}; }
const std::vector<double> kStart{0.3, -0.7, 1.5, -2.0};

// The formulas of optimizer.h once more, step by step, in double.
std::vector<double> reference(const OptimizerOptions& o, double lr, double scale, int steps) {
  std::vector<double> w = kStart, m(w.size()), v(w.size());
  for (int t = 1; t <= steps; ++t) {
    const std::vector<double> gradients = gradients_at(t - 1);
    for (std::size_t i = 0; i < w.size(); ++i) {
      double g = gradients[i] * scale;
      if (o.kind == OptimizerKind::adamw) w[i] -= lr * o.weight_decay * w[i];
      if (o.kind != OptimizerKind::adamw) g += o.weight_decay * w[i];
      if (o.kind == OptimizerKind::sgd) {
        m[i] = o.momentum * m[i] + g;
        w[i] -= lr * (o.nesterov ? g + o.momentum * m[i] : m[i]);
        continue;
      }
      m[i] = o.beta1 * m[i] + (1 - o.beta1) * g;
      v[i] = o.beta2 * v[i] + (1 - o.beta2) * g * g;
      const double mean = m[i] / (1 - std::pow(o.beta1, t)), variance = v[i] / (1 - std::pow(o.beta2, t));
      w[i] -= lr * mean / (std::sqrt(variance) + o.epsilon);
    }
  }
  return w;
}

std::vector<float> optimised(const OptimizerOptions& o, double lr, double scale, int steps) {
  const ArenaLayout layout = layout_of(4);
  Arena weights(layout), gradients(layout);
  std::ranges::copy(kStart, weights.all().begin());
  Optimizer optimizer(o, layout);
  for (int t = 0; t < steps; ++t) {
    std::ranges::copy(gradients_at(t), gradients.all().begin());
    optimizer.step(weights, gradients.values(layout), lr, scale);
  }
  return {weights.all().begin(), weights.all().begin() + 4};
}

void expect_agreement(const OptimizerOptions& options, double scale = 1) {
  const std::vector<double> expected = reference(options, 0.05, scale, 7);
  const std::vector<float> got = optimised(options, 0.05, scale, 7);
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_NEAR(got[i], expected[i], 1e-6) << to_string(options.kind) << " element " << i;
}

TEST(Optimizer, SgdAgreesWithTheFormula) {
  OptimizerOptions options{.kind = OptimizerKind::sgd, .momentum = 0, .nesterov = false};
  expect_agreement(options);
  options.momentum = 0.9;
  expect_agreement(options);
  options.nesterov = true;
  expect_agreement(options);
  options.weight_decay = 0.1;
  expect_agreement(options);
  expect_agreement(options, 0.25);
}

TEST(Optimizer, SgdByHand) {
  const ArenaLayout layout = layout_of(1);
  Arena weights(layout), gradients(layout);
  weights.all()[0] = 1;
  gradients.all()[0] = 2;
  Optimizer optimizer({.kind = OptimizerKind::sgd, .momentum = 0.5, .nesterov = false}, layout);
  optimizer.step(weights, gradients.values(layout), 0.25);
  EXPECT_EQ(weights.all()[0], 0.5f);  // b = 2
  optimizer.step(weights, gradients.values(layout), 0.25);
  EXPECT_EQ(weights.all()[0], -0.25f);  // b = 3
}

TEST(Optimizer, NesterovWithoutMomentumIsPlainDescent) {
  const OptimizerOptions plain{.kind = OptimizerKind::sgd, .momentum = 0, .nesterov = false};
  const OptimizerOptions nesterov{.kind = OptimizerKind::sgd, .momentum = 0, .nesterov = true};
  EXPECT_EQ(optimised(plain, 0.1, 1, 3), optimised(nesterov, 0.1, 1, 3));
}

TEST(Optimizer, AdamAgreesWithTheFormula) {
  OptimizerOptions options{.kind = OptimizerKind::adam};
  expect_agreement(options);
  options.weight_decay = 0.1;
  expect_agreement(options, 0.5);
  options = {.kind = OptimizerKind::adam, .beta1 = 0.5, .beta2 = 0.75, .epsilon = 0.01};
  expect_agreement(options);
}

TEST(Optimizer, AdamWAgreesWithTheFormula) {
  const OptimizerOptions options{.kind = OptimizerKind::adamw, .weight_decay = 0.1};
  expect_agreement(options);
  EXPECT_NE(optimised(options, 0.05, 1, 7), optimised({.kind = OptimizerKind::adam, .weight_decay = 0.1}, 0.05, 1, 7));
}

TEST(Optimizer, TheFirstStepOfAdamIsTheLearningRate) {
  const std::vector<float> w = optimised({.kind = OptimizerKind::adam}, 0.01, 1, 1);
  EXPECT_NEAR(w[0], 0.29, 1e-6);
  EXPECT_NEAR(w[1], -0.69, 1e-6);
  EXPECT_EQ(w[3], -2.0f);
}

TEST(Optimizer, EveryOneReachesTheMinimumOfAQuadratic) {
  const std::vector<float> target{1, -2, 0.5, 3};
  for (OptimizerKind kind : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw}) {
    const ArenaLayout layout = layout_of(4);
    Arena weights(layout), gradients(layout);
    Optimizer optimizer({.kind = kind}, layout);
    for (int t = 0; t < 600; ++t) {
      for (std::size_t i = 0; i < 4; ++i)
        gradients.all()[i] = static_cast<float>(i + 1) * (weights.all()[i] - target[i]);
      optimizer.step(weights, gradients.values(layout), 0.02);
    }
    for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(weights.all()[i], target[i], 1e-3) << to_string(kind);
  }
}

TEST(Optimizer, DoesNotDependOnTheThreads) {
  const auto run = [](int threads) {
    const ThreadScope scope(threads);
    const ArenaLayout layout = layout_of(100003);
    Arena weights(layout), gradients(layout);
    for (std::size_t i = 0; i < 100003; ++i) gradients.all()[i] = std::sin(static_cast<float>(i));
    Optimizer optimizer({.kind = OptimizerKind::adamw, .weight_decay = 0.01}, layout);
    for (int t = 0; t < 3; ++t)
      optimizer.step(weights, gradients.values(layout), 0.1, 1 / norm(gradients.values(layout)));
    return std::vector<float>(weights.all().begin(), weights.all().end());
  };
  EXPECT_EQ(run(1), run(3));
}

TEST(Optimizer, GradientsOfTheSlotsLieAnywhere) {
  ArenaLayout layout;
  layout.add("a", {3});
  layout.add("b", {1});
  const std::vector<float> a{0.5f, -1.25f, 2e-3f}, b{0.25f};
  Arena weights(layout), together(layout), gradients(layout);
  std::ranges::copy(a, gradients.all().begin());
  gradients.all()[layout.slots[1].offset] = b[0];
  Optimizer one({}, layout), other({}, layout);
  for (int t = 0; t < 2; ++t) {
    one.step(weights, {a, b}, 0.1);
    other.step(together, gradients.values(layout), 0.1);
  }
  EXPECT_TRUE(std::ranges::equal(weights.all(), together.all()));
  EXPECT_NEAR(weights.all()[layout.slots[1].offset], -0.2, 1e-6);
}

TEST(Optimizer, MomentsCanBeCarriedOver) {
  for (OptimizerKind kind : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw}) {
    const ArenaLayout layout = layout_of(4);
    Arena weights(layout), gradients(layout);
    std::ranges::copy(gradients_at(0), gradients.all().begin());
    Optimizer first({.kind = kind}, layout), second({.kind = kind}, layout);
    for (int t = 0; t < 3; ++t) first.step(weights, gradients.values(layout), 0.1);
    for (auto& [name, tensor] : second.moments())
      std::ranges::copy(first.moments().at(name).data<float>(), Tensor(tensor).data<float>().begin());
    second.restore_steps(first.steps());
    Arena copy(layout);
    std::ranges::copy(weights.all(), copy.all().begin());
    first.step(weights, gradients.values(layout), 0.1);
    second.step(copy, gradients.values(layout), 0.1);
    EXPECT_TRUE(std::ranges::equal(weights.all(), copy.all())) << to_string(kind);
    EXPECT_EQ(second.steps(), 4);
  }
}

TEST(Optimizer, RefusesOptionsOutOfRange) {
  const auto message = [](const OptimizerOptions& options) -> std::string {
    try {
      Optimizer(options, layout_of(1));
    } catch (const InputError& e) {
      return e.what();
    }
    return "nothing";
  };
  EXPECT_EQ(message({.momentum = 1}), "momentum is 1; expected 0 <= momentum < 1");
  EXPECT_EQ(message({.beta1 = -0.5}), "beta1 is -0.5; expected 0 <= beta1 < 1");
  EXPECT_EQ(message({.beta2 = 1.5}), "beta2 is 1.5; expected 0 <= beta2 < 1");
  EXPECT_EQ(message({.epsilon = 0}), "epsilon is 0; expected a number above 0");
  EXPECT_EQ(message({.weight_decay = NAN}), "weight_decay is nan; expected 0 <= weight_decay < inf");
}

TEST(Optimizer, Names) {
  for (OptimizerKind kind : {OptimizerKind::sgd, OptimizerKind::adam, OptimizerKind::adamw})
    EXPECT_EQ(parse_optimizer(to_string(kind)), kind);
  EXPECT_THAT([] { parse_optimizer("adan"); },
              testing::ThrowsMessage<InputError>(
                  "'adan' is no optimizer; expected one of sgd, adam, adamw; did you mean 'adam'?"));
  EXPECT_EQ(default_learning_rate(OptimizerKind::sgd), 0.01);
  EXPECT_EQ(default_learning_rate(OptimizerKind::adamw), 0.001);
}

TEST(ClipFactor, OnlyShrinks) {
  EXPECT_EQ(clip_factor(5, 0), 1);
  EXPECT_EQ(clip_factor(0.5, 1), 1);
  EXPECT_NEAR(clip_factor(4, 1), 0.25, 1e-6);
}

TEST(Arena, ViewsShareTheMemoryAndStartAtCacheLines) {
  ArenaLayout layout;
  layout.add("a", {3});
  layout.add("b", {2, 2});
  std::map<std::string, Tensor> views;
  {
    Arena arena(layout);
    arena.all()[16] = 7;
    views = arena.views(layout, "p/");
  }
  EXPECT_EQ(views.at("p/b").shape(), Shape({2, 2}));
  EXPECT_EQ(views.at("p/b").data<float>()[0], 7);
  EXPECT_EQ(views.at("p/a").data<float>()[2], 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(views.at("p/b").raw()) % 64, 0u);
}

TEST(Norm, IsTheSameForAnyThreads) {
  std::vector<float> values(50001);
  double expected = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = std::cos(static_cast<float>(i));
    expected += static_cast<double>(values[i]) * values[i];
  }
  const double one = [&] {
    const ThreadScope scope(1);
    return norm({values});
  }();
  const ThreadScope scope(4);
  EXPECT_EQ(one, norm({values}));
  EXPECT_NEAR(one, std::sqrt(expected), 1e-9);
  EXPECT_EQ(norm({}), 0);
  const std::vector<float> three{3}, four{0, -4};
  EXPECT_EQ(norm({three, four}), 5);
}

TEST(AddScaled, AddsSlotBySlot) {
  ArenaLayout layout;
  layout.add("a", {1});
  layout.add("b", {2});
  Arena sum(layout);
  std::ranges::fill(sum.all(), 1.0f);
  const std::vector<float> a{10}, b{20, 30};
  add_scaled(sum, layout, {a, b}, 0.5f);
  EXPECT_EQ(sum.view(layout.slots[0]).data<float>()[0], 6);
  EXPECT_EQ(sum.view(layout.slots[1]).data<float>()[0], 11);
  EXPECT_EQ(sum.view(layout.slots[1]).data<float>()[1], 16);
  EXPECT_EQ(sum.all()[1], 1) << "what lies between the slots stays";
}

}  // namespace
}  // namespace inlay
