// One net's way through a picture.
#pragma once

#include <cstdint>

#include "inlay/tensor.h"

namespace inlay {

/// Rows are finished from the top down; advance() makes others of those that were finished before.
class PictureRun {
 public:
  virtual ~PictureRun() = default;

  /// The row after the last one that is finished.
  virtual std::int64_t end() const = 0;
  /// False when it was told to stop.
  virtual bool advance() = 0;
  /// Of the net, for all of the picture.
  virtual std::int64_t runs() const = 0;
  virtual std::size_t passes() const = 0;
  /// Of finished rows, (K, count, W).
  virtual Tensor probabilities(std::size_t pass, std::int64_t y, std::int64_t count) const = 0;
};

}  // namespace inlay
