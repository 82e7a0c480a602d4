#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/bf16x3.h"
#include "runtime/cpu/conv/planes.h"
#include "runtime/cpu/conv/sweep.h"

namespace inlay {
namespace {

using namespace bf16x3;

/// dw[m][c][tap] is a sum over pixels of dy[m] and of x[c] moved by the tap: channels of dy are the rows of first
/// factors, pixels of x those of second ones, both in a frame of zeros as wide as x's windows. Two rows of a second
/// factor are a pair: for taps that move by an odd number of pixels there is another copy of x, which begins a pixel
/// later; with a stride, there is one for every tap. Some rows at a time, all of dy is split, then a chunk of x, one
/// after the other, and multiplied with dy. Few channels: a task is a part of the rows with sums of its own, which are
/// added at the end. Many: threads split dy of the same rows together, then a task is a chunk of x. Either way, which
/// thread has a task makes no difference to the sums.
class Bf16x3Gradient : public ConvAlgorithm {
 public:
  explicit Bf16x3Gradient(const ConvProblem& p)
      : problem_(p),
        kernels_(*kernels(p.x_block)),
        sweep_(p),
        threads_(thread_count()),
        strided_(sweep_.stride != Size2{1, 1}),
        pitch_(((strided_ ? sweep_.ow : sweep_.pitch()) + 1) / 2 * 2),
        normals_(p.x_pictures(), p.normalised),
        inputs_(channels_in_blocks(p.x_pictures())),
        outputs_(channels_in_blocks(std::vector{p.y()})) {
    copies_ = strided_ ? sweep_.taps() : sweep_.kw > 1 && sweep_.dilation.w % 2 == 1 ? 2 : 1;
    own_ = sums_floats() <= kOwnSums;
    chunk_ = x_blocks() >= (own_ ? 2 : 4 * threads_) ? 2 : 1;
    share_rows();
    for (std::int64_t block = 0; block < chunk_; ++block)
      for (std::int64_t tap = 0; tap < sweep_.taps(); ++tap) seconds_.push_back(second(block, tap));
    for (std::int64_t block = 0; block < y_blocks(); ++block)
      firsts_.push_back({block * kBlock * channel_bytes(), block * kTileFloats, 0, 1, 0, y_pixels_ / kDepth});
  }

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(sets_) * sums_floats() * sizeof(float) + rows_.size() * y_bytes() +
           static_cast<std::size_t>(threads_) * x_bytes() + bias_sums_bytes(problem_);
  }

  void bind(const ConvAddresses& a) override {
    x_ = planes(problem_.x_pictures(), a.x);
    normals_.bind(a.normals);
    read_through(normals_, x_);
    dy_ = planes(std::vector{problem_.y()}, std::vector{a.y});
    sums_ = reinterpret_cast<float*>(a.scratch);
    std::byte* next = a.scratch + static_cast<std::size_t>(sets_) * sums_floats() * sizeof(float);
    for (Rows& some : rows_) {
      some.dy = next;
      next += y_bytes();
    }
    split_x_ = next;
    next += static_cast<std::size_t>(threads_) * x_bytes();
    bias_scratch_ = reinterpret_cast<float*>(next);
    weights_ = reinterpret_cast<float*>(a.weights);
    bias_ = reinterpret_cast<float*>(a.bias);
  }

  void run() override {
    normals_.update();
    own_ ? sum_own_rows() : sum_shared_rows();
    if (bias_) sum_bias(problem_, dy_.front().data, bias_scratch_, bias_);
  }

