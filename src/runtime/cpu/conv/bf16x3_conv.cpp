#include <algorithm>
#include <cstring>

#include "base/threads.h"
#include "runtime/cpu/conv/bf16x3.h"
#include "runtime/cpu/conv/output.h"
#include "runtime/cpu/conv/sweep.h"

namespace inlay {
namespace {

using namespace bf16x3;

/// Forward, or backward to the data: the same with weights turned by 180 degrees and channels swapped. A task is some
/// rows of results: of those, the pixels of a chunk of channels are split into halves, then multiplied for one group of
/// output channels after the other, two blocks each. Matrix units may work at a quarter of their speed for a while, one
/// core and not the other: so whichever thread is free takes the next task.
class Bf16x3Conv : public ConvAlgorithm {
 public:
  explicit Bf16x3Conv(const ConvProblem& p)
      : problem_(p),
        kernels_(*kernels(p.x_block)),
        write_(write_rows(p.x_block)),
        backward_(p.direction == ConvDirection::backward_data),
        threads_(thread_count()),
        sweep_(in_bands(p)),
        spread_(sweep_.spread.h * sweep_.spread.w),
        from_(backward_ ? std::vector{p.y()} : p.x_pictures()),
        inputs_(channels_in_blocks(from_)),
        units_((x_blocks() + 1) / 2),
        together_(p.max_pool ? 2 : 1),
        parts_(part_count(sweep_, units_, threads_, together_)),
        rows_at_once_((sweep_.rows() / together_ + parts_ - 1) / parts_ * together_),
        window_(sweep_, rows_at_once_),
        normals_(p.x_pictures(), p.normalised),
        output_(p, tasks()) {
    share_channels();
    for (std::int64_t i = 0; i < threads_; ++i) {
      Work work;
      work.units.reserve(static_cast<std::size_t>(chunk_));
      work.segments.reserve(window_.most_segments());
      work.rows.reserve(static_cast<std::size_t>(rows_at_once_));
      work.tiles.reserve(window_.most_tiles());
      works_.push_back(std::move(work));
    }
    if (p.constant_weights) packed_ = Tensor(DType::u8, {static_cast<std::int64_t>(weight_bytes())});
  }

  std::size_t scratch_bytes() const override {
    const std::size_t weights = problem_.constant_weights ? 0 : weight_bytes();
    return weights + static_cast<std::size_t>(threads_) * thread_bytes();
  }
  std::size_t packed_bytes() const override { return packed_.bytes(); }
  bool reads_weights() const override { return !problem_.constant_weights; }

  void bind(const ConvAddresses& a) override {
    x_ = planes(from_, backward_ ? std::vector{a.y} : a.x);
    normals_.bind(a.normals);
    read_through(normals_, x_);
    output_.bind(a);
    plain_weights_ = reinterpret_cast<const float*>(a.weights);
    weights_ = problem_.constant_weights ? packed_.raw() : a.scratch;
    std::byte* next = problem_.constant_weights ? a.scratch : a.scratch + weight_bytes();
    for (Work& work : works_) {
      work.window = next;
      work.results = reinterpret_cast<float*>(next + window_bytes());
      next += thread_bytes();
    }
    if (problem_.constant_weights) pack();
  }

  void run() override {
    if (!problem_.constant_weights) pack();
    output_.update();
    normals_.update();
    const auto first_row = [this](std::int64_t part) { return sweep_.rows() / together_ * part / parts_ * together_; };
    parallel_tasks(tasks(), threads_, [&](std::int64_t task, std::int64_t thread) {
      const std::int64_t band = task % sweep_.bands(), part = task / sweep_.bands();
      convolve(output_.of(task), first_row(part), first_row(part + 1), band, works_[static_cast<std::size_t>(thread)]);
    });
    output_.write_sums();
  }

 private:
  /// What a thread has for itself.
  struct Work {
    std::vector<Segment> segments;
    std::vector<OutputRow> rows;
    std::vector<First> tiles;
    std::vector<Unit> units;
    std::byte* window = nullptr;
    float* results = nullptr;
  };

