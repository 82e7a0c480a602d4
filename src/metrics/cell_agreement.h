// How well predicted cells agree with true ones: what scores of membranes are made of.
#pragma once

#include <cstdint>

#include "inlay/regions.h"

namespace inlay {

/// 1 on cells, 0 on the border and on void pixels.
Mask cells_of(const Mask& mask, std::uint8_t border);

/// V_rand and V_info of scorer.h.
struct CellScores {
  double rand = 0, info = 0;
};

/// The cells of a truth, for any number of predictions.
class TrueCells {
 public:
  TrueCells(const Mask& truth, std::uint8_t border);

  /// No pixel of a cell: there is nothing to agree with.
  bool none() const { return pixels_ == 0; }
  /// The predicted cells are 1, their border is 0; it is thinned here.
  CellScores agreement(Mask predicted) const;

 private:
  Regions cells_;
  double pixels_ = 0;
};

}  // namespace inlay
