#include <algorithm>
#include <utility>

#include "runtime/cpu/bf16x3/intrinsics.h"

#if INLAY_HAS_AMX

INLAY_BEGIN_AMX

#include "runtime/cpu/bf16x3/tiles-inl.h"

namespace inlay::bf16x3 {
namespace {

struct alignas(64) TileShapes {
  std::uint8_t palette = 1, start = 0, reserved[14] = {};
  std::uint16_t row_bytes[16] = {};
  std::uint8_t rows[16] = {};
};

/// All eight tiles whole.
constexpr TileShapes whole_tiles() {
  TileShapes shapes;
  for (int i = 0; i < 8; ++i) shapes.row_bytes[i] = kLine, shapes.rows[i] = kTile / kLine;
  return shapes;
}
constexpr TileShapes kShapes = whole_tiles();

/// The taps of any of some first factors.
struct Taps {
  std::int64_t row_begin, row_end, column_begin, column_end;

  explicit Taps(std::span<const First> firsts)
      : row_begin(firsts[0].row_begin),
        row_end(firsts[0].row_end),
        column_begin(firsts[0].column_begin),
        column_end(firsts[0].column_end) {
    for (const First& first : firsts.subspan(1)) {
      row_begin = std::min(row_begin, first.row_begin);
      row_end = std::max(row_end, first.row_end);
      column_begin = std::min(column_begin, first.column_begin);
      column_end = std::max(column_end, first.column_end);
    }
  }

  std::int64_t count(std::span<const Unit> units) const {
    std::int64_t columns = 0;
    for (const Unit& unit : units)
      columns += std::max<std::int64_t>(std::min(column_end, unit.columns) - column_begin, 0);
    return columns * std::max<std::int64_t>(row_end - row_begin, 0);
  }
};

/// Memory that will be read soon, asked for a few lines at a time.
class Ahead {
 public:
  Ahead(std::span<const std::byte> memory, std::int64_t steps)
      : next_(memory.data()),
        end_(memory.data() + memory.size()),
        step_((std::ssize(memory) / kLine + steps - 1) / std::max<std::int64_t>(steps, 1) * kLine) {}
  void fetch() {
    const std::byte* stop = std::min(end_, next_ + step_);
    for (; next_ < stop; next_ += kLine) _mm_prefetch(reinterpret_cast<const char*>(next_), _MM_HINT_T1);
  }

 private:
  const std::byte *next_, *end_;
  std::ptrdiff_t step_;
};

/// `Rows` first factors times `Columns` second ones: sums and factors share eight tiles.
template <int Rows, int Columns>
void multiply_some(const ProductCall& call, const First* firsts, const Second* seconds, Ahead& ahead) {
  constexpr int kFirst = Rows * Columns, kSecond = kFirst + Rows;
  static_assert(kSecond + Columns <= 8);
  const std::byte *first_data[Rows], *second_data[Columns];
  for (int i = 0; i < Rows; ++i) first_data[i] = call.first_data + firsts[i].place;
  for (int i = 0; i < Columns; ++i) second_data[i] = call.second_data + seconds[i].place;
  const std::ptrdiff_t line = call.first_line;
  const auto for_each_sum = [&](auto body) {
    unrolled<Rows>([&](auto r) {
      unrolled<Columns>([&](auto c) {
        body(std::integral_constant<int, r * Columns + c>(), call.sums + firsts[r].sums + seconds[c].sums);
      });
    });
  };
  const auto load_first = [&](std::ptrdiff_t offset) {
    unrolled<Rows>([&](auto r) { load_tile<kFirst + r>(first_data[r] + offset, line); });
  };
  const auto load_second = [&](std::ptrdiff_t offset) {
    unrolled<Columns>([&](auto c) { load_tile<kSecond + c>(second_data[c] + offset, kLine); });
  };
  const auto multiply = [] {
    unrolled<Rows>(
        [](auto r) { unrolled<Columns>([=](auto c) { multiply_tiles<r * Columns + c, kFirst + r, kSecond + c>(); }); });
  };

  if (call.add)
    for_each_sum([](auto tile, const float* sums) { load_tile<tile>(sums, kLine); });
  else
    for_each_sum([](auto tile, const float*) { clear_tile<tile>(); });
  const Taps taps({firsts, Rows});
  for (const Unit& unit : call.units) {
    const std::int64_t columns = std::min(taps.column_end, unit.columns);
    for (std::int64_t row = taps.row_begin; row < taps.row_end; ++row) {
      std::ptrdiff_t first = row * call.first_row + taps.column_begin * call.first_column;
      std::ptrdiff_t second = unit.second + row * call.second_row + taps.column_begin * call.second_column;
      for (std::int64_t column = taps.column_begin; column < columns; ++column) {
        load_second(second);
        if (unit.low != kBothHalves) {
          load_first(unit.low + first);
          multiply();
        }
        load_first(unit.high + first);
        multiply();
        load_second(second + call.second_low);
        multiply();
        ahead.fetch();
        first += call.first_column;
        second += call.second_column;
      }
    }
  }
  for_each_sum([](auto tile, float* sums) { store_tile<tile>(sums, kLine); });
}

/// A number of things in groups of at most `most`, about the same size each.
struct Groups {
  std::int64_t things, most;
  std::int64_t count() const { return (things + most - 1) / most; }
  std::int64_t begin(std::int64_t group) const { return things * group / count(); }
  int size(std::int64_t group) const { return static_cast<int>(begin(group + 1) - begin(group)); }
};

void multiply_group(const ProductCall& call, std::span<const First> firsts, std::span<const Second> seconds,
                    Ahead& ahead) {
  const auto with_seconds = [&]<int Rows>() {
    if (seconds.size() == 1) return multiply_some<Rows, 1>(call, firsts.data(), seconds.data(), ahead);
    if constexpr (Rows < 3) {
      if (seconds.size() == 2) return multiply_some<Rows, 2>(call, firsts.data(), seconds.data(), ahead);
    }
    if constexpr (Rows == 1) multiply_some<Rows, 3>(call, firsts.data(), seconds.data(), ahead);
  };
  if (firsts.size() == 1) return with_seconds.template operator()<1>();
  if (firsts.size() == 2) return with_seconds.template operator()<2>();
  with_seconds.template operator()<3>();
}

}  // namespace

void multiply(const ProductCall& call) {
  // Two of each keep the units busy, and so do three of one kind where the other has but one.
  const Groups rows{std::ssize(call.firsts), call.seconds.size() == 1 ? 3 : 2};
  const Groups columns{std::ssize(call.seconds), call.firsts.size() == 1 ? 3 : 2};
  std::int64_t steps = 0;
  if (!call.ahead.empty())
    for (std::int64_t i = 0; i < rows.count(); ++i)
      steps +=
          columns.count() * Taps(call.firsts.subspan(static_cast<std::size_t>(rows.begin(i)), 1)).count(call.units);
  Ahead ahead(call.ahead, steps);
  tiles_see_memory();
  _tile_loadconfig(&kShapes);
  for (std::int64_t j = 0; j < columns.count(); ++j)
    for (std::int64_t i = 0; i < rows.count(); ++i)
      multiply_group(
          call, call.firsts.subspan(static_cast<std::size_t>(rows.begin(i)), static_cast<std::size_t>(rows.size(i))),
          call.seconds.subspan(static_cast<std::size_t>(columns.begin(j)), static_cast<std::size_t>(columns.size(j))),
          ahead);
  _tile_release();
}

}  // namespace inlay::bf16x3

INLAY_END_AMX

#endif
