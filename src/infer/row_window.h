// The rows of a picture that are needed at the time, while it is read from top to bottom.
#pragma once

#include <cstdint>

#include "inlay/picture_stream.h"

namespace inlay {

class RowWindow {
 public:
  /// Keeps a reference. `capacity`: the most rows that are held at once.
  RowWindow(PictureReader& reader, std::int64_t capacity);

  /// Rows first <= y < last, and none before, are there afterwards. Neither may go back.
  void move(std::int64_t first, std::int64_t last);
  /// The first row that is held, and all of them as a picture, which stays good until move().
  std::int64_t first() const { return first_; }
  Image image() const;

 private:
  PictureReader& reader_;
  Tensor rows_;  // (capacity, W, C)
  std::int64_t first_ = 0, count_ = 0;
};

}  // namespace inlay
