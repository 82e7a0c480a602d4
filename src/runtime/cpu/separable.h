// Linear operators on planes that act along the rows and the columns independently: y = R x C'. Resizing, averaging,
// padding, cropping, thinning out, and the transposes of all of them are one kernel with two tables.
#pragma once

#include <vector>

#include "ops/resample.h"
#include "runtime/cpu/kernel.h"

namespace inlay {

/// For each output position along one axis what it takes from the input; nothing makes a zero.
struct AxisTable {
  std::vector<std::vector<Tap>> taps;
  std::int64_t in;
};

AxisTable transposed(const AxisTable& table);

/// Each output position is a copy of the input position source(i), or 0 where that is negative.
template <class Source>
AxisTable copy_table(std::int64_t in, std::int64_t out, Source&& source) {
  AxisTable table{std::vector<std::vector<Tap>>(static_cast<std::size_t>(out)), in};
  for (std::int64_t i = 0; i < out; ++i)
    if (const std::int64_t from = source(i); from >= 0) table.taps[static_cast<std::size_t>(i)] = {{from, 1.0}};
  return table;
}

/// Input 0 to output 0, both f32 pictures of one block. Taps that meet are joined.
std::unique_ptr<Kernel> make_separable(const KernelSpec& spec, const AxisTable& rows, const AxisTable& columns);

}  // namespace inlay
