#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/few_channels.h"
#include "runtime/cpu/conv/output.h"
#include "runtime/cpu/conv/plain_window.h"

namespace inlay {
namespace {

using few_channels::kSlack;

/// Forward. Every thread has some rows; a panel of output channel blocks of a strip of pixels is computed, then
/// finished and written.
class FewChannelsConv : public ConvAlgorithm {
 public:
  explicit FewChannelsConv(const ConvProblem& p)
      : problem_(p),
        kernels_(*few_channels::kernels(p.y_block)),
        write_(write_rows(p.y_block)),
        threads_(thread_count()),
        together_(p.max_pool ? 2 : 1),
        window_(p.geometry, kRowsAtOnce),
        output_(p, threads_) {
    if (p.constant_weights) packed_ = Tensor(DType::f32, {static_cast<std::int64_t>(packed_floats())});
  }

  std::size_t scratch_bytes() const override {
    const std::size_t weights = problem_.constant_weights ? 0 : whole_lines(packed_floats());
    return (weights + static_cast<std::size_t>(threads_) * thread_floats()) * sizeof(float);
  }
  std::size_t packed_bytes() const override { return packed_.bytes(); }
  bool reads_weights() const override { return !problem_.constant_weights; }

  void bind(const ConvAddresses& a) override {
    x_ = reinterpret_cast<const float*>(a.x[0]);
    weights_ = reinterpret_cast<const float*>(a.weights);
    scratch_ = reinterpret_cast<float*>(a.scratch);
    to_pack_ = problem_.constant_weights ? packed_.data<float>().data() : scratch_;
    if (!problem_.constant_weights) scratch_ += whole_lines(packed_floats());
    output_.bind(a);
    if (problem_.constant_weights) pack();
  }

  void run() override {
    if (!problem_.constant_weights) pack();
    output_.update();
    const ConvGeometry& g = problem_.geometry;
    const std::int64_t groups = g.n * g.oh / together_;
    parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t thread = begin; thread < end; ++thread) {
        const Output output = output_.of(thread);
        float* window = scratch_ + static_cast<std::size_t>(thread) * thread_floats();
        for_each_rows(g, groups * thread / threads_ * together_, groups * (thread + 1) / threads_ * together_,
                      kRowsAtOnce, [&](const ImageRows& rows) {
                        window_.fill(x_, rows, window);
                        convolve(output, rows, window);
                      });
        end_streaming();
      }
    });
    output_.write_sums();
  }

 private:
  void convolve(const Output& output, const ImageRows& rows, float* window) const {
    for (std::int64_t row = 0; row < rows.count; row += together_)
      for (std::int64_t column = 0; column < problem_.geometry.ow; column += kStripPixels)
        for (std::int64_t block = 0; block < output_.blocks(); block += kernels_.panel)
          strip(output, rows, row, column, block, window);
  }

  void strip(const Output& output, const ImageRows& rows, std::int64_t row, std::int64_t column, std::int64_t block,
             float* window) const {
    const ConvGeometry& g = problem_.geometry;
    const std::int64_t count = std::min(kStripPixels, g.ow - column);
    const std::int64_t blocks = std::min<std::int64_t>(kernels_.panel, output_.blocks() - block);
    float* results = window + whole_lines(window_.floats());
    OutputRow at[2];
    for (std::int64_t i = 0; i < together_; ++i) {
      kernels_.forward({.pixels = window_.pixels(window, row + i, column, count),
                        .packed = to_pack_ + block * kernels_.block * taps(),
                        .blocks = static_cast<int>(blocks),
                        .results = results + i * kStripFloats,
                        .result_block = together_ * kStripFloats});
      const std::int64_t y = rows.first + row + i;
      at[i] = {(y * g.ow + column) * kernels_.block, i * kStripFloats,
               (y / 2 * (g.ow / 2) + column / 2) * kernels_.block};
    }
    for (std::int64_t v = 0; v < blocks; ++v) {
      const auto index = static_cast<std::size_t>(block + v);
      OutputRow of_block[2];
      for (std::int64_t i = 0; i < together_; ++i) {
        of_block[i] = at[i];
        of_block[i].picture += rows.image * output.y[index].image;
        if (!output.pooled.empty()) of_block[i].pooled += rows.image * output.pooled[index].image;
      }
      write_(output, block + v, std::span(of_block).first(static_cast<std::size_t>(together_)), count, kernels_.block,
             results + v * together_ * kStripFloats);
    }
  }

  /// [panel][tap][block of the panel][lane].
  void pack() const {
    const winograd::Channels& outputs = output_.channels();
    float* to = to_pack_;
    for (std::int64_t block = 0; block < output_.blocks(); block += kernels_.panel) {
      const std::int64_t first = block * kernels_.block;
      const std::int64_t last = std::min(std::ssize(outputs), first + kernels_.panel * kernels_.block);
      for (std::int64_t tap = 0; tap < taps(); ++tap)
        for (std::int64_t m = first; m < last; ++m) {
          const std::int64_t output = outputs[static_cast<std::size_t>(m)];
          *to++ = output < 0 ? 0.0f : weights_[output * taps() + tap];
        }
    }
  }

  static constexpr std::int64_t kRowsAtOnce = 8;
  static constexpr std::int64_t kStripPixels = 48;  // few, so that stores go on while the next ones are computed
  static constexpr std::int64_t kStripFloats = (kStripPixels + kSlack) * PixelSums::kMostLanes;

  std::int64_t taps() const { return problem_.geometry.c * problem_.geometry.kh * problem_.geometry.kw; }
  std::size_t packed_floats() const { return output_.channels().size() * static_cast<std::size_t>(taps()); }
  std::size_t thread_floats() const {
    return whole_lines(window_.floats()) + static_cast<std::size_t>(kernels_.panel * together_ * kStripFloats);
  }

  ConvProblem problem_;
  const few_channels::Kernels& kernels_;
  WriteRows write_;
  int threads_;
  std::int64_t together_;  // rows, for pooling
  PlainWindow window_;
  ConvOutput output_;
  Tensor packed_;
  const float *x_ = nullptr, *weights_ = nullptr;
  float *scratch_ = nullptr, *to_pack_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_few_channels_conv(const ConvProblem& problem) {
  return std::make_unique<FewChannelsConv>(problem);
}

std::vector<ConvCandidate> few_channels_candidates(const ConvProblem& p) {
  const ConvGeometry& g = p.geometry;
  const bool fits = p.direction != ConvDirection::backward_data && g.c <= few_channels::kMostChannels &&
                    g.groups == 1 && p.x_block == 1 && few_channels::kernels(p.y_block) != nullptr;
  if (!fits) return {};
  const auto make = p.direction == ConvDirection::forward ? make_few_channels_conv : make_few_channels_gradient;
  return {{"few_channels", [p, make] { return make(p); }}};
}

}  // namespace inlay
