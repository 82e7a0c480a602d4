#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/planes.h"
#include "runtime/cpu/conv/winograd.h"

namespace inlay {
namespace {

using namespace winograd;

/// Three ways to share the work, which differ in what is small enough for the caches:
/// - own sums: few channels. Every thread sums its own tiles; the sums are added at the end.
/// - shared sums: threads transform tiles together, then each multiplies them for its part of the sums.
/// - by groups: few tiles, many channels. All tiles are transformed first; then each thread finishes the weights of one
///   group of input channels after the other.
/// The pieces of a larger kernel come one after the other: the sums of all would not fit.
class WinogradGradient : public ConvAlgorithm {
 public:
  WinogradGradient(const ConvProblem& p, std::int64_t tile)
      : problem_(p), kernels_(*kernels(p.x_block, tile)), normals_(p.x_pictures(), p.normalised) {
    const ConvGeometry& g = p.geometry;
    call_.tiles = {tile, g.n, g.h, g.w, g.oh, g.ow, g.padding.top, g.padding.left, g.dilation.h, g.dilation.w};
    call_.layout = {g.c * g.kh * g.kw, g.kh * g.kw, g.kh, g.kw};
    inputs_ = inputs_in_pieces(channels_in_blocks(p.x_pictures()), g);
    channels_ = inputs_.size() / static_cast<std::size_t>(pieces(g));
    outputs_ = channels_in_blocks(std::vector{p.y()});
    call_.outputs = outputs_;
    choose_way();
  }

  std::size_t scratch_bytes() const override {
    const std::size_t floats = sums_sets_ * sums_floats() + points_sets_ * points_floats();
    return floats * sizeof(float) + bias_sums_bytes(problem_);
  }

  void bind(const ConvAddresses& a) override {
    std::vector<Plane> x = planes(problem_.x_pictures(), a.x);
    normals_.bind(a.normals);
    read_through(normals_, x);
    read_up_sampled(problem_, x);
    x_ = planes_in_pieces(x, problem_.geometry);
    dy_ = planes(std::vector{problem_.y()}, std::vector{a.y});
    call_.dy = dy_;
    call_.weights = reinterpret_cast<float*>(a.weights);
    call_.sums = reinterpret_cast<float*>(a.scratch);
    points_ = call_.sums + sums_sets_ * sums_floats();
    call_.x_stride = static_cast<std::ptrdiff_t>(points_of(channels_) / points());
    call_.dy_stride = static_cast<std::ptrdiff_t>(points_of(outputs_.size()) / points());
    bias_ = reinterpret_cast<float*>(a.bias);
  }

  void run() override {
    normals_.update();
    const std::size_t blocks = channels_ / block_size();
    for (std::size_t piece = 0; piece * channels_ < inputs_.size(); ++piece) {
      call_.inputs = std::span(inputs_).subspan(piece * channels_, channels_);
      call_.x = std::span(x_).subspan(piece * blocks, blocks);
      sum_piece();
    }
    if (bias_) sum_bias(problem_, dy_.front().data, points_ + points_sets_ * points_floats(), bias_);
  }

 private:
  enum class Way { own_sums, shared_sums, by_groups };

  void sum_piece() const {
    switch (way_) {
      case Way::own_sums:
        return sum_own_tiles();
      case Way::shared_sums:
        return sum_shared_tiles();
      case Way::by_groups:
        return finish_groups();
    }
  }

  void choose_way() {
    const auto threads = static_cast<std::size_t>(thread_count());
    const std::int64_t tiles = call_.tiles.count();
    const auto c = static_cast<std::int64_t>(channels_), m = static_cast<std::int64_t>(outputs_.size());
    const bool few_channels = points() * channels_ * outputs_.size() <= kOwnSums;
    way_ = few_channels ? Way::own_sums : tiles * (c + m) < 2 * c * m ? Way::by_groups : Way::shared_sums;
    sums_sets_ = way_ == Way::shared_sums ? 1 : threads;
    points_sets_ = way_ == Way::own_sums ? threads : 1;
    if (way_ == Way::by_groups) {
      call_.tiles_at_once = tiles;
      return;
    }
    // Floats of transformed tiles: what a second-level cache holds, or as many as the sums, which each step reads.
    const std::int64_t cache =
        few_channels ? 128 << 10 : std::clamp<std::int64_t>(kernels_.points * c * m, 1 << 20, 3 << 20);
    const std::int64_t share = few_channels ? (tiles + thread_count() - 1) / thread_count() : tiles;
    const std::int64_t most = std::clamp<std::int64_t>(cache / (kernels_.points * (c + m)), 16, 256);
    call_.tiles_at_once = even_part(share, most);
  }

  WeightGradCall with_set(std::size_t sums, std::size_t points) const {
    WeightGradCall call = call_;
    call.sums = call_.sums + sums * sums_floats();
    call.x_points = points_ + points * points_floats();
    call.dy_points = call.x_points + points_of(channels_);
    return call;
  }

