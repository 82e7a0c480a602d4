#include "train/averages.h"

#include <algorithm>

#include "base/threads.h"

namespace inlay {
namespace {

void approach(std::span<float> average, std::span<const float> now, float share) {
  parallel_ranges(
      std::ssize(average),
      [&](std::int64_t begin, std::int64_t end) {
        float* to = average.data();
        const float* from = now.data();
        for (std::int64_t i = begin; i < end; ++i) to[i] += share * (from[i] - to[i]);
      },
      std::ssize(average));
}

}  // namespace

Averages::Averages(const Tensors& tensors, const ArenaLayout& layout, double decay)
    : parameters_(layout), averages_(parameters_.views(layout)), decay_(decay) {
  for (const auto& [name, tensor] : tensors) {
    const auto [place, other] = averages_.try_emplace(name, tensor.type(), tensor.shape());
    std::copy_n(tensor.raw(), tensor.bytes(), place->second.raw());
    if (other && tensor.type() == DType::f32) others_.push_back(name);
  }
}

void Averages::update(std::span<const float> weights, const Tensors& tensors, std::int64_t t) {
  const auto steps = static_cast<double>(t);
  const auto share = static_cast<float>(1 - std::min(decay_, (1 + steps) / (10 + steps)));
  approach(parameters_.all(), weights, share);
  for (const std::string& name : others_)
    approach(averages_.at(name).data<float>(), tensors.at(name).data<float>(), share);
}

}  // namespace inlay