 private:
  /// Parts that have sums of their own, and rows at a time: so many that all of their dy and a chunk of x stay in the
  /// second-level cache, which has 2 MB.
  void share_rows() {
    constexpr std::int64_t kTasksAThread = 4, kCached = 1280 << 10, kLeast = 512, kMost = 4096;
    const std::int64_t rows = sweep_.rows();
    sets_ = own_ ? std::min(rows, kTasksAThread * threads_) : 1;
    const std::int64_t share = (rows + sets_ - 1) / sets_, pixel = 4 * kBlock * (y_blocks() + chunk_ * copies_);
    const std::int64_t most = std::clamp<std::int64_t>(std::clamp(kCached / pixel, kLeast, kMost) / pitch_, 1, share);
    rows_at_once_ = even_part(share, most);
    const std::int64_t parts = (rows_at_once_ + sweep_.oh - 2) / sweep_.oh + 1;
    x_pixels_ = whole(rows_at_once_ * pitch_) + parts * (x_count(1) + kDepth);
    y_pixels_ = whole(rows_at_once_ * pitch_) + parts * kDepth;
    rows_.resize(static_cast<std::size_t>(own_ ? threads_ : 1));
    for (Rows& some : rows_) {
      some.parts.reserve(static_cast<std::size_t>(parts));
      some.units.reserve(static_cast<std::size_t>(parts));
    }
  }

  /// Rows of dy of one image: pixels from the start of all frames of x, and of dy, to theirs.
  struct Part {
    std::int64_t image, first, rows, x, y;
  };
  struct Rows {
    std::vector<Part> parts;
    std::vector<Unit> units;
    std::byte* dy = nullptr;  // split
  };

  void sum_own_rows() {
    const std::int64_t rows = sweep_.rows();
    parallel_tasks(sets_, threads_, [&](std::int64_t part, std::int64_t thread) {
      float* sums = sums_ + static_cast<std::size_t>(part) * sums_floats();
      Rows& some = rows_[static_cast<std::size_t>(thread)];
      const std::int64_t from = rows * part / sets_, to = rows * (part + 1) / sets_;
      for (std::int64_t first = from; first < to; first += rows_at_once_) {
        start(some, first, std::min(to, first + rows_at_once_));
        split_dy(some, 0, y_blocks());
        multiply(some, thread, 0, x_blocks(), sums, first > from);
      }
    });
    parallel_ranges(x_blocks(), [&](std::int64_t begin, std::int64_t end) { write_weights(begin, end); });
  }

  void sum_shared_rows() {
    Rows& some = rows_[0];
    const std::int64_t rows = sweep_.rows();
    for (std::int64_t first = 0; first < rows; first += rows_at_once_) {
      start(some, first, std::min(rows, first + rows_at_once_));
      parallel_ranges(y_blocks(), [&](std::int64_t begin, std::int64_t end) { split_dy(some, begin, end); });
      parallel_tasks((x_blocks() + chunk_ - 1) / chunk_, threads_, [&](std::int64_t chunk, std::int64_t thread) {
        const std::int64_t block = chunk * chunk_, end = std::min(x_blocks(), block + chunk_);
        multiply(some, thread, block, end, sums_, first > 0);
        if (first + rows_at_once_ >= rows) write_weights(block, end);
      });
    }
  }

  void start(Rows& some, std::int64_t first, std::int64_t last) const {
    some.parts.clear();
    some.units.clear();
    std::int64_t x = 0, y = 0;
    for (std::int64_t row = first; row < last;) {
      const std::int64_t top = row % sweep_.oh, rows = std::min(last - row, sweep_.oh - top);
      some.parts.push_back({row / sweep_.oh, top, rows, x, y});
      const std::int64_t pixels = whole(rows * pitch_);
      some.units.push_back({2 * y, 2 * y + half_channel_bytes(), x / 2 * kLine, pixels / kDepth});
      x += x_count(rows);
      y += pixels;
      row += rows;
    }
  }

  /// Pixels of a frame of x for that many rows, with zeros for what the last products read.
  std::int64_t x_count(std::int64_t rows) const {
    if (strided_) return whole(rows * pitch_);
    return whole(sweep_.window_rows(rows) * pitch_ + (sweep_.kw - 1) * sweep_.dilation.w + kDepth);
  }

