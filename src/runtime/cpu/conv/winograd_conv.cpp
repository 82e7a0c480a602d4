#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/output.h"
#include "runtime/cpu/conv/planes.h"
#include "runtime/cpu/conv/sweep.h"
#include "runtime/cpu/conv/winograd.h"

namespace inlay {
namespace {

using namespace winograd;

Tiles tiles_of(const ConvProblem& p, std::int64_t tile) {
  const Sweep s(p);
  return {tile, s.n, s.h, s.w, s.oh, s.ow, s.top, s.left, s.dilation.h, s.dilation.w};
}

/// Multiplications of one pair of channels.
std::int64_t multiplications(const ConvProblem& p, std::int64_t tile) {
  return tiles_of(p, tile).count() * kernels(p.x_block, tile)->points * pieces(p.geometry);
}

/// Whether Winograd multiplies clearly less. Kernels that are no multiple of three, few channels and small dilated
/// pictures leave much of a tile empty.
bool pays(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const std::int64_t channels = p.direction == ConvDirection::backward_data ? g.m : g.c;
  const std::int64_t padded = padded_channels(channels, p.x_block);
  return 4 * multiplications(p, 4) * padded < 3 * g.n * g.oh * g.ow * g.kh * g.kw * channels;
}

/// Tiles of 6x6 multiply less still where the picture fills them; their transformed weights take 1.8 times the memory.
bool larger_tiles_pay(const ConvProblem& p) {
  constexpr std::int64_t kMostPairs = 512 * 512;
  return p.geometry.c * p.geometry.m <= kMostPairs && 10 * multiplications(p, 6) < 9 * multiplications(p, 4);
}

/// Transformed weights are 4 to 6.6 times the plain ones. A few tiles do not pay for gigabytes of them, which every run
/// would read.
bool packs_too_much(const ConvProblem& p) {
  constexpr std::int64_t kMostBytes = std::int64_t{1} << 30, kFewTiles = 64;
  const ConvGeometry& g = p.geometry;
  const std::int64_t pairs = padded_channels(g.c, p.x_block) * padded_channels(g.m, p.y_block);
  const std::int64_t packed = kernels(p.x_block, 4)->points * pieces(g) * pairs * std::int64_t{sizeof(float)};
  return p.direction != ConvDirection::backward_weights && packed > kMostBytes && tiles_of(p, 4).count() < kFewTiles;
}

/// Forward, or backward to the data: the same with weights turned by 180 degrees and channels swapped.
class WinogradConv : public ConvAlgorithm {
 public:
  WinogradConv(const ConvProblem& p, std::int64_t tile)
      : problem_(p),
        kernels_(*kernels(p.x_block, tile)),
        backward_(p.direction == ConvDirection::backward_data),
        threads_(thread_count()),
        normals_(p.x_pictures(), p.normalised),
        output_(p, threads_) {
    from_ = backward_ ? std::vector{p.y()} : p.x_pictures();
    call_.tiles = tiles_of(p, tile);
    inputs_ = inputs_in_pieces(channels_in_blocks(from_), p.geometry);
    share_tiles();
    divide_inputs();
    if (p.constant_weights) packed_ = Tensor(DType::f32, {static_cast<std::int64_t>(packed_floats())});
  }

  std::size_t scratch_bytes() const override {
    const std::size_t weights = problem_.constant_weights ? 0 : packed_floats();
    const auto threads = static_cast<std::size_t>(threads_);
    return (weights + (shared_ ? 1 : threads) * points_floats() + threads * products_floats()) * sizeof(float);
  }
  std::size_t packed_bytes() const override { return packed_.bytes(); }
  bool reads_weights() const override { return !problem_.constant_weights; }

  void bind(const ConvAddresses& a) override {
    std::vector<Plane> x = planes(from_, backward_ ? std::vector{a.y} : a.x);
    normals_.bind(a.normals);
    read_through(normals_, x);
    if (!backward_) read_up_sampled(problem_, x);
    x_ = planes_in_pieces(x, problem_.geometry);
    output_.bind(a);
    weights_ = reinterpret_cast<const float*>(a.weights);
    scratch_ = reinterpret_cast<float*>(a.scratch);
    to_pack_ = problem_.constant_weights ? packed_.data<float>().data() : scratch_;
    if (!problem_.constant_weights) scratch_ += packed_floats();
    call_.packed = to_pack_;
    if (problem_.constant_weights) pack();
  }

