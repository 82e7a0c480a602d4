#include <algorithm>

#include "graph/options.h"
#include "runtime/cpu/axes.h"
#include "runtime/cpu/channel_copy.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_concat(const KernelSpec& spec) {
  const auto axis = static_cast<std::size_t>(from_attributes<AxisOptions>(spec.attributes).axis);
  const Buffer& y = spec.outputs[0];
  if (axis == 1 && y.block > 1) {
    std::vector<ChannelRun> runs;
    std::int64_t to = 0;
    for (std::size_t i = 0; i < spec.inputs.size(); ++i) {
      const std::int64_t channels = spec.inputs[i].type.shape[1];
      add_channel_runs(runs, static_cast<int>(i), 0, to, channels, y.block);
      to += channels;
    }
    add_padding_run(runs, to, y.block);
    return make_channel_copy(spec, std::move(runs));
  }
  std::int64_t outer = 1;
  const auto extents = memory_extents(y.type.shape, y.block);
  for (std::size_t i = 0; i < axis; ++i) outer *= extents[i];
  const auto piece = static_cast<std::int64_t>(y.bytes()) / outer;
  std::vector<PieceCopy> copies;
  std::int64_t to = 0;
  for (const Buffer& input : spec.inputs) {
    const auto bytes = static_cast<std::int64_t>(input.bytes()) / outer;
    copies.push_back({0, bytes, to, piece, bytes});
    to += bytes;
  }
  return make_piece_copy(outer, std::move(copies));
}

/// Blocked when any of the inputs is, so that no large picture is reordered for the sake of a small one.
LayoutChoice layout(const LayoutQuery& query) {
  int block = 1;
  for (const Buffer& input : query.inputs) block = std::max(block, input.block);
  return {std::vector<int>(query.inputs.size(), block), {block}};
}

}  // namespace

const CpuKernel kConcatKernel{.op = "concat", .layout = layout, .make = make_concat};

}  // namespace inlay
