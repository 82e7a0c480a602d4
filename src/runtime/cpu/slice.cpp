#include "graph/options.h"
#include "runtime/cpu/axes.h"
#include "runtime/cpu/channel_copy.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make_slice(const KernelSpec& spec) {
  const auto o = from_attributes<SliceOptions>(spec.attributes);
  const Buffer &x = spec.inputs[0], &y = spec.outputs[0];
  if (o.axis == 1 && y.block > 1) {
    std::vector<ChannelRun> runs;
    add_channel_runs(runs, 0, o.begin, 0, o.end - o.begin, y.block);
    add_padding_run(runs, o.end - o.begin, y.block);
    return make_channel_copy(spec, std::move(runs));
  }
  const auto extents = memory_extents(x.type.shape, x.block);
  std::int64_t outer = 1;
  for (std::size_t i = 0; i < static_cast<std::size_t>(o.axis); ++i) outer *= extents[i];
  const auto from_piece = static_cast<std::int64_t>(x.bytes()) / outer,
             to_piece = static_cast<std::int64_t>(y.bytes()) / outer;
  const std::int64_t inner = from_piece / extents[static_cast<std::size_t>(o.axis)];
  return make_piece_copy(outer, {{o.begin * inner, from_piece, 0, to_piece, to_piece}});
}

}  // namespace

const CpuKernel kSliceKernel{.op = "slice", .layout = follow_first, .make = make_slice};

}  // namespace inlay
