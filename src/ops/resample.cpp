#include "ops/resample.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"

namespace inlay {
namespace {

double source_position(std::int64_t at, std::int64_t in, std::int64_t out, double scale, Coordinates coordinates) {
  const auto position = static_cast<double>(at);
  const auto unscale = [&](double p) {
    return scale > 0 ? p / scale : p * static_cast<double>(in) / static_cast<double>(out);
  };
  switch (coordinates) {
    case Coordinates::half_pixel:
      return unscale(position + 0.5) - 0.5;
    case Coordinates::asymmetric:
      return unscale(position);
    case Coordinates::align_corners:
      break;
  }
  return out == 1 ? 0 : position * static_cast<double>(in - 1) / static_cast<double>(out - 1);
}

/// Keys, "Cubic convolution interpolation for digital image processing" (1981), equation 15 with a free.
double cubic(double distance, double a) {
  const double d = std::abs(distance);
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? ((a * d - 5 * a) * d + 8 * a) * d - 4 * a : 0;
}

}  // namespace

std::vector<std::vector<Tap>> resample_taps(std::int64_t in, std::int64_t out, double scale, const Resize2dOptions& o) {
  std::vector<std::vector<Tap>> taps(static_cast<std::size_t>(out));
  const auto inside = [in](double position) {
    return static_cast<std::int64_t>(std::clamp(position, 0.0, static_cast<double>(in - 1)));
  };
  for (std::int64_t i = 0; i < out; ++i) {
    auto& at = taps[static_cast<std::size_t>(i)];
    const double position = source_position(i, in, out, scale, o.coordinates), below = std::floor(position),
                 rest = position - below;
    if (o.mode == Interpolation::nearest) {
      at = {{inside(o.coordinates == Coordinates::asymmetric ? below : std::ceil(position - 0.5)), 1}};
    } else if (o.mode == Interpolation::bilinear) {
      at = {{inside(below), 1 - rest}, {inside(below + 1), rest}};
    } else {
      for (int k = -1; k <= 2; ++k) at.push_back({inside(below + k), cubic(rest - k, o.cubic_coefficient)});
    }
  }
  return taps;
}

Shape resized_shape(const Shape& x, const Resize2dOptions& o) {
  const bool by_scale = o.scale != Scale2(0), by_size = o.size != Size2(0);
  if (by_scale == by_size) fail_input("expected either a scale or a size");
  if (by_scale && (!(o.scale.h > 0) || !(o.scale.w > 0)))
    fail_input("the scale is {}x{}, expected > 0", o.scale.h, o.scale.w);
  const auto scaled = [](std::int64_t size, double scale) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(size) * scale));
  };
  const Size2 size = by_scale ? Size2{scaled(x[2], o.scale.h), scaled(x[3], o.scale.w)} : o.size;
  if (size.h < 1 || size.w < 1) fail_input("{} would become {}x{}, expected sizes >= 1", to_string(x), size.h, size.w);
  return {x[0], x[1], size.h, size.w};
}

ResizeGeometry resize_geometry(const Shape& from, const Shape& to, const Resize2dOptions& o) {
  return {from[0] * from[1],
          from[2],
          from[3],
          to[2],
          to[3],
          resample_taps(from[2], to[2], o.scale.h, o),
          resample_taps(from[3], to[3], o.scale.w, o)};
}

}  // namespace inlay
