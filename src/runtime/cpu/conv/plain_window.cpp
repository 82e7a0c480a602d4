#include "runtime/cpu/conv/plain_window.h"

namespace inlay {

using few_channels::kSlack;

PlainWindow::PlainWindow(const ConvGeometry& g, std::int64_t rows)
    : geometry_(g),
      rows_((std::min(rows, g.oh) - 1) * g.stride.h + (g.kh - 1) * g.dilation.h + 1),
      pitch_((g.ow - 1 + kSlack) * g.stride.w + (g.kw - 1) * g.dilation.w + 1) {
  for (std::int64_t c = 0; c < g.c; ++c)
    for (std::int64_t y = 0; y < g.kh; ++y)
      for (std::int64_t x = 0; x < g.kw; ++x)
        taps_.push_back((c * rows_ + y * g.dilation.h) * pitch_ + x * g.dilation.w);
}

std::size_t PlainWindow::floats() const { return static_cast<std::size_t>(geometry_.c * rows_ * pitch_); }

void PlainWindow::fill(const float* x, const ImageRows& rows, float* window) const {
  const ConvGeometry& g = geometry_;
  const std::int64_t begin = std::clamp<std::int64_t>(g.padding.left, 0, pitch_);
  const std::int64_t end = std::min(pitch_, begin + g.w);
  for (std::int64_t c = 0; c < g.c; ++c)
    for (std::int64_t row = 0; row < rows_; ++row, window += pitch_) {
      const std::int64_t y = rows.first * g.stride.h - g.padding.top + row;
      if (y < 0 || y >= g.h) {
        std::fill_n(window, pitch_, 0.0f);
        continue;
      }
      std::fill_n(window, begin, 0.0f);
      std::copy_n(x + ((rows.image * g.c + c) * g.h + y) * g.w, end - begin, window + begin);
      std::fill_n(window + end, pitch_ - end, 0.0f);
    }
}

few_channels::Pixels PlainWindow::pixels(const float* window, std::int64_t row, std::int64_t column,
                                         std::int64_t count) const {
  const Size2 stride = geometry_.stride;
  return {window + row * stride.h * pitch_ + column * stride.w, stride.w, taps_, count};
}

}  // namespace inlay
