#include <algorithm>
#include <array>
#include <queue>

#include "inlay/postprocess.h"

namespace inlay {
namespace {

struct Turn {
  float relief;
  std::int64_t turn;  // first come, first served
  std::int64_t pixel;
  bool operator>(const Turn& other) const { return relief != other.relief ? relief > other.relief : turn > other.turn; }
};

struct Offset {
  std::int64_t y, x;
};
constexpr std::array<Offset, 8> kNeighbours{{{-1, 0}, {0, -1}, {0, 1}, {1, 0}, {-1, -1}, {-1, 1}, {1, -1}, {1, 1}}};

}  // namespace

Tensor watershed(const Tensor& relief, const Tensor& markers, const Tensor& domain, Connectivity connectivity) {
  const std::int64_t height = relief.shape()[0], width = relief.shape()[1];
  const auto heights = relief.data<float>();
  const auto inside = domain.data<std::uint8_t>();
  Tensor result = markers.clone();
  const auto numbers = result.data<std::int32_t>();
  std::priority_queue<Turn, std::vector<Turn>, std::greater<>> queue;
  std::int64_t turn = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (inside[i] == 0) numbers[i] = 0;
    if (numbers[i] != 0) queue.push({heights[i], turn++, static_cast<std::int64_t>(i)});
  }
  const std::size_t neighbours = connectivity == Connectivity::edges ? 4 : 8;
  while (!queue.empty()) {
    const std::int64_t pixel = queue.top().pixel;
    queue.pop();
    for (std::size_t n = 0; n < neighbours; ++n) {
      const std::int64_t y = pixel / width + kNeighbours[n].y, x = pixel % width + kNeighbours[n].x;
      if (y < 0 || x < 0 || y >= height || x >= width) continue;
      const auto at = static_cast<std::size_t>(y * width + x);
      if (inside[at] == 0 || numbers[at] != 0) continue;
      numbers[at] = numbers[static_cast<std::size_t>(pixel)];
      queue.push({heights[at], turn++, y * width + x});
    }
  }
  return result;
}

}  // namespace inlay
