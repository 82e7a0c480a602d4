// How much memory a picture takes, and which tiles keep it within bounds.
#pragma once

#include <cstdint>

#include "infer/tile_line.h"
#include "inlay/model.h"
#include "inlay/picture_stream.h"

namespace inlay {

struct Cut {
  TileLine rows, columns;
  std::int64_t most_at_once = INT64_MAX;  // tiles that may run together
  bool whole() const { return rows.count() == 1 && columns.count() == 1; }
  std::int64_t tiles() const { return rows.count() * columns.count(); }
};

/// The program itself and its libraries.
inline constexpr std::int64_t kProcessBytes = 64'000'000;

/// What is done to a picture that takes memory.
struct CutRequest {
  PictureFacts picture;
  TileWish wish;
  std::int64_t memory = 0;  // bytes; 0: no limit
  std::int64_t taken = 0;   // of it by others
  std::int64_t passes = 1;  // samples whose logits are kept at the same time
  bool turned = false;      // the net is run on turned tiles too
};

/// By parts, in bytes; estimates from above. The weights are with the process.
struct MemoryNeed {
  std::int64_t weights = 0, tile = 0, rows = 0, file = 0;
  std::int64_t total() const { return weights + tile + rows + file; }
};

class TileMemory {
 public:
  explicit TileMemory(const Model& model);

  Cut cut(const CutRequest& request, const TileWish& wish) const;
  MemoryNeed need(const CutRequest& request, const Cut& cut) const;

  /// With the wish's tiles, or without one the whole picture, or where that takes too much the largest tiles that do
  /// not. Throws InputError with what is needed at least when nothing fits.
  Cut choose(const CutRequest& request) const;

 private:
  Cut with_batch(const CutRequest& request, Cut cut) const;

  const Model& model_;
  Reach reach_;
  double bytes_a_pixel_ = 0;  // of the net's intermediate results
  std::int64_t weights_ = 0;
};

/// "about 1.4 GB".
std::string memory_text(std::int64_t bytes);

}  // namespace inlay
