// Pictures of one size through a net: whole, or tile by tile.
#pragma once

#include <span>
#include <vector>

#include "infer/logits.h"
#include "infer/picture_input.h"
#include "infer/ready_nets.h"
#include "infer/tiles.h"

namespace inlay {

/// How pictures of one size are cut.
struct Cut {
  Tiles rows, columns;
  bool whole() const { return rows.count == 1 && columns.count == 1; }
};

class PictureRunner {
 public:
  /// Keeps references to all.
  PictureRunner(const Model& model, const SegmenterOptions& options, const PictureInput& input)
      : model_(model), options_(options), input_(input), nets_(model, options) {}

  Cut cut(std::int64_t height, std::int64_t width) const;

  /// The logits of pictures of one size and the model's number of channels. They stay valid until the next call.
  std::vector<LogitsView> run(std::span<const Image> images, NetForm form, std::uint64_t seed);

 private:
  std::vector<LogitsView> run_whole(std::span<const Image> images, const Cut& cut, NetForm form, std::uint64_t seed);
  std::vector<LogitsView> run_tiles(std::span<const Image> images, const Cut& cut, NetForm form, std::uint64_t seed);

  const Model& model_;
  const SegmenterOptions& options_;
  const PictureInput& input_;
  ReadyNets nets_;
  std::vector<Tensor> joined_;  // (K, H, W): the tiles' logits, by picture
};

}  // namespace inlay
