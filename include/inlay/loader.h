// Batches for training: decoded, augmented, normalised and stacked by worker threads ahead of the consumer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "inlay/augment.h"
#include "inlay/border_weights.h"
#include "inlay/channel_order.h"
#include "inlay/dataset.h"

namespace inlay {

/// What happens to the images that do not fill the last batch of an epoch.
enum class LastBatch {
  drop,
  fill,
  keep
};  // fill: wraps round to the first ones of the shuffled order; keep: a smaller batch

struct LoaderOptions {
  Split split = Split::train;
  std::int64_t batch = 8;
  std::int64_t height = 0,
               width = 0;        // of the patch; 0: the images' own size, which must be the same for all in a batch
  std::int64_t channels = 1;     // 1 and 3 are made of each other; others as the pictures have
  std::vector<float> mean, std;  // per channel, of values in 0..1; empty: 0 and 1
  ChannelOrder order = ChannelOrder::rgb;  // of the batch, mean and std
  bool shuffle = true;                     // a new order every epoch, from (seed, epoch)
  LastBatch last = LastBatch::fill;
  std::int64_t margin = 0;               // labels and weights are those of the patch without so much on each side
  std::optional<BorderWeights> borders;  // what they say is worked out for every patch: Batch::weights
  std::vector<float> class_weights;      // the other term of these; empty: 1
  AugmentOptions augment;                // every sample draws from (seed, epoch, place in the epoch's order)
  std::uint64_t seed = 0;
  int workers = 1;                                   // threads, >= 1; the batches do not depend on their number
  std::int64_t queue = 4;                            // batches that may wait for the consumer
  std::int64_t cache_bytes = std::int64_t{1} << 30;  // decoded samples kept in memory, at most
  std::int64_t start_epoch = 0, start_batch = 0;     // where to begin, for a run that continues
};

struct Batch {
  Tensor images;   // (N, C, H, W) f32: (value in 0..1 - mean) / std
  Tensor labels;   // (N, H, W) u8: class index or kIgnore; (N, H - 2 margin, W - 2 margin) with a margin
  Tensor weights;  // f32, of the labels' shape: pixel_weights(); empty without LoaderOptions::borders
  std::vector<std::string> names;
  std::int64_t epoch = 0, index = 0;  // index: 0 .. batches_per_epoch() - 1
};

class Loader {
 public:
  /// Keeps its own copy of the dataset's description. Throws InputError when an option is out of range or the split is
  /// empty (with LastBatch::drop: smaller than a batch).
  Loader(const Dataset& dataset, const LoaderOptions& options);
  /// Ends and joins the workers; waits at most for the sample each of them is working on.
  ~Loader();
  Loader(const Loader&) = delete;
  Loader& operator=(const Loader&) = delete;

  std::int64_t batches_per_epoch() const;
  /// The next batch, epoch after epoch without end. Throws what a worker threw while it made this batch; so does every
  /// later call.
  Batch next();
  /// Seconds that next() has waited for the workers so far.
  double waited_seconds() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace inlay