  void run() override {
    if (!problem_.constant_weights) pack();
    output_.update();
    normals_.update();
    shared_ ? run_shared() : run_own();
    output_.write_sums();
  }

 private:
  /// Weights that the caches hold: every thread has its tiles, so many that the products of a group of output channels
  /// stay in the second-level cache. Larger weights, and few tiles: all threads have the same tiles, so that weights
  /// come from memory once, and one group of output channels each, so that it reads the points once; more tiles the
  /// more weights there are.
  void share_tiles() {
    constexpr std::int64_t kWeightsATile = 64 << 10, kCached = 4 << 20, kOwnProducts = 110 << 10;
    const std::int64_t tiles = call_.tiles.count(), panels = (output_blocks() + kernels_.panel - 1) / kernels_.panel;
    const auto packed = static_cast<std::int64_t>(packed_floats());
    const bool large = packed > kCached;
    shared_ = threads_ > 1 && panels >= threads_ && (large || tiles < threads_ * 48);
    const std::int64_t sharers = shared_ ? threads_ : 1, panel = kernels_.panel * kernels_.block;
    const std::int64_t group = shared_ || large ? (panels + sharers - 1) / sharers
                                                : std::min(panels, (panels * panel <= 128 ? 128 : 64) / panel);
    call_.group_blocks = group * kernels_.panel;
    const std::int64_t step = kernels_.tile_step;
    std::int64_t most = large ? std::clamp<std::int64_t>(packed / kWeightsATile, 48, 144)
                        : shared_
                            ? 96
                            : std::clamp(kOwnProducts / (kernels_.points * group * panel), step, std::int64_t{48});
    most -= most % step;
    const std::int64_t share = shared_ ? tiles : (tiles + threads_ - 1) / threads_;
    call_.tiles_at_once = (even_part(share, most) + step - 1) / step * step;
  }

  /// Points of all pieces of a larger kernel would not stay in the caches: they are multiplied part by part, at least
  /// kPart channels of them.
  void divide_inputs() {
    constexpr std::int64_t kPart = 64;
    const auto piece = static_cast<std::int64_t>(inputs_.size()) / pieces(problem_.geometry);
    part_ = pieces(problem_.geometry) == 1 ? piece : piece * std::max<std::int64_t>(1, kPart / piece);
    part_ = std::min(part_, std::ssize(inputs_));
    call_.inputs = std::ssize(inputs_);
    call_.group_products = part_ < call_.inputs ? static_cast<std::ptrdiff_t>(floats(call_.group_blocks)) : 0;
  }

  /// One call for every part of the inputs, in turn.
  void for_each_part(auto&& body) const {
    for (std::int64_t first = 0; first < call_.inputs; first += part_) {
      const std::int64_t count = std::min(part_, call_.inputs - first);
      ForwardCall call = call_;
      call.x = std::span(x_).subspan(static_cast<std::size_t>(first / kernels_.block),
                                     static_cast<std::size_t>(count / kernels_.block));
      call.first_input = first;
      call.last_part = first + count == call_.inputs;
      body(call);
    }
  }

  /// Every thread has its tiles.
  void run_own() {
    const std::int64_t tiles = call_.tiles.count();
    parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
      float* points = scratch_ + static_cast<std::size_t>(begin) * (points_floats() + products_floats());
      const std::int64_t stop = tiles * end / threads_;
      for (std::int64_t first = tiles * begin / threads_; first < stop; first += call_.tiles_at_once) {
        const std::int64_t last = std::min(stop, first + call_.tiles_at_once);
        for_each_part([&](ForwardCall& call) {
          call.output = output_.of(begin);
          kernels_.input_points(call, first, last, 0, std::ssize(call.x), points);
          kernels_.output_groups(call, first, last, 0, groups(), points, points + points_floats(),
                                 call.last_part ? std::min(stop, last + call.tiles_at_once) : last);
        });
      }
    });
  }

