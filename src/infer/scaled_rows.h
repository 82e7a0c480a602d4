#pragma once

#include <memory>
#include <span>
#include <vector>

#include "image/resample_row.h"
#include "infer/row_window.h"

namespace inlay {

/// A picture at another size, as resize() makes it, by rows.
class ScaledRows final : public PictureReader {
 public:
  ScaledRows(std::unique_ptr<PictureReader> picture, std::int64_t height, std::int64_t width);
  Tensor read(std::int64_t rows) override;

 private:
  std::unique_ptr<PictureReader> picture_;
  std::vector<Taps> down_, along_;
  RowWindow window_;
  std::int64_t next_ = 0;
};

}  // namespace inlay
