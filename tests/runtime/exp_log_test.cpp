#include "runtime/cpu/exp_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace inlay {
namespace {

TEST(ExpLog, ExpIsWithinTwoUlp) {
  double worst = 0;
  for (double x = -87.3; x < 88; x += 0.00037) {
    const auto at = static_cast<float>(x);
    const double exact = std::exp(static_cast<double>(at));
    worst = std::max(worst, std::abs(static_cast<double>(exp_f32(at)) - exact) / exact);
  }
  EXPECT_LT(worst, 2 * 1.2e-7);
  EXPECT_GT(worst, 0);
}

TEST(ExpLog, ExpEnds) {
  EXPECT_EQ(exp_f32(0), 1.0f);
  EXPECT_EQ(exp_f32(-0.0f), 1.0f);
  EXPECT_EQ(exp_f32(-1e4f), 0.0f);
  EXPECT_EQ(exp_f32(-std::numeric_limits<float>::infinity()), 0.0f);
  EXPECT_TRUE(std::isnan(exp_f32(std::numeric_limits<float>::quiet_NaN())));
}

TEST(ExpLog, LogIsWithinTwoUlpOrTenToTheMinusSeven) {
  double worst = 0;
  for (double x = 1e-30; x < 1e30; x *= 1.0003) {
    const auto at = static_cast<float>(x);
    const double exact = std::log(static_cast<double>(at));
    worst = std::max(worst, std::abs(static_cast<double>(log_f32(at)) - exact) / std::max(std::abs(exact), 0.5));
  }
  EXPECT_LT(worst, 2 * 1.2e-7);
  EXPECT_EQ(log_f32(1.0f), 0.0f);
}

TEST(ExpLog, SigmoidIsSymmetricAndEnds) {
  for (float x = -20; x < 20; x += 0.01f) {
    EXPECT_NEAR(sigmoid_f32(x), 1 / (1 + std::exp(-static_cast<double>(x))), 2e-7);
    EXPECT_NEAR(sigmoid_f32(x) + sigmoid_f32(-x), 1, 2e-7);
  }
  EXPECT_EQ(sigmoid_f32(1e4f), 1.0f);
  EXPECT_EQ(sigmoid_f32(-1e4f), 0.0f);
}

}  // namespace
}  // namespace inlay
