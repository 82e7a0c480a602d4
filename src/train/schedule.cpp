#include "train/schedule.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "train/names.h"

namespace inlay {
namespace {

constexpr std::array<std::string_view, 5> kNames{"constant", "step", "cosine", "polynomial", "plateau"};

// Share of the base rate, before min_rate.
double share(const ScheduleOptions& options, const SchedulePosition& position, const PlateauState& plateau) {
  const auto done = static_cast<double>(position.step - options.warmup_steps);
  const auto all = static_cast<double>(std::max<std::int64_t>(1, position.steps - options.warmup_steps));
  const double progress = std::clamp(done / all, 0.0, 1.0);
  switch (options.kind) {
    case ScheduleKind::constant:
      return 1;
    case ScheduleKind::step: {
      const std::int64_t epoch = position.step / position.steps_per_epoch;
      return std::pow(options.factor, static_cast<double>(epoch / options.step_epochs));
    }
    case ScheduleKind::cosine:
      return options.min_rate + (1 - options.min_rate) * (1 + std::cos(std::numbers::pi * progress)) / 2;
    case ScheduleKind::polynomial:
      return std::pow(1 - progress, options.power);
    case ScheduleKind::plateau:
      return plateau.factor;
  }
  throw std::logic_error("unknown ScheduleKind");
}

}  // namespace

std::string_view to_string(ScheduleKind kind) { return kNames[static_cast<std::size_t>(kind)]; }
ScheduleKind parse_schedule(std::string_view text) { return parse_name<ScheduleKind>("schedule", kNames, text); }

void check(const ScheduleOptions& options) {
  if (options.warmup_steps < 0) fail_input("warmup_steps is {}; expected 0 or more", options.warmup_steps);
  if (options.step_epochs < 1) fail_input("step_epochs is {}; expected 1 or more", options.step_epochs);
  if (!(options.factor > 0 && options.factor < 1))
    fail_input("the schedule's factor is {}; expected 0 < factor < 1", options.factor);
  if (!(options.power > 0 && options.power <= 100))
    fail_input("the schedule's power is {}; expected 0 < power <= 100", options.power);
  if (!(options.min_rate >= 0 && options.min_rate <= 1))
    fail_input("min_rate is {}; expected a share of 0 to 1", options.min_rate);
  if (options.plateau_epochs < 0) fail_input("plateau_epochs is {}; expected 0 or more", options.plateau_epochs);
}

double learning_rate(const ScheduleOptions& options, double base, const SchedulePosition& position,
                     const PlateauState& plateau) {
  if (position.step < options.warmup_steps)
    return base * static_cast<double>(position.step + 1) / static_cast<double>(options.warmup_steps);
  return base * std::max(options.min_rate, share(options, position, plateau));
}

bool observe(PlateauState& state, const ScheduleOptions& options, double score, std::int64_t epochs) {
  constexpr double kThreshold = 1e-4;
  if (options.kind != ScheduleKind::plateau) return false;
  if (score > state.best + kThreshold) {
    state.best = score;
    state.bad_epochs = 0;
    return false;
  }
  state.bad_epochs += epochs;
  if (state.bad_epochs <= options.plateau_epochs) return false;
  state.bad_epochs = 0;
  const double before = std::max(state.factor, options.min_rate);
  state.factor *= options.factor;
  return std::max(state.factor, options.min_rate) < before;
}

}  // namespace inlay
