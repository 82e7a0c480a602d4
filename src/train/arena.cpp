#include "train/arena.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include "base/threads.h"

namespace inlay {
namespace {

// Independent lanes let the compiler use vectors without changing the order of additions.
double sum_of_squares(std::span<const float> values) {
  constexpr std::size_t kLanes = 16;
  std::array<double, kLanes> lanes{};
  std::size_t i = 0;
  for (; i + kLanes <= values.size(); i += kLanes)
    for (std::size_t lane = 0; lane < kLanes; ++lane)
      lanes[lane] += static_cast<double>(values[i + lane]) * static_cast<double>(values[i + lane]);
  for (; i < values.size(); ++i) lanes[i % kLanes] += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  return std::accumulate(lanes.begin(), lanes.end(), 0.0);
}

double parallel_sum_of_squares(std::span<const float> values) {
  constexpr std::size_t kChunk = 8192;
  std::vector<double> sums((values.size() + kChunk - 1) / kChunk);
  parallel_ranges(
      std::ssize(sums),
      [&](std::int64_t begin, std::int64_t end) {
        for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
          sums[i] = sum_of_squares(values.subspan(i * kChunk, std::min(kChunk, values.size() - i * kChunk)));
      },
      std::ssize(values));
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

}  // namespace

void ArenaLayout::add(std::string name, const Shape& shape) {
  constexpr std::size_t kAlignment = 64 / sizeof(float);
  slots.push_back({std::move(name), shape, elements});
  elements += (static_cast<std::size_t>(shape.elements()) + kAlignment - 1) / kAlignment * kAlignment;
}

Arena::Arena(const ArenaLayout& layout) : storage_(DType::f32, {static_cast<std::int64_t>(layout.elements)}) {}

SlotValues Arena::values(const ArenaLayout& layout) const {
  SlotValues result;
  for (const ArenaLayout::Slot& slot : layout.slots)
    result.push_back(all().subspan(slot.offset, static_cast<std::size_t>(slot.shape.elements())));
  return result;
}

Tensor Arena::view(const ArenaLayout::Slot& slot) const {
  Tensor owner = storage_;
  const auto keeper = std::make_shared<Tensor>(std::move(owner));
  std::byte* begin = keeper->raw() + slot.offset * sizeof(float);
  return Tensor::over(std::shared_ptr<std::byte[]>(keeper, begin), DType::f32, slot.shape);
}

std::map<std::string, Tensor> Arena::views(const ArenaLayout& layout, const std::string& prefix) const {
  std::map<std::string, Tensor> result;
  for (const ArenaLayout::Slot& slot : layout.slots) result.emplace(prefix + slot.name, view(slot));
  return result;
}

void add_scaled(Arena& sum, const ArenaLayout& layout, const SlotValues& values, float factor) {
  for (std::size_t slot = 0; slot < values.size(); ++slot) {
    float* to = sum.all().data() + layout.slots[slot].offset;
    const float* from = values[slot].data();
    parallel_ranges(
        std::ssize(values[slot]),
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) to[i] += from[i] * factor;
        },
        std::ssize(values[slot]));
  }
}

double norm(const SlotValues& values) {
  double sum = 0;
  for (const std::span<const float> slot : values) sum += parallel_sum_of_squares(slot);
  return std::sqrt(sum);
}

}  // namespace inlay
