#include "metrics/thinning.h"

#include <array>

namespace inlay {
namespace {

/// Whether a pixel goes, by its eight neighbours clockwise from the one above (P2 to P9 of the paper), a bit each.
constexpr bool goes(unsigned ring, bool first_half) {
  const auto bit = [ring](unsigned i) { return ring >> i % 8 & 1; };
  unsigned neighbours = 0, rises = 0;
  for (unsigned i = 0; i < 8; ++i) {
    neighbours += bit(i);
    rises += bit(i) == 0 && bit(i + 1) == 1 ? 1 : 0;
  }
  if (neighbours < 2 || neighbours > 6 || rises != 1) return false;
  const unsigned above = bit(0), right = bit(2), below = bit(4), left = bit(6);
  return first_half ? above * right * below == 0 && right * below * left == 0
                    : above * right * left == 0 && above * below * left == 0;
}

using Table = std::array<bool, 256>;

constexpr Table table_of(bool first_half) {
  Table table{};
  for (unsigned ring = 0; ring < 256; ++ring) table[ring] = goes(ring, first_half);
  return table;
}

constexpr Table kFirstHalf = table_of(true), kSecondHalf = table_of(false);

/// The plane lies in a rim of one pixel that repeats its edge. Only pixels beside one that is not set can go: those are
/// kept in a list.
class Thinning {
 public:
  Thinning(std::span<const std::uint8_t> plane, std::int64_t height, std::int64_t width)
      : height_(height), width_(width), stride_(width + 2), set_(size()), listed_(size(), 1) {
    for (std::int64_t i = 0; i < height * width; ++i) {
      const std::int64_t at = place(i);
      listed_[index(at)] = 0;
      put(at, plane[index(i)] != 0 ? 1 : 0);
    }
    for (std::int64_t i = 0; i < height * width; ++i)
      if (ring(place(i)) != 255) list(place(i));
  }

  std::vector<std::uint8_t> run() {
    for (bool changed = true; changed;) {
      changed = pass(kFirstHalf);
      changed |= pass(kSecondHalf);
    }
    std::vector<std::uint8_t> result(index(height_ * width_));
    for (std::size_t i = 0; i < result.size(); ++i) result[i] = set_[index(place(static_cast<std::int64_t>(i)))];
    return result;
  }

 private:
  static std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }
  std::size_t size() const { return index((height_ + 2) * stride_); }
  /// Of the plane's pixel i.
  std::int64_t place(std::int64_t i) const { return (i / width_ + 1) * stride_ + i % width_ + 1; }
  std::array<std::int64_t, 8> around(std::int64_t at) const {
    return {at - stride_, at - stride_ + 1, at + 1, at + stride_ + 1,
            at + stride_, at + stride_ - 1, at - 1, at - stride_ - 1};
  }

  unsigned ring(std::int64_t at) const {
    unsigned bits = 0;
    const std::array<std::int64_t, 8> places = around(at);
    for (unsigned i = 0; i < 8; ++i) bits |= static_cast<unsigned>(set_[index(places[i])]) << i;
    return bits;
  }

  /// In the rim, too.
  void put(std::int64_t at, std::uint8_t value) {
    const std::int64_t y = at / stride_, x = at % stride_;
    const std::int64_t top = y == 1 ? 0 : y, bottom = y == height_ ? y + 1 : y;
    const std::int64_t left = x == 1 ? 0 : x, right = x == width_ ? x + 1 : x;
    for (std::int64_t row = top; row <= bottom; ++row)
      for (std::int64_t column = left; column <= right; ++column) set_[index(row * stride_ + column)] = value;
  }

  void list(std::int64_t at) {
    if (set_[index(at)] == 0 || listed_[index(at)] != 0) return;
    listed_[index(at)] = 1;
    open_.push_back(at);
  }

  /// Whether a pixel went.
  bool pass(const Table& table) {
    std::vector<std::int64_t> gone;
    for (const std::int64_t at : open_)
      if (table[ring(at)]) gone.push_back(at);
    for (const std::int64_t at : gone) put(at, 0);
    std::erase_if(open_, [&](std::int64_t at) { return set_[index(at)] == 0; });
    for (const std::int64_t at : gone)
      for (const std::int64_t beside : around(at)) list(beside);
    return !gone.empty();
  }

  std::int64_t height_, width_, stride_;
  std::vector<std::uint8_t> set_, listed_;  // with the rim, which is never listed
  std::vector<std::int64_t> open_;
};

}  // namespace

std::vector<std::uint8_t> thin(std::span<const std::uint8_t> plane, std::int64_t height, std::int64_t width) {
  return Thinning(plane, height, width).run();
}

}  // namespace inlay