  static Sweep in_bands(const ConvProblem& problem) {
    Sweep sweep(problem);
    sweep.divide_into_bands();
    return sweep;
  }

  /// Parts of the rows, each as many as the second-level cache holds the windows of, with all channels; where those are
  /// too many for a fair number of pixels, a fair number. Weights are read once a task; yet every thread shall have a
  /// few tasks.
  static std::int64_t part_count(const Sweep& sweep, std::int64_t units, std::int64_t threads, std::int64_t together) {
    constexpr std::int64_t kMostPixels = 2048, kFairPixels = 512, kFewestPixels = 256, kTasksAThread = 4;
    const std::int64_t rows = sweep.rows(), share = (rows * sweep.bands() + threads - 1) / threads;
    const auto rows_of = [&](std::int64_t pixels) { return std::clamp<std::int64_t>(pixels / sweep.band, 1, rows); };
    std::int64_t most = rows_of(kMostPixels);
    while (most > rows_of(kFairPixels) && units * cached_bytes(sweep, most) > kCached) --most;
    most = std::min(most, std::max(rows_of(kFewestPixels), share / kTasksAThread));
    const std::int64_t parts = (rows + most - 1) / most;
    return std::min(rows / together, (parts + threads - 1) / threads * threads);
  }

  /// Of a window of that many rows of results: the bytes of a unit that are not zero.
  static std::int64_t cached_bytes(const Sweep& sweep, std::int64_t rows) {
    const std::int64_t window = std::min(sweep.h, sweep.window_rows(std::min(rows, sweep.oh)));
    const std::int64_t images = (rows + sweep.oh - 1) / sweep.oh;
    return 2 * kLine * images * window * std::min(sweep.pitch(), sweep.w + 2);
  }

  /// Chunks of input channels so large that their window stays in the second-level cache.
  void share_channels() {
    const std::int64_t most = std::clamp<std::int64_t>(kCached / cached_bytes(sweep_, rows_at_once_), 1, units_);
    chunk_ = even_part(units_, most);
  }

  void convolve(const Output& output, std::int64_t first, std::int64_t last, std::int64_t band, Work& work) const {
    window_.segments(first, last, band, work.segments);
    window_.tiles(work.segments, work.tiles);
    for (std::int64_t unit = 0; unit < units_; unit += chunk_) {
      const std::int64_t end = std::min(units_, unit + chunk_);
      for (std::int64_t i = unit; i < end; ++i) split(i, work.window + (i - unit) * 2 * plane_bytes(), work);
      for (std::int64_t block = 0; block < blocks(); block += kGroup) {
        const auto blocks = static_cast<int>(group_blocks(block));
        float* results = work.results + (chunk_ < units_ ? block * block_results() : 0);
        multiply(work, unit, end, block, blocks, results);
        if (end < units_) continue;
        for (int i = 0; i < blocks; ++i) write(output, block + i, work, results + i * block_results());
      }
    }
    end_streaming();
  }

  /// Pixels of a unit's channels in their frame of zeros.
  void split(std::int64_t unit, std::byte* high, const Work& work) const {
    std::byte* low = both_halves(unit) ? nullptr : high + plane_bytes();
    // Pixels of the window's first row that are inside the picture; all segments have the same columns.
    const std::int64_t pitch = sweep_.pitch(), from = work.segments[0].column * sweep_.stride.w - sweep_.left;
    const std::int64_t begin = std::clamp<std::int64_t>(-from, 0, pitch),
                       end = std::clamp(sweep_.w - from, begin, pitch);
    const auto clear = [&](std::int64_t first, std::int64_t last) {
      for (std::byte* plane : {high, low})
        if (plane) std::memset(plane + first * kLine, 0, static_cast<std::size_t>((last - first) * kLine));
    };
    for (const Segment& segment : work.segments)
      for (std::int64_t row = 0; row < sweep_.window_rows(segment.rows); ++row) {
        const std::int64_t y = segment.first * sweep_.stride.h - sweep_.top + row, at = segment.window + row * pitch;
        if (y < 0 || y >= sweep_.h) {
          clear(at, at + pitch);
          continue;
        }
        clear(at, at + begin);
        clear(at + end, at + pitch);
        const std::ptrdiff_t pixel = (at + begin) * kLine;
        kernels_.split_pixels(pixels(2 * unit, segment.image, y, from + begin),
                              pixels(2 * unit + 1, segment.image, y, from + begin), end - begin, high + pixel,
                              low ? low + pixel : nullptr);
      }
  }

