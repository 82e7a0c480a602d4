#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/conv/few_channels.h"
#include "runtime/cpu/conv/plain_window.h"
#include "runtime/cpu/conv/planes.h"

namespace inlay {
namespace {

/// Every thread sums some rows; the sums are added at the end.
class FewChannelsGradient : public ConvAlgorithm {
 public:
  explicit FewChannelsGradient(const ConvProblem& p)
      : problem_(p),
        kernels_(*few_channels::kernels(p.y_block)),
        threads_(thread_count()),
        window_(p.geometry, kRowsAtOnce),
        outputs_(channels_in_blocks(std::vector{p.y()})) {}

  std::size_t scratch_bytes() const override {
    return static_cast<std::size_t>(threads_) * thread_floats() * sizeof(float) + bias_sums_bytes(problem_);
  }

  void bind(const ConvAddresses& a) override {
    x_ = reinterpret_cast<const float*>(a.x[0]);
    dy_ = planes(std::vector{problem_.y()}, std::vector{a.y});
    scratch_ = reinterpret_cast<float*>(a.scratch);
    weights_ = reinterpret_cast<float*>(a.weights);
    bias_ = reinterpret_cast<float*>(a.bias);
  }

  void run() override {
    const ConvGeometry& g = problem_.geometry;
    const std::int64_t rows = g.n * g.oh;
    parallel_ranges(threads_, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t thread = begin; thread < end; ++thread) {
        std::fill_n(sums(thread), sums_floats(), 0.0f);
        for_each_rows(g, rows * thread / threads_, rows * (thread + 1) / threads_, kRowsAtOnce,
                      [&](const ImageRows& some) { add_rows(some, sums(thread)); });
      }
    });
    write_weights();
    if (bias_)
      sum_bias(problem_, dy_.front().data, scratch_ + static_cast<std::size_t>(threads_) * thread_floats(), bias_);
  }

 private:
  void add_rows(const ImageRows& rows, float* sums) const {
    const ConvGeometry& g = problem_.geometry;
    float* window = sums + whole_lines(sums_floats());
    window_.fill(x_, rows, window);
    for (std::int64_t row = 0; row < rows.count; ++row)
      for (std::int64_t column = 0; column < g.ow; column += kStripPixels)
        kernels_.gradient(
            {.pixels = window_.pixels(window, row, column, std::min(kStripPixels, g.ow - column)),
             .dy = dy_[0].data + rows.image * dy_[0].image + ((rows.first + row) * g.ow + column) * kernels_.block,
             .dy_block = g.oh * g.ow * kernels_.block,
             .blocks = std::ssize(dy_),
             .sums = sums,
             .sums_row = std::ssize(outputs_)});
  }

  void write_weights() const {
    for (std::size_t m = 0; m < outputs_.size(); ++m) {
      if (outputs_[m] < 0) continue;
      for (std::int64_t tap = 0; tap < taps(); ++tap) {
        float sum = 0;
        for (std::int64_t thread = 0; thread < threads_; ++thread)
          sum += sums(thread)[tap * std::ssize(outputs_) + static_cast<std::ptrdiff_t>(m)];
        weights_[outputs_[m] * taps() + tap] = sum;
      }
    }
  }

  static constexpr std::int64_t kRowsAtOnce = 8;
  static constexpr std::int64_t kStripPixels = 240;  // whose dy stays in the first-level cache

  std::int64_t taps() const { return problem_.geometry.c * problem_.geometry.kh * problem_.geometry.kw; }
  std::size_t sums_floats() const { return outputs_.size() * static_cast<std::size_t>(taps()); }
  std::size_t thread_floats() const { return whole_lines(sums_floats()) + whole_lines(window_.floats()); }
  float* sums(std::int64_t thread) const { return scratch_ + static_cast<std::size_t>(thread) * thread_floats(); }

  ConvProblem problem_;
  const few_channels::Kernels& kernels_;
  int threads_;
  PlainWindow window_;
  winograd::Channels outputs_;
  std::vector<Plane> dy_;
  const float* x_ = nullptr;
  float *scratch_ = nullptr, *weights_ = nullptr, *bias_ = nullptr;
};

}  // namespace

std::unique_ptr<ConvAlgorithm> make_few_channels_gradient(const ConvProblem& problem) {
  return std::make_unique<FewChannelsGradient>(problem);
}

}  // namespace inlay
