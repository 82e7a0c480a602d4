#include "runtime/cpu/channel_copy.h"

#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "runtime/cpu/stream.h"

namespace inlay {

void add_channel_runs(std::vector<ChannelRun>& runs, int input, std::int64_t from, std::int64_t to, std::int64_t count,
                      int block) {
  while (count > 0) {
    const auto from_lane = static_cast<int>(from % block), to_lane = static_cast<int>(to % block);
    const auto lanes = static_cast<int>(std::min<std::int64_t>(count, block - std::max(from_lane, to_lane)));
    runs.push_back({input, from / block, to / block, from_lane, to_lane, lanes});
    from += lanes;
    to += lanes;
    count -= lanes;
  }
}

void add_zero_runs(std::vector<ChannelRun>& runs, std::int64_t to, std::int64_t count, int block) {
  add_channel_runs(runs, -1, to, to, count, block);
}

void add_padding_run(std::vector<ChannelRun>& runs, std::int64_t channels, int block) {
  if (const auto lane = static_cast<int>(channels % block); lane > 0)
    add_zero_runs(runs, channels, block - lane, block);
}

std::unique_ptr<Kernel> make_channel_copy(const KernelSpec& spec, std::vector<ChannelRun> runs) {
  const Shape& y = spec.outputs[0].type.shape;
  const int block = spec.outputs[0].block;
  const std::int64_t images = y[0], height = y[2], width = y[3], lane = 4, pixel = lane * block;
  const auto blocks = [block](const Buffer& b) { return padded_channels(b.type.shape[1], block) / block; };
  std::vector<std::int64_t> from_blocks;
  for (const Buffer& input : spec.inputs) from_blocks.push_back(blocks(input));
  return make_kernel([=, to_blocks = blocks(spec.outputs[0]), runs = std::move(runs)](const Pointers& p,
                                                                                      std::uint64_t) {
    const auto count = static_cast<std::int64_t>(runs.size());
    const bool streamed = block > 1 && worth_streaming(images * to_blocks * height * width * pixel);
    parallel_ranges(
        images * count * height,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) {
            const std::int64_t row = i % height, image = i / height / count;
            const ChannelRun& run = runs[static_cast<std::size_t>(i / height % count)];
            std::byte* to = p.out<std::byte>(0) + ((image * to_blocks + run.to_block) * height + row) * width * pixel +
                            run.to_lane * lane;
            const auto bytes = static_cast<std::size_t>(run.lanes * lane);
            if (run.input < 0 && run.lanes == block) {
              std::memset(to, 0, static_cast<std::size_t>(width * pixel));
              continue;
            }
            if (run.input < 0) {
              for (std::int64_t x = 0; x < width; ++x) std::memset(to + x * pixel, 0, bytes);
              continue;
            }
            const auto input = static_cast<std::size_t>(run.input);
            const std::byte* from = p.in<std::byte>(input) +
                                    ((image * from_blocks[input] + run.from_block) * height + row) * width * pixel +
                                    run.from_lane * lane;
            if (run.lanes == block && streamed) {
              stream(reinterpret_cast<float*>(to), reinterpret_cast<const float*>(from),
                     static_cast<std::size_t>(width * block));
            } else if (run.lanes == block) {
              std::memcpy(to, from, static_cast<std::size_t>(width * pixel));
            } else {
              for (std::int64_t x = 0; x < width; ++x) std::memcpy(to + x * pixel, from + x * pixel, bytes);
            }
          }
          if (streamed) end_streaming();
        },
        images * count * height * width * block);
  });
}

std::unique_ptr<Kernel> make_piece_copy(std::int64_t outer, std::vector<PieceCopy> copies) {
  constexpr std::int64_t kShares = 8;  // so that a single piece is copied by several threads
  std::int64_t work = 0;
  for (const PieceCopy& copy : copies) work += outer * copy.bytes;
  return make_kernel([=, copies = std::move(copies)](const Pointers& p, std::uint64_t) {
    parallel_ranges(
        outer * kShares,
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i)
            for (std::size_t k = 0; k < copies.size(); ++k) {
              const PieceCopy& copy = copies[k];
              const std::int64_t piece = i / kShares, share = i % kShares;
              const std::int64_t first = copy.bytes * share / kShares, last = copy.bytes * (share + 1) / kShares;
              std::memcpy(p.out<std::byte>(0) + piece * copy.to_piece + copy.to + first,
                          p.in<std::byte>(k) + piece * copy.from_piece + copy.from + first,
                          static_cast<std::size_t>(last - first));
            }
        },
        work);
  });
}

}  // namespace inlay
