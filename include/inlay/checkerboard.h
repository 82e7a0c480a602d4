// How much of a picture is a pattern that repeats with the stride of an up-sampling.
// Odena, Dumoulin and Olah, "Deconvolution and checkerboard artifacts", Distill 2016: a transposed convolution whose
// kernel is no multiple of its stride lays more products on some pixels than on others, and its output bears a pattern
// of that period. Resizing before an ordinary convolution lays as many on all.
#pragma once

#include <cstdint>
#include <span>

namespace inlay {

/// The share, 0 to 1, of the energy of the plane's spectrum, its mean left out, that lies at the frequencies of
/// patterns of period `stride`: with F the discrete Fourier transform of the H x W plane and s the stride,
///     sum |F(i H/s, j W/s)|^2 over 0 <= i, j < s  /  sum |F(u, v)|^2 over all u, v,   both without (0, 0).
/// By Parseval's theorem it is the variance of the means of the s x s positions (y mod s, x mod s) over the variance of
/// all pixels, which is how it is computed. 1: nothing but the pattern; 0: none of it, and for a flat plane; for white
/// noise it is expected to be (s^2 - 1) / (H W - 1).
///
/// Where a side is no multiple of the stride, what is left over at the bottom or right is not read. `plane` is (height,
/// width), row by row. Throws InputError when the stride is below 2, a side below two strides, the number of pixels
/// another, or a number not finite.
double checkerboard(std::span<const float> plane, std::int64_t height, std::int64_t width, std::int64_t stride);

}  // namespace inlay
