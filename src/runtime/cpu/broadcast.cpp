#include "runtime/cpu/broadcast.h"

#include <algorithm>

namespace inlay {
namespace {

using Extents = std::array<std::int64_t, BroadcastPlan::kOuter + 2>;  // outer axes, W, lanes

Extents extents_of(const Buffer& buffer) {
  const Shape& shape = buffer.type.shape;
  Extents extents;
  extents.fill(1);
  const std::size_t rank = static_cast<std::size_t>(shape.rank());
  for (std::size_t i = 0; i < rank; ++i) extents[BroadcastPlan::kOuter + 1 - rank + i] = shape[static_cast<int>(i)];
  if (buffer.block > 1) {
    std::int64_t& channels = extents[BroadcastPlan::kOuter - 2];
    extents.back() = channels == 1 ? 1 : buffer.block;
    channels = (channels + buffer.block - 1) / buffer.block;
  }
  return extents;
}

BroadcastPlan::Operand operand(const Buffer& buffer, const Shape& result) {
  const Extents extents = extents_of(buffer);
  BroadcastPlan::Operand operand;
  operand.whole = buffer.type.shape == result;
  const auto step = [](std::int64_t extent, std::int64_t stride) { return extent == 1 ? 0 : stride; };
  std::int64_t stride = buffer.block;
  operand.lane = step(extents.back(), 1);
  operand.w = step(extents[BroadcastPlan::kOuter], stride);
  stride *= extents[BroadcastPlan::kOuter];
  for (std::size_t i = BroadcastPlan::kOuter; i-- > 0;) {
    operand.outer[i] = step(extents[i], stride);
    stride *= extents[i];
  }
  return operand;
}

}  // namespace

LayoutChoice follow_largest(const LayoutQuery& query) {
  LayoutChoice choice = plain_layout(query);
  if (!is_picture(query.outputs[0])) return choice;
  const auto largest =
      std::ranges::max_element(query.inputs, {}, [](const Buffer& b) { return b.type.shape.elements(); });
  std::ranges::fill(choice.inputs, largest->block);
  std::ranges::fill(choice.outputs, largest->block);
  return choice;
}

BroadcastPlan BroadcastPlan::of(const KernelSpec& spec) {
  BroadcastPlan plan;
  const Buffer& y = spec.outputs[0];
  const Extents extents = extents_of(y);
  std::copy_n(extents.begin(), kOuter, plan.extents.begin());
  plan.width = extents[kOuter];
  for (std::int64_t extent : plan.extents) plan.rows *= extent;
  plan.block = y.block;
  plan.channels = y.block > 1 ? y.type.shape[1] : 0;
  plan.a = operand(spec.inputs[0], y.type.shape);
  plan.b = operand(spec.inputs[1], y.type.shape);
  return plan;
}

std::int64_t BroadcastPlan::offset(const Operand& operand, std::int64_t row) const {
  std::int64_t offset = 0;
  for (std::size_t i = kOuter; i-- > 0 && row > 0;) {
    offset += row % extents[i] * operand.outer[i];
    row /= extents[i];
  }
  return offset;
}

int BroadcastPlan::lanes(std::int64_t row) const {
  if (block == 1) return 1;
  const std::int64_t first = row / extents[kOuter - 1] % extents[kOuter - 2] * block;
  return static_cast<int>(std::min<std::int64_t>(channels - first, block));
}

}  // namespace inlay
