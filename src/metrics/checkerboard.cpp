#include "inlay/checkerboard.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/fail.h"

namespace inlay {
namespace {

void check(std::span<const float> plane, std::int64_t height, std::int64_t width, std::int64_t stride) {
  if (stride < 2) fail_input("a checkerboard has a period of at least 2 pixels, got {}", stride);
  if (height / 2 < stride || width / 2 < stride)
    fail_input("a pattern of period {} shows in planes of at least two periods a side; this one is {}x{}", stride,
               height, width);
  if (static_cast<std::int64_t>(plane.size()) / height != width ||
      static_cast<std::int64_t>(plane.size()) % height != 0)
    fail_input("a plane of {}x{} pixels was announced, {} were given", height, width, plane.size());
}

}  // namespace

double checkerboard(std::span<const float> plane, std::int64_t height, std::int64_t width, std::int64_t stride) {
  check(plane, height, width, stride);
  const std::int64_t rows = height / stride * stride, columns = width / stride * stride;
  // Sums are of differences to the first pixel: a flat plane has none, whatever its grey.
  std::vector<double> sums(static_cast<std::size_t>(stride * stride), 0.0);
  double sum = 0, squares = 0;
  for (std::int64_t y = 0; y < rows; ++y)
    for (std::int64_t x = 0; x < columns; ++x) {
      const float value = plane[static_cast<std::size_t>(y * width + x)];
      if (!std::isfinite(value)) fail_input("the plane's pixel ({}, {}) is {}", y, x, value);
      const double difference = static_cast<double>(value) - static_cast<double>(plane[0]);
      sums[static_cast<std::size_t>(y % stride * stride + x % stride)] += difference;
      sum += difference;
      squares += difference * difference;
    }
  const double pixels = static_cast<double>(rows * columns), periods = pixels / static_cast<double>(stride * stride);
  const double mean = sum / pixels, all = squares - pixels * mean * mean;
  double pattern = 0;
  for (const double one : sums) pattern += periods * (one / periods - mean) * (one / periods - mean);
  return all > 0 ? std::min(pattern / all, 1.0) : 0.0;
}

}  // namespace inlay
