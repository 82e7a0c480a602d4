// Numbers in rows and columns: read, made up, printed.
#pragma once

#include "inlay/explain.h"
#include "inlay/options.h"

namespace inlay {

/// "1 2 3; 4 5 6": rows end with ';' or a new line, numbers are set apart by spaces or commas. Throws InputError that
/// starts with `where`.
Grid parse_grid(std::string_view where, std::string_view text);

/// Whole numbers from 1 to 9, the same each time.
Grid made_up_grid(Size2 size);

Grid filled_grid(Size2 size, double value);

/// The same numbers as one row, the way an operator's matrix sees them.
Grid flattened(Grid grid);

Grid transposed(const Grid& grid);

Grid named(Grid grid, std::string name, std::string sign = "");

/// Decimals that show the numbers exactly, at most 4; where that is not enough, 2 or, for small ones, 3.
int decimals_of(std::span<const double> values);

/// With so many decimals; never "-0".
std::string number_text(double value, int decimals);

/// The largest absolute difference. Infinite when the sizes differ.
double difference(const Grid& a, const Grid& b);

/// matrix (R, C) times the grid's C numbers, in row order; as rows x columns of `size`.
Grid product(const Grid& matrix, const Grid& vector, Size2 size);

}  // namespace inlay
