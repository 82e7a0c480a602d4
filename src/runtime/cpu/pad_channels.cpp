#include "graph/options.h"
#include "runtime/cpu/channel_copy.h"
#include "runtime/cpu/kernels.h"

namespace inlay {
namespace {

std::unique_ptr<Kernel> make(const KernelSpec& spec) {
  const auto o = from_attributes<PadChannelsOptions>(spec.attributes);
  const std::int64_t channels = spec.inputs[0].type.shape[1];
  const int block = spec.outputs[0].block;
  std::vector<ChannelRun> runs;
  add_zero_runs(runs, 0, o.front, block);
  add_channel_runs(runs, 0, 0, o.front, channels, block);
  add_zero_runs(runs, o.front + channels, o.behind, block);
  add_padding_run(runs, o.front + channels + o.behind, block);
  return make_channel_copy(spec, std::move(runs));
}

}  // namespace

const CpuKernel kPadChannelsKernel{.op = "pad_channels", .layout = follow_first, .make = make};

}  // namespace inlay