  /// From pixel (y, x) of an input channel block on; none beyond the last block.
  Pixels pixels(std::int64_t block, std::int64_t image, std::int64_t y, std::int64_t x) const {
    if (block >= std::ssize(x_)) return {nullptr, nullptr};
    const Plane& plane = x_[static_cast<std::size_t>(block)];
    return {plane.data + image * plane.image + (y * sweep_.w + x) * kBlock, plane.normal};
  }

  void multiply(Work& work, std::int64_t unit, std::int64_t end, std::int64_t block, int blocks, float* results) const {
    const std::ptrdiff_t column = 2 * blocks * kTile;
    const Second seconds[kGroup] = {{0, 0}, {kTile, block_results()}};
    work.units.clear();
    for (std::int64_t i = unit; i < end; ++i) {
      const std::ptrdiff_t high = (i - unit) * 2 * plane_bytes();
      work.units.push_back(
          {high, both_halves(i) ? kBothHalves : high + plane_bytes(), (i - unit) * sweep_.taps() * column, sweep_.kw});
    }
    kernels_.multiply({.first_data = work.window,
                       .first_line = sweep_.stride.w * kLine,
                       .first_row = sweep_.dilation.h * sweep_.pitch() * kLine,
                       .first_column = sweep_.dilation.w * kLine,
                       .second_data = weights_ + packed_place(block, unit),
                       .second_row = sweep_.kw * column,
                       .second_column = column,
                       .second_low = blocks * kTile,
                       .units = work.units,
                       .firsts = work.tiles,
                       .seconds = std::span(seconds).first(static_cast<std::size_t>(blocks)),
                       .sums = results,
                       .add = unit > 0,
                       .ahead = next_weights(unit, end, block)});
  }

  /// Those of the next group; past the last one, of the first of the next chunk.
  std::span<const std::byte> next_weights(std::int64_t unit, std::int64_t end, std::int64_t block) const {
    const std::int64_t group_units = end - unit;
    block += kGroup;
    if (block >= blocks()) block = 0, unit = end < units_ ? end : 0;
    return {weights_ + packed_place(block, unit),
            static_cast<std::size_t>(2 * kTile * sweep_.taps() * group_blocks(block) *
                                     std::min(group_units, units_ - unit))};
  }

  /// A block of results.
  void write(const Output& output, std::int64_t block, Work& work, const float* results) const {
    const std::int64_t tap = block % spread_, right = sweep_.spread.w;
    const Plane& plane = output.y[static_cast<std::size_t>(block / spread_)];
    const std::ptrdiff_t pooled_image =
        output.pooled.empty() ? 0 : output.pooled[static_cast<std::size_t>(block)].image;
    for (const Segment& segment : work.segments) {
      work.rows.clear();
      for (std::int64_t row = 0; row < segment.rows; ++row) {
        const std::int64_t y = (segment.first + row) * sweep_.spread.h + tap / right;
        work.rows.push_back(
            {segment.image * plane.image + ((y * sweep_.ow + segment.column) * right + tap % right) * kBlock,
             (segment.result + row * window_.result_pitch()) * kBlock,
             segment.image * pooled_image + (y / 2 * (sweep_.ow / 2) + segment.column / 2) * kBlock});
      }
      write_(output, block / spread_, work.rows, segment.columns, right * kBlock, results);
    }
  }

  void pack() const {
    const std::int64_t groups = (blocks() + kGroup - 1) / kGroup;
    parallel_ranges(groups * units_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) pack(i / units_ * kGroup, i % units_);
    });
  }

