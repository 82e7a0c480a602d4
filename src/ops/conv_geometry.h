// The arithmetic of convolutions, shared by conv2d, its transpose and its weight gradient.
#pragma once

#include "graph/operator.h"
#include "inlay/options.h"

namespace inlay {

/// All sizes of one convolution, seen in the direction of conv2d: x (n, c, h, w) -> y (n, m, oh, ow).
struct ConvGeometry {
  std::int64_t n, c, h, w;
  std::int64_t m, oh, ow;
  std::int64_t kh, kw;
  std::int64_t groups;
  Size2 stride, dilation;
  Padding padding;

  std::int64_t multiply_adds() const { return n * m * oh * ow * (c / groups) * kh * kw; }
};

/// floor((size + before + after - dilation * (kernel - 1) - 1) / stride) + 1; throws InputError when the window does
/// not fit.
std::int64_t conv_output_size(std::string_view axis, std::int64_t size, std::int64_t before, std::int64_t after,
                              std::int64_t kernel, std::int64_t dilation, std::int64_t stride);

/// The rows and columns that conv_transpose2d must add so that it gives back x's size.
Size2 conv_output_padding(const ConvGeometry& g);

/// From the types of x and weight; checks all but the bias.
ConvGeometry conv_geometry(const TensorType& x, const TensorType& weight, Size2 stride, Padding padding, Size2 dilation,
                           std::int64_t groups);

/// Calls body(x index, y index, weight index) for every multiply-add.
template <class Body>
void for_each_product(const ConvGeometry& g, Body&& body) {
  const std::int64_t cg = g.c / g.groups, mg = g.m / g.groups;
  for (std::int64_t n = 0; n < g.n; ++n)
    for (std::int64_t m = 0; m < g.m; ++m)
      for (std::int64_t oy = 0; oy < g.oh; ++oy)
        for (std::int64_t ox = 0; ox < g.ow; ++ox)
          for (std::int64_t i = 0; i < cg; ++i)
            for (std::int64_t ky = 0; ky < g.kh; ++ky)
              for (std::int64_t kx = 0; kx < g.kw; ++kx) {
                const std::int64_t y = oy * g.stride.h - g.padding.top + ky * g.dilation.h;
                const std::int64_t x = ox * g.stride.w - g.padding.left + kx * g.dilation.w;
                if (y < 0 || y >= g.h || x < 0 || x >= g.w) continue;
                const std::int64_t c = m / mg * cg + i;
                body(((n * g.c + c) * g.h + y) * g.w + x, ((n * g.m + m) * g.oh + oy) * g.ow + ox,
                     ((m * cg + i) * g.kh + ky) * g.kw + kx);
              }
}

}  // namespace inlay
