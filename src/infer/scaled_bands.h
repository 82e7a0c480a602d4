#pragma once

#include <memory>
#include <vector>

#include "image/resample_row.h"
#include "infer/bands.h"

namespace inlay {

/// Bands of a picture at another size; their probabilities are brought back to the picture's own (resize()).
class ScaledBands final : public PictureRun {
 public:
  /// `bands`: of a picture of scaled size, in one pass; height and width are the picture's own.
  ScaledBands(std::unique_ptr<Bands> bands, const PictureFacts& scaled, std::int64_t height, std::int64_t width);

  std::int64_t end() const override { return end_; }
  bool advance() override;
  std::int64_t runs() const override { return bands_->runs(); }
  std::size_t passes() const override { return 1; }
  Tensor probabilities(std::size_t pass, std::int64_t y, std::int64_t count) const override;

 private:
  void keep_rows();

  std::unique_ptr<Bands> bands_;
  std::vector<Taps> down_, along_;
  Tensor kept_;  // (K, rows, scaled W): finished scaled rows, from first_ on, that are still needed
  std::int64_t first_ = 0, end_ = 0;
};

}  // namespace inlay