  /// The weights of a unit for a group.
  void pack(std::int64_t block, std::int64_t unit) const {
    const ConvGeometry& g = problem_.geometry;
    const std::ptrdiff_t taps = g.kh * g.kw;
    const auto inputs = std::span(inputs_).subspan(static_cast<std::size_t>(unit * kDepth),
                                                   static_cast<std::size_t>(both_halves(unit) ? kBlock : kDepth));
    std::byte* tile = weights_ + packed_place(block, unit);
    const std::int64_t count = group_blocks(block);
    for (std::int64_t tap = 0; tap < sweep_.taps(); ++tap, tile += count * kTile)
      for (std::int64_t b = block; b < block + count; ++b, tile += kTile) {
        const std::int64_t of_tap = spread_ > 1 ? b % spread_ : backward_ ? taps - 1 - tap : tap;
        kernels_.pack_weights(
            {.weights = plain_weights_ + of_tap,
             .output = backward_ ? taps : g.c * taps,
             .input = backward_ ? g.c * taps : taps,
             .inputs = inputs,
             .outputs = std::span(output_.channels()).subspan(static_cast<std::size_t>(b / spread_ * kBlock), kBlock)},
            tile, tile + count * kTile);
      }
  }

  static constexpr std::int64_t kGroup = 2;           // output channel blocks
  static constexpr std::int64_t kCached = 896 << 10;  // of the second-level cache, which has 2 MB: a window

  std::int64_t tasks() const { return parts_ * sweep_.bands(); }
  /// Of results: those of output channels, as often as they are spread.
  std::int64_t blocks() const { return output_.blocks() * spread_; }
  std::int64_t group_blocks(std::int64_t block) const { return std::min(kGroup, blocks() - block); }
  std::int64_t x_blocks() const { return std::ssize(inputs_) / kBlock; }
  /// The last unit of an odd number of channel blocks.
  bool both_halves(std::int64_t unit) const { return 2 * unit + 1 == x_blocks(); }
  /// Bytes from the start of packed weights to those of a unit for a group.
  std::ptrdiff_t packed_place(std::int64_t block, std::int64_t unit) const {
    return 2 * kTile * sweep_.taps() * (block * units_ + unit * group_blocks(block));
  }
  std::size_t weight_bytes() const { return static_cast<std::size_t>(2 * kTile * sweep_.taps() * blocks() * units_); }
  std::ptrdiff_t plane_bytes() const { return window_.most_pixels() * kLine; }
  std::ptrdiff_t block_results() const { return window_.most_results() * kBlock; }
  std::size_t window_bytes() const { return static_cast<std::size_t>(chunk_ * 2 * plane_bytes()); }
  std::size_t thread_bytes() const {
    const std::int64_t kept = chunk_ < units_ ? blocks() : group_blocks(0);
    return window_bytes() + static_cast<std::size_t>(kept * block_results()) * sizeof(float);
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  WriteRows write_;
  bool backward_;
  int threads_;
  Sweep sweep_;
  std::int64_t spread_;
  std::vector<Buffer> from_;
  winograd::Channels inputs_;
  std::int64_t units_, chunk_ = 0;  // pairs of input channel blocks; of them, those split at once
  std::int64_t together_;           // rows, for pooling
  std::int64_t parts_, rows_at_once_;
  SweepWindow window_;
  std::vector<Plane> x_;
  Normals normals_;
  ConvOutput output_;
  Tensor packed_;
  std::vector<Work> works_;
  const float* plain_weights_ = nullptr;
  std::byte* weights_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_bf16x3_conv(const ConvProblem& problem) {
  return std::make_unique<Bf16x3Conv>(problem);
}

std::vector<ConvCandidate> bf16x3_candidates(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const bool backward_data = p.direction == ConvDirection::backward_data;
  const Sweep sweep(p);
  const bool fits = g.groups == 1 && p.x_block == p.y_block && kernels(p.x_block) != nullptr &&
                    (!backward_data || g.stride == Size2{1, 1} || side_by_side(g)) && sweep.top >= 0 && sweep.left >= 0;
  if (!fits) return {};
  const auto make = p.direction == ConvDirection::backward_weights ? make_bf16x3_gradient : make_bf16x3_conv;
  return {{"bf16x3", [p, make] { return make(p); }}};
}

}  // namespace inlay
