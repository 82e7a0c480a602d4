#include "train/schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "inlay/error.h"

namespace inlay {
namespace {

using testing::HasSubstr;
using testing::ThrowsMessage;

double rate(const ScheduleOptions& options, std::int64_t step, std::int64_t steps = 100, std::int64_t per_epoch = 10) {
  return learning_rate(options, 0.5, {step, steps, per_epoch});
}

TEST(Schedule, Constant) {
  EXPECT_EQ(rate({}, 0), 0.5);
  EXPECT_EQ(rate({}, 99), 0.5);
}

TEST(Schedule, StepGoesDownByEpochs) {
  const ScheduleOptions options{.kind = ScheduleKind::step, .step_epochs = 3, .factor = 0.5};
  EXPECT_EQ(rate(options, 29), 0.5);
  EXPECT_EQ(rate(options, 30), 0.25);
  EXPECT_EQ(rate(options, 65), 0.125);
}

TEST(Schedule, CosineGoesFromOneEndToTheOther) {
  ScheduleOptions options{.kind = ScheduleKind::cosine};
  EXPECT_DOUBLE_EQ(rate(options, 0), 0.5);
  EXPECT_DOUBLE_EQ(rate(options, 50), 0.25);
  EXPECT_NEAR(rate(options, 100), 0, 1e-15);
  EXPECT_NEAR(rate(options, 25), 0.5 * (1 + std::sqrt(0.5)) / 2, 1e-12);
  options.min_rate = 0.2;
  EXPECT_DOUBLE_EQ(rate(options, 100), 0.1);
  EXPECT_DOUBLE_EQ(rate(options, 50), 0.3);
}

TEST(Schedule, Polynomial) {
  ScheduleOptions options{.kind = ScheduleKind::polynomial};
  EXPECT_DOUBLE_EQ(rate(options, 0), 0.5);
  EXPECT_DOUBLE_EQ(rate(options, 40), 0.5 * std::pow(0.6, 0.9));
  EXPECT_EQ(rate(options, 100), 0);
  EXPECT_EQ(rate(options, 120), 0);
  options.power = 2;
  EXPECT_DOUBLE_EQ(rate(options, 50), 0.125);
}

TEST(Schedule, WarmUpRisesAndTheRestBeginsAfterIt) {
  for (ScheduleKind kind : {ScheduleKind::constant, ScheduleKind::cosine, ScheduleKind::polynomial}) {
    const ScheduleOptions options{.kind = kind, .warmup_steps = 5};
    EXPECT_DOUBLE_EQ(rate(options, 0), 0.1);
    EXPECT_DOUBLE_EQ(rate(options, 3), 0.4);
    EXPECT_DOUBLE_EQ(rate(options, 4), 0.5);
    EXPECT_DOUBLE_EQ(rate(options, 5), 0.5);
  }
}

TEST(Schedule, AWarmUpLongerThanTheRun) {
  const ScheduleOptions options{.kind = ScheduleKind::cosine, .warmup_steps = 200};
  EXPECT_DOUBLE_EQ(rate(options, 99), 0.25);
  EXPECT_TRUE(std::isfinite(rate(options, 200)));
}

TEST(Schedule, PlateauWaitsAndThenGoesDown) {
  const ScheduleOptions options{.kind = ScheduleKind::plateau, .factor = 0.5, .min_rate = 0.2, .plateau_epochs = 1};
  PlateauState state;
  EXPECT_FALSE(observe(state, options, 0.6));
  EXPECT_FALSE(observe(state, options, 0.60005));  // no better by more than the threshold
  EXPECT_TRUE(observe(state, options, 0.5));
  EXPECT_EQ(learning_rate(options, 1, {}, state), 0.5);
  EXPECT_FALSE(observe(state, options, 0.7));
  EXPECT_EQ(state.bad_epochs, 0);
  EXPECT_FALSE(observe(state, options, 0.7));
  EXPECT_TRUE(observe(state, options, 0.7));
  EXPECT_EQ(learning_rate(options, 1, {}, state), 0.25);
  EXPECT_FALSE(observe(state, options, 0.7));
  EXPECT_TRUE(observe(state, options, 0.7));
  EXPECT_EQ(learning_rate(options, 1, {}, state), 0.2);
  EXPECT_FALSE(observe(state, options, 0.7));
  EXPECT_FALSE(observe(state, options, 0.7));  // no lower than min_rate
}

TEST(Schedule, OnlyPlateauRemembers) {
  PlateauState state;
  for (int i = 0; i < 30; ++i) EXPECT_FALSE(observe(state, {.kind = ScheduleKind::cosine}, 0.1));
  EXPECT_EQ(state.factor, 1);
}

TEST(Schedule, RefusesOptionsOutOfRange) {
  const auto refused = [](const ScheduleOptions& options) { return [options] { check(options); }; };
  EXPECT_NO_THROW(check(ScheduleOptions{}));
  EXPECT_THAT(refused({.warmup_steps = -1}), ThrowsMessage<InputError>("warmup_steps is -1; expected 0 or more"));
  EXPECT_THAT(refused({.step_epochs = 0}), ThrowsMessage<InputError>("step_epochs is 0; expected 1 or more"));
  EXPECT_THAT(refused({.factor = 1}), ThrowsMessage<InputError>("the schedule's factor is 1; expected 0 < factor < 1"));
  EXPECT_THAT(refused({.power = 0}), ThrowsMessage<InputError>("the schedule's power is 0; expected 0 < power <= 100"));
  EXPECT_THAT(refused({.min_rate = 2}), ThrowsMessage<InputError>("min_rate is 2; expected a share of 0 to 1"));
  EXPECT_THAT(refused({.plateau_epochs = -1}), ThrowsMessage<InputError>("plateau_epochs is -1; expected 0 or more"));
}

TEST(Schedule, Names) {
  for (ScheduleKind kind : {ScheduleKind::constant, ScheduleKind::step, ScheduleKind::cosine, ScheduleKind::polynomial,
                            ScheduleKind::plateau})
    EXPECT_EQ(parse_schedule(to_string(kind)), kind);
  EXPECT_THAT(
      [] { parse_schedule("cos"); },
      ThrowsMessage<InputError>("'cos' is no schedule; expected one of constant, step, cosine, polynomial, plateau"));
}

}  // namespace
}  // namespace inlay