  /// All threads have the same tiles, transform some of their channels and multiply for some of the output's.
  void run_shared() {
    const std::int64_t tiles = call_.tiles.count();
    for (std::int64_t first = 0; first < tiles; first += call_.tiles_at_once) {
      const std::int64_t last = std::min(tiles, first + call_.tiles_at_once);
      for_each_part([&](ForwardCall& call) {
        call.output = output_.of(0);
        parallel_ranges(std::ssize(call.x), [&](std::int64_t begin, std::int64_t end) {
          kernels_.input_points(call, first, last, begin, end, scratch_);
        });
        parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
          float* products = scratch_ + points_floats() + static_cast<std::size_t>(begin) * products_floats();
          kernels_.output_groups(call, first, last, groups() * begin / threads_, groups() * end / threads_, scratch_,
                                 products, last);
        });
      });
    }
  }

  void pack() const {
    const ConvGeometry& g = problem_.geometry;
    const std::ptrdiff_t kernel = g.kh * g.kw;
    const WeightLayout layout = backward_ ? WeightLayout{kernel, g.c * kernel, g.kh, g.kw, true}
                                          : WeightLayout{g.c * kernel, kernel, g.kh, g.kw, false};
    const PackCall call{weights_,           layout,   inputs_,
                        output_.channels(), to_pack_, worth_streaming(packed_floats() * sizeof(float))};
    parallel_ranges(std::ssize(inputs_),
                    [&](std::int64_t begin, std::int64_t end) { kernels_.pack(call, begin, end); });
  }

  std::size_t packed_floats() const {
    return points() * static_cast<std::size_t>(pair_stride(inputs_.size(), output_.channels().size()));
  }
  std::size_t points() const { return static_cast<std::size_t>(kernels_.points); }
  std::int64_t output_blocks() const { return output_.blocks(); }
  std::int64_t groups() const { return (output_blocks() + call_.group_blocks - 1) / call_.group_blocks; }
  std::size_t points_floats() const { return floats(part_ / kernels_.block); }
  std::size_t products_floats() const {
    return floats(call_.group_blocks) * static_cast<std::size_t>(part_ < call_.inputs ? groups() : 1);
  }
  std::size_t floats(std::int64_t blocks) const {
    return whole_lines(points() * static_cast<std::size_t>(point_stride(blocks, kernels_.block, call_.tiles_at_once)));
  }

  ConvProblem problem_;
  const Kernels& kernels_;
  bool backward_;
  int threads_;
  bool shared_ = false;
  std::int64_t part_ = 0;  // input channels that are multiplied at once
  std::vector<Buffer> from_;
  std::vector<Input> inputs_;
  std::vector<Plane> x_;
  Normals normals_;
  ConvOutput output_;
  ForwardCall call_{};
  Tensor packed_;
  const float* weights_ = nullptr;
  float *scratch_ = nullptr, *to_pack_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_winograd_conv(const ConvProblem& problem, std::int64_t tile) {
  return std::make_unique<WinogradConv>(problem, tile);
}

std::vector<ConvCandidate> winograd_candidates(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  constexpr std::int64_t kMostPieces = 9;
  const bool plain = g.kh == 3 && g.kw == 3 && g.dilation == Size2{1, 1};
  const bool fits = g.stride == Size2{1, 1} && g.groups == 1 && (p.up_sampled.empty() || g.dilation == Size2{1, 1}) &&
                    p.x_block == p.y_block && winograd::kernels(p.x_block, 4) != nullptr;
  if (!fits || !(plain || (pieces(g) <= kMostPieces && pays(p))) || packs_too_much(p)) return {};
  const auto make = p.direction == ConvDirection::backward_weights ? make_winograd_gradient : make_winograd_conv;
  std::vector<ConvCandidate> candidates{{"winograd", [p, make] { return make(p, 4); }}};
  if (plain && larger_tiles_pay(p)) candidates.push_back({"winograd_6x6", [p, make] { return make(p, 6); }});
  return candidates;
}

}  // namespace inlay
