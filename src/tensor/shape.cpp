#include <charconv>
#include <vector>

#include "base/fail.h"
#include "inlay/tensor.h"

namespace inlay {

Shape::Shape(std::span<const std::int64_t> extents) : rank_(static_cast<int>(extents.size())) {
  if (rank_ > kMaxRank) fail_input("a shape has at most {} dimensions, got {}", kMaxRank, rank_);
  for (std::size_t i = 0; i < extents.size(); ++i) {
    if (extents[i] < 0) fail_input("extent {} of a shape is {}, expected >= 0", i, extents[i]);
    extents_[i] = extents[i];
  }
}

std::int64_t Shape::elements() const {
  std::int64_t product = 1;
  for (std::int64_t extent : *this)
    if (__builtin_mul_overflow(product, extent, &product))
      fail_input("shape {} has too many elements", to_string(*this));
  return product;
}

std::string to_string(const Shape& shape) {
  return shape.rank() == 0 ? "scalar" : fmt::format("{}", fmt::join(shape.begin(), shape.end(), "x"));
}

Shape parse_shape(std::string_view text) {
  if (text == "scalar") return {};
  std::vector<std::int64_t> extents;
  const char* at = text.data();
  const char* end = at + text.size();
  while (true) {
    std::int64_t extent = 0;
    const auto [next, error] = std::from_chars(at, end, extent);
    if (error != std::errc{} || extent < 0) break;
    extents.push_back(extent);
    if (next == end) return Shape(extents);
    if (*next != 'x') break;
    at = next + 1;
  }
  fail_input("'{}' is no shape; expected sizes such as 128x128x3", text);
}

}  // namespace inlay