  void sum_own_tiles() const {
    const std::int64_t tiles = call_.tiles.count(), threads = static_cast<std::int64_t>(sums_sets_);
    parallel_ranges(threads, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        const WeightGradCall call = with_set(static_cast<std::size_t>(part), static_cast<std::size_t>(part));
        const std::int64_t from = tiles * part / threads, to = tiles * (part + 1) / threads;
        if (from == to) std::fill_n(call.sums, sums_floats(), 0.0f);
        for (std::int64_t first = from; first < to; first += call.tiles_at_once) {
          const std::int64_t last = std::min(to, first + call.tiles_at_once);
          kernels_.gradient_tiles(call, first, last, 0, std::ssize(call.x) + std::ssize(dy_));
          kernels_.gradient_products(call, first, last, 0, kernels_.points * std::ssize(call.x), first > from,
                                     std::min(to, last + call.tiles_at_once));
        }
      }
    });
    write_weights(threads);
  }

  void sum_shared_tiles() const {
    const std::int64_t tiles = call_.tiles.count();
    const WeightGradCall call = with_set(0, 0);
    for (std::int64_t first = 0; first < tiles; first += call.tiles_at_once) {
      const std::int64_t last = std::min(tiles, first + call.tiles_at_once);
      transform(call, first, last);
      parallel_ranges(kernels_.points * std::ssize(call.x), [&](std::int64_t begin, std::int64_t end) {
        kernels_.gradient_products(call, first, last, begin, end, first > 0,
                                   std::min(tiles, last + call.tiles_at_once));
      });
    }
    write_weights(1);
  }

  void finish_groups() const {
    const std::int64_t tiles = call_.tiles.count(), blocks = std::ssize(call_.x);
    const auto threads = static_cast<std::int64_t>(sums_sets_);
    transform(with_set(0, 0), 0, tiles);
    parallel_ranges(threads, [&](std::int64_t begin, std::int64_t end) {
      const std::int64_t stop = blocks * end / threads;
      for (std::int64_t block = blocks * begin / threads; block < stop; block += group_blocks()) {
        const std::int64_t count = std::min(group_blocks(), stop - block), channels = count * kernels_.block;
        WeightGradCall call = with_set(static_cast<std::size_t>(begin), 0);
        call.x = call.x.subspan(static_cast<std::size_t>(block), static_cast<std::size_t>(count));
        call.x_points += block * tiles * kernels_.block;
        call.inputs =
            call.inputs.subspan(static_cast<std::size_t>(block * kernels_.block), static_cast<std::size_t>(channels));
        kernels_.gradient_products(call, 0, tiles, 0, kernels_.points * count, false, tiles);
        kernels_.gradient_weights(call, 1, 0, 0, channels);
      }
    });
  }

  void transform(const WeightGradCall& call, std::int64_t first, std::int64_t last) const {
    parallel_ranges(std::ssize(call.x) + std::ssize(dy_), [&](std::int64_t begin, std::int64_t end) {
      kernels_.gradient_tiles(call, first, last, begin, end);
    });
  }

  void write_weights(std::int64_t parts) const {
    parallel_ranges(std::ssize(call_.inputs), [&](std::int64_t begin, std::int64_t end) {
      kernels_.gradient_weights(call_, parts, static_cast<std::ptrdiff_t>(sums_floats()), begin, end);
    });
  }

  std::size_t points() const { return static_cast<std::size_t>(kernels_.points); }
  std::size_t block_size() const { return static_cast<std::size_t>(kernels_.block); }
  /// The more tiles, the more input channels: each group reads all of dy's points, and its sums once.
  std::int64_t group_blocks() const {
    const std::int64_t channels = std::clamp<std::int64_t>(call_.tiles.count() / 8, kernels_.block, 64);
    return std::min<std::int64_t>(static_cast<std::int64_t>(channels_), channels) / kernels_.block;
  }
  /// One set of sums; by groups, of one group.
  std::size_t sums_floats() const {
    const std::size_t inputs =
        way_ == Way::by_groups ? static_cast<std::size_t>(group_blocks()) * block_size() : channels_;
    return points() * static_cast<std::size_t>(pair_stride(inputs, outputs_.size()));
  }
  std::size_t points_floats() const { return points_of(channels_) + points_of(outputs_.size()); }
  std::size_t points_of(std::size_t channels) const {
    const std::int64_t blocks = static_cast<std::int64_t>(channels) / kernels_.block;
    return points() * whole_lines(static_cast<std::size_t>(point_stride(blocks, kernels_.block, call_.tiles_at_once)));
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  Normals normals_;
  Way way_ = Way::own_sums;
  std::size_t sums_sets_ = 1, points_sets_ = 1;
  std::vector<Input> inputs_;  // of all pieces
  std::size_t channels_ = 0;   // of one
  Channels outputs_;
  std::vector<Plane> x_, dy_;
  WeightGradCall call_{};
  float *points_ = nullptr, *bias_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_winograd_gradient(const ConvProblem& problem, std::int64_t tile) {
  return std::make_unique<WinogradGradient>(problem, tile);
}

}  // namespace inlay
