// Pictures through one net: whole, or by rows of tiles.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "infer/bands.h"
#include "infer/logits.h"
#include "infer/picture_input.h"
#include "infer/ready_nets.h"
#include "infer/tile_memory.h"

namespace inlay {

class PictureRunner {
 public:
  PictureRunner(Model model, const SegmenterOptions& options);
  PictureRunner(const PictureRunner&) = delete;
  PictureRunner& operator=(const PictureRunner&) = delete;

  const Model& model() const { return model_; }

  /// How such a picture is cut, where others take `taken` bytes of the memory that is allowed.
  Cut cut(const PictureFacts& picture, std::int64_t taken = 0, std::int64_t passes = 1);

  /// The logits of pictures of one size and the model's number of channels. They stay valid until the next call.
  std::vector<LogitsView> run_whole(std::span<const Image> images, const Cut& cut);
  /// Their labels alone.
  std::vector<Mask> label_whole(std::span<const Image> images, const Cut& cut);

  /// Keeps a reference to the reader. Throws InputError when its channels cannot be converted to the net's.
  std::unique_ptr<Bands> bands(PictureReader& reader, Cut cut, BandRequest request);

  /// Throws InputError unless there are as many channels as the net reads, or they can be converted.
  void check_channels(std::int64_t channels) const;

 private:
  ReadyNet& run(std::span<const Image> images, const Cut& cut, NetForm form);

  Model model_;
  const SegmenterOptions& options_;
  PictureInput input_;
  ReadyNets nets_;
  std::optional<TileMemory> memory_;
};

}  // namespace inlay
