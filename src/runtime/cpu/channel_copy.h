// Copying channels between pictures of one block, for concat, slice and pad_channels.
#pragma once

#include "runtime/cpu/kernel.h"

namespace inlay {

/// Some lanes of one block of an input that go to some lanes of one block of the output; input -1: zeros.
struct ChannelRun {
  int input;
  std::int64_t from_block, to_block;
  int from_lane, to_lane, lanes;
};

/// Appends the runs that copy `count` channels of an input, from channel `from` on, to channel `to` of the output on.
void add_channel_runs(std::vector<ChannelRun>& runs, int input, std::int64_t from, std::int64_t to, std::int64_t count,
                      int block);
/// Appends the runs that make `count` channels of zeros, from channel `to` on.
void add_zero_runs(std::vector<ChannelRun>& runs, std::int64_t to, std::int64_t count, int block);
/// Appends the zeros behind the output's last channel.
void add_padding_run(std::vector<ChannelRun>& runs, std::int64_t channels, int block);

/// Runs for all images; inputs and output differ in the number of channels alone.
std::unique_ptr<Kernel> make_channel_copy(const KernelSpec& spec, std::vector<ChannelRun> runs);

/// One copy an input: from `from` bytes into each of its `outer` pieces, `bytes` long, to `to` bytes into each piece of
/// the output.
struct PieceCopy {
  std::int64_t from, from_piece, to, to_piece, bytes;
};
std::unique_ptr<Kernel> make_piece_copy(std::int64_t outer, std::vector<PieceCopy> copies);

}  // namespace inlay