  void split_x(const Rows& some, std::int64_t block, std::byte* to) const {
    const Plane& plane = x_[static_cast<std::size_t>(block)];
    for (const Part& part : some.parts) {
      Frame frame{.pixels = {plane.data + part.image * plane.image, plane.normal},
                  .height = sweep_.h,
                  .width = sweep_.w,
                  .top = sweep_.top - part.first * sweep_.stride.h,
                  .left = sweep_.left,
                  .rows = strided_ ? part.rows : sweep_.window_rows(part.rows),
                  .pitch = pitch_,
                  .count = x_count(part.rows),
                  .down = sweep_.stride.h,
                  .right = sweep_.stride.w};
      std::byte* high = to + part.x / 2 * kLine;
      if (!strided_) {
        kernels_.split_pairs(frame, half_block_bytes(), copies_ == 2 ? x_place(0, 1) : 0, high);
        continue;
      }
      for (std::int64_t tap = 0; tap < copies_; ++tap) {
        Frame of_tap = frame;
        of_tap.top -= tap / sweep_.kw * sweep_.dilation.h;
        of_tap.left -= tap % sweep_.kw * sweep_.dilation.w;
        kernels_.split_pairs(of_tap, half_block_bytes(), 0, high + x_place(0, tap));
      }
    }
  }

  /// Channel blocks begin..end-1.
  void split_dy(const Rows& some, std::int64_t begin, std::int64_t end) const {
    for (std::int64_t block = begin; block < end; ++block) {
      const Plane& plane = dy_[static_cast<std::size_t>(block)];
      for (const Part& part : some.parts) {
        std::byte* high = some.dy + block * kBlock * channel_bytes() + 2 * part.y;
        kernels_.split_channels({.pixels = {plane.data + part.image * plane.image, nullptr},
                                 .height = part.first + part.rows,
                                 .width = sweep_.ow,
                                 .top = -part.first,
                                 .left = 0,
                                 .rows = part.rows,
                                 .pitch = pitch_,
                                 .count = whole(part.rows * pitch_)},
                                channel_bytes(), high, high + half_channel_bytes());
      }
    }
  }

  /// Channel blocks begin..end-1 of x, a chunk at a time, with all of dy, two blocks at a time.
  void multiply(const Rows& some, std::int64_t thread, std::int64_t begin, std::int64_t end, float* sums,
                bool add) const {
    std::byte* x = split_x_ + static_cast<std::size_t>(thread) * x_bytes();
    const std::int64_t taps = sweep_.taps();
    for (std::int64_t first = begin; first < end; first += chunk_) {
      const std::int64_t count = std::min(chunk_, end - first);
      for (std::int64_t i = 0; i < count; ++i) split_x(some, first + i, x + x_place(i, 0));
      for (std::int64_t block = 0; block < y_blocks(); block += 2)
        kernels_.multiply({.first_data = some.dy,
                           .first_line = channel_bytes(),
                           .first_row = 0,
                           .first_column = 2 * kDepth,
                           .second_data = x,
                           .second_row = 0,
                           .second_column = kTile,
                           .second_low = half_block_bytes(),
                           .units = some.units,
                           .firsts = std::span(firsts_).subspan(
                               static_cast<std::size_t>(block),
                               static_cast<std::size_t>(std::min<std::int64_t>(2, y_blocks() - block))),
                           .seconds = std::span(seconds_).first(static_cast<std::size_t>(count * taps)),
                           .sums = sums + first * taps * y_blocks() * kTileFloats,
                           .add = add,
                           .ahead = next_channels(some, block)});
    }
  }

  /// Split dy of the two channel blocks after these; past the last, of the first.
  std::span<const std::byte> next_channels(const Rows& some, std::int64_t block) const {
    block = block + 2 < y_blocks() ? block + 2 : 0;
    const std::int64_t channels = std::min<std::int64_t>(2, y_blocks() - block) * kBlock;
    return {some.dy + block * kBlock * channel_bytes(), static_cast<std::size_t>(channels * channel_bytes())};
  }

