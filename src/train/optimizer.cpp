#include "train/optimizer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/fail.h"
#include "base/threads.h"
#include "train/names.h"

namespace inlay {
namespace {

constexpr std::array<std::string_view, 3> kNames{"sgd", "adam", "adamw"};

void check(const OptimizerOptions& options) {
  const auto inside = [](std::string_view name, double value, double end) {
    if (!(value >= 0 && value < end)) fail_input("{} is {}; expected 0 <= {} < {}", name, value, name, end);
  };
  constexpr double kUnlimited = std::numeric_limits<double>::infinity();
  inside("momentum", options.momentum, 1);
  inside("beta1", options.beta1, 1);
  inside("beta2", options.beta2, 1);
  inside("weight_decay", options.weight_decay, kUnlimited);
  if (!(options.epsilon > 0 && options.epsilon < kUnlimited))
    fail_input("epsilon is {}; expected a number above 0", options.epsilon);
}

struct SgdStep {
  float rate, scale, decay, momentum;
  bool nesterov;

  void operator()(std::int64_t i, float* w, const float* gradients, float* b) const {
    const float g = gradients[i] * scale + decay * w[i];
    b[i] = momentum * b[i] + g;
    w[i] -= rate * (nesterov ? g + momentum * b[i] : b[i]);
  }
};

struct AdamStep {
  float rate, scale, decay, shrink;                 // shrink: AdamW's factor of the weights
  float beta1, beta2, rest1, rest2, root, epsilon;  // rest: 1 - beta; root: sqrt(1 - beta2^t)

  void operator()(std::int64_t i, float* w, const float* gradients, float* m, float* v) const {
    const float old = w[i] * shrink;
    const float g = gradients[i] * scale + decay * old;
    m[i] = beta1 * m[i] + rest1 * g;
    v[i] = beta2 * v[i] + rest2 * g * g;
    w[i] = old - rate * m[i] / (std::sqrt(v[i]) / root + epsilon);
  }
};

/// Slot by slot; `arenas`: the weights and their moments.
template <class Step, class... Arenas>
void update_all(const ArenaLayout& layout, const SlotValues& gradients, const Step& step, Arenas&... arenas) {
  for (std::size_t slot = 0; slot < gradients.size(); ++slot) {
    const float* g = gradients[slot].data();
    const auto update = [&](float* w, auto... moments) {
      parallel_ranges(
          std::ssize(gradients[slot]),
          [&](std::int64_t begin, std::int64_t end) {
            for (std::int64_t i = begin; i < end; ++i) step(i, w, g, moments...);
          },
          std::ssize(gradients[slot]));
    };
    update(arenas.all().data() + layout.slots[slot].offset...);
  }
}

}  // namespace

std::string_view to_string(OptimizerKind kind) { return kNames[static_cast<std::size_t>(kind)]; }
OptimizerKind parse_optimizer(std::string_view text) { return parse_name<OptimizerKind>("optimizer", kNames, text); }

Optimizer::Optimizer(const OptimizerOptions& options, const ArenaLayout& layout) : options_(options), layout_(layout) {
  check(options);
  if (options.kind == OptimizerKind::sgd) {
    moments_.push_back({"momentum", Arena(layout)});
  } else {
    moments_.push_back({"mean", Arena(layout)});
    moments_.push_back({"variance", Arena(layout)});
  }
}

void Optimizer::step(Arena& weights, const SlotValues& gradients, double learning_rate, double scale) {
  ++steps_;
  const auto narrow = [](double value) { return static_cast<float>(value); };
  if (options_.kind == OptimizerKind::sgd) {
    const SgdStep step{narrow(learning_rate), narrow(scale), narrow(options_.weight_decay), narrow(options_.momentum),
                       options_.nesterov && options_.momentum > 0};
    update_all(layout_, gradients, step, weights, moments_[0].values);
    return;
  }
  const bool decoupled = options_.kind == OptimizerKind::adamw;
  const double correction1 = 1 - std::pow(options_.beta1, static_cast<double>(steps_));
  const double correction2 = 1 - std::pow(options_.beta2, static_cast<double>(steps_));
  const AdamStep step{narrow(learning_rate / correction1),
                      narrow(scale),
                      decoupled ? 0.0f : narrow(options_.weight_decay),
                      decoupled ? narrow(1 - learning_rate * options_.weight_decay) : 1.0f,
                      narrow(options_.beta1),
                      narrow(options_.beta2),
                      narrow(1 - options_.beta1),
                      narrow(1 - options_.beta2),
                      narrow(std::sqrt(correction2)),
                      narrow(options_.epsilon)};
  update_all(layout_, gradients, step, weights, moments_[0].values, moments_[1].values);
}

std::map<std::string, Tensor> Optimizer::moments() const {
  std::map<std::string, Tensor> result;
  for (const Moment& moment : moments_) result.merge(moment.values.views(layout_, "optimizer/" + moment.name + "/"));
  return result;
}

double clip_factor(double norm, double limit) { return limit > 0 ? std::min(1.0, limit / (norm + 1e-6)) : 1.0; }

double default_learning_rate(OptimizerKind kind) { return kind == OptimizerKind::sgd ? 0.01 : 0.001; }

}  // namespace inlay
