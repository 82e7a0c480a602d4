#include "metrics/boundaries.h"

#include <algorithm>
#include <cmath>

namespace inlay {
namespace {

/// Calls body(y, x, i) for all pixels.
template <class Body>
void for_each_pixel(const Mask& mask, Body&& body) {
  std::size_t i = 0;
  for (std::int64_t y = 0; y < mask.height(); ++y)
    for (std::int64_t x = 0; x < mask.width(); ++x, ++i) body(y, x, i);
}

/// Whether one of the eight pixels around has another label or is out of the image.
bool at_an_end(const Mask& mask, std::int64_t y, std::int64_t x) {
  const std::int64_t height = mask.height(), width = mask.width();
  if (y == 0 || x == 0 || y + 1 == height || x + 1 == width) return true;
  const std::uint8_t* at = mask.labels.data<std::uint8_t>().data() + y * width + x;
  for (const std::int64_t row : {-width, std::int64_t{0}, width})
    for (std::int64_t dx = -1; dx <= 1; ++dx)
      if (at[row + dx] != *at) return true;
  return false;
}

}  // namespace

std::vector<std::uint8_t> inner_boundary(const Mask& mask, bool frame) {
  const std::int64_t height = mask.height(), width = mask.width();
  const std::span<const std::uint8_t> labels = mask.labels.data<std::uint8_t>();
  std::vector<std::uint8_t> boundary(labels.size());
  const auto columns = static_cast<std::size_t>(width);
  for_each_pixel(mask, [&](std::int64_t y, std::int64_t x, std::size_t i) {
    const std::uint8_t label = labels[i];
    const bool ends = (y > 0 ? labels[i - columns] != label : frame) ||
                      (y + 1 < height ? labels[i + columns] != label : frame) ||
                      (x > 0 ? labels[i - 1] != label : frame) || (x + 1 < width ? labels[i + 1] != label : frame);
    boundary[i] = ends ? 1 : 0;
  });
  return boundary;
}

// A straight walk to the nearest pixel of another label stays in the class until its last step, and there it is at an
// end. So the depth is one more than the distance to the nearest pixel, of any class, that is at an end of its class.
std::vector<std::int32_t> depth_in_class(const Mask& mask) {
  const std::int64_t height = mask.height(), width = mask.width();
  std::vector<std::int32_t> depth(static_cast<std::size_t>(height * width));
  const auto columns = static_cast<std::size_t>(width);
  for_each_pixel(mask, [&](std::int64_t y, std::int64_t x, std::size_t i) {
    depth[i] = 1;
    if (at_an_end(mask, y, x)) return;  // all others have neighbours on every side
    depth[i] = 1 + std::min({depth[i - 1], depth[i - columns - 1], depth[i - columns], depth[i - columns + 1]});
  });
  for (std::int64_t y = height - 2; y > 0; --y)
    for (std::int64_t x = width - 2; x > 0; --x) {
      const auto i = static_cast<std::size_t>(y * width + x);
      const std::int32_t least =
          std::min({depth[i + 1], depth[i + columns - 1], depth[i + columns], depth[i + columns + 1]});
      depth[i] = std::min(depth[i], 1 + least);
    }
  return depth;
}

double diagonal(const Mask& mask) {
  return std::hypot(static_cast<double>(mask.height()), static_cast<double>(mask.width()));
}

}  // namespace inlay