  Second second(std::int64_t block, std::int64_t tap) const {
    const std::ptrdiff_t sums = (block * sweep_.taps() + tap) * y_blocks() * kTileFloats;
    if (strided_) return {x_place(block, tap), sums};
    const std::int64_t moved = tap / sweep_.kw * sweep_.dilation.h * pitch_ + tap % sweep_.kw * sweep_.dilation.w;
    return {x_place(block, moved % 2) + moved / 2 * kLine, sums};
  }

  /// Of the channel blocks begin..end-1 of x.
  void write_weights(std::int64_t begin, std::int64_t end) const {
    for (std::int64_t i = begin * y_blocks(); i < end * y_blocks(); ++i)
      for (std::int64_t m = 0; m < kBlock; ++m) write_row(i / y_blocks(), i % y_blocks(), m);
  }

  /// From a block's channels of x to channel m of dy's block: side by side in memory.
  void write_row(std::int64_t x_block, std::int64_t y_block, std::int64_t m) const {
    const std::int64_t taps = sweep_.taps(), output = outputs_[static_cast<std::size_t>(y_block * kBlock + m)];
    if (output < 0) return;
    const float* from = sums_ + (x_block * taps * y_blocks() + y_block) * kTileFloats + m * kBlock;
    for (std::int64_t c = 0; c < kBlock; ++c) {
      const std::int64_t input = inputs_[static_cast<std::size_t>(x_block * kBlock + c)];
      if (input < 0) continue;
      float* to = weights_ + (output * problem_.geometry.c + input) * taps;
      for (std::int64_t tap = 0; tap < taps; ++tap) {
        float sum = 0;
        for (std::int64_t set = 0; set < sets_; ++set)
          sum += from[set * static_cast<std::ptrdiff_t>(sums_floats()) + tap * y_blocks() * kTileFloats + c];
        to[tap] = sum;
      }
    }
  }

  static constexpr std::ptrdiff_t kTileFloats = kTile / std::ptrdiff_t{sizeof(float)};

  static std::int64_t whole(std::int64_t pixels) { return (pixels + kDepth - 1) / kDepth * kDepth; }
  std::int64_t x_blocks() const { return std::ssize(inputs_) / kBlock; }
  std::int64_t y_blocks() const { return std::ssize(outputs_) / kBlock; }
  /// One half of a channel of dy, in bytes.
  std::ptrdiff_t half_channel_bytes() const { return 2 * y_pixels_; }
  /// From a channel to the next: an odd number of lines, so that they do not meet in the same cache sets.
  std::ptrdiff_t channel_bytes() const { return 2 * half_channel_bytes() + kLine; }
  /// One half of a channel block of x, in bytes.
  std::ptrdiff_t half_block_bytes() const { return x_pixels_ / 2 * kLine; }
  std::ptrdiff_t x_place(std::int64_t block, std::int64_t copy) const {
    return 2 * (block * copies_ + copy) * half_block_bytes();
  }
  std::size_t x_bytes() const { return static_cast<std::size_t>(x_place(chunk_, 0)); }
  std::size_t y_bytes() const { return static_cast<std::size_t>(y_blocks() * kBlock * channel_bytes()); }
  std::size_t sums_floats() const {
    return static_cast<std::size_t>(x_blocks() * sweep_.taps() * y_blocks() * kTileFloats);
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  Sweep sweep_;
  int threads_;
  bool strided_;
  std::int64_t pitch_;
  bool own_ = false;
  std::int64_t sets_ = 1, rows_at_once_ = 0, x_pixels_ = 0, y_pixels_ = 0, copies_ = 1, chunk_ = 1;
  Normals normals_;
  winograd::Channels inputs_, outputs_;
  std::vector<First> firsts_;
  std::vector<Second> seconds_;
  std::vector<Rows> rows_;
  std::vector<Plane> x_, dy_;
  float *sums_ = nullptr, *weights_ = nullptr, *bias_ = nullptr, *bias_scratch_ = nullptr;
  std::byte* split_x_ = nullptr;  // of each thread, a chunk
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_bf16x3_gradient(const ConvProblem& problem) {
  return std::make_unique<Bf16x3Gradient>(problem);
}

}  // namespace inlay
