// What a loader's batch number n holds; independent of who makes it and when.
#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "data/augment/class_places.h"
#include "inlay/loader.h"

namespace inlay {

/// Decoded samples with the channels asked for, as many as fit the limit; safe for many threads.
class SampleCache {
 public:
  SampleCache(const Dataset& dataset, const LoaderOptions& options)
      : dataset_(dataset), split_(options.split), channels_(options.channels), left_(options.cache_bytes) {}
  Sample read(std::int64_t index);

 private:
  const Dataset& dataset_;
  Split split_;
  std::int64_t channels_;
  std::int64_t left_;
  std::mutex mutex_;
  std::unordered_map<std::int64_t, Sample> kept_;
};

class BatchMaker {
 public:
  BatchMaker(const Dataset& dataset, const LoaderOptions& options);
  BatchMaker(const BatchMaker&) = delete;
  BatchMaker& operator=(const BatchMaker&) = delete;

  const LoaderOptions& options() const { return options_; }
  std::int64_t batches_per_epoch() const;
  /// The number to start with.
  std::int64_t first() const;
  /// An unfinished batch when `stop` becomes true.
  Batch make(std::int64_t number, const std::atomic<bool>& stop);

 private:
  /// An image, and the pixel that its patch is cut around, where one was drawn.
  struct Choice {
    std::int64_t image = 0;
    std::optional<Focus> focus;
  };

  std::vector<std::int64_t> order(std::int64_t epoch) const;
  Choice choose(std::int64_t in_turn, std::uint64_t key) const;
  void add(const Choice& choice, std::uint64_t key, std::int64_t n, std::int64_t count, Batch& batch);
  void start(const Sample& sample, std::int64_t count, Batch& batch) const;
  Patch patch_in(Batch& batch, std::int64_t n) const;
  void store_middle(const Mask& mask, std::int64_t n, Batch& batch) const;
  void normalise(const Patch& patch) const;

  Dataset dataset_;
  LoaderOptions options_;
  SampleCache cache_;
  std::optional<ClassPlaces> places_;
};

}  // namespace inlay
