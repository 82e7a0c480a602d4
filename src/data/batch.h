// What a loader's batch number n holds; independent of who makes it and when.
#pragma once

#include <atomic>
#include <mutex>
#include <unordered_map>

#include "inlay/loader.h"

namespace inlay {

/// Decoded samples with 1 or 3 channels, as many as fit the limit; safe for many threads.
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
  std::vector<std::int64_t> order(std::int64_t epoch) const;
  Sample prepare(std::int64_t epoch, std::int64_t place, std::int64_t index);
  void store(const Sample& sample, std::int64_t n, std::int64_t count, Batch& batch) const;
  void store_labels(const Sample& sample, std::int64_t n, std::int64_t count, Batch& batch) const;

  Dataset dataset_;
  LoaderOptions options_;
  SampleCache cache_;
};

}  // namespace inlay
