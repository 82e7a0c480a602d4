// The results of a convolution of our own: where they go, what is done to them, and the sums taken on the way.
#pragma once

#include "runtime/cpu/conv/algorithm.h"
#include "runtime/cpu/conv/epilogue.h"
#include "runtime/cpu/conv/planes.h"

namespace inlay {

class ConvOutput {
 public:
  /// Of y, or backward to the data of x. `sharers`: how many take sums for themselves.
  ConvOutput(const ConvProblem& problem, std::int64_t sharers);
  void bind(const ConvAddresses& addresses);
  /// At the start of every run.
  void update();
  /// For one of the sharers.
  Output of(std::int64_t sharer);
  /// At the end of every run: statistics and sums, of all sharers together.
  void write_sums() const;

  /// In memory order, -1 where a block is filled up.
  const winograd::Channels& channels() const { return channels_; }
  std::int64_t blocks() const { return std::ssize(channels_) / block_; }

 private:
  void write_statistics() const;
  void write_norm_sums() const;

  std::vector<Buffer> pictures_;
  std::int64_t block_;
  bool statistics_, norm_sums_, add_, max_pool_, backward_;
  Buffer pooled_picture_;
  winograd::Channels channels_;
  std::vector<Plane> y_, other_, pooled_;
  std::vector<float> bias_;
  Slopes slopes_;
  Normals normals_;
  std::vector<PixelSums> sums_;  // of each sharer, all channel blocks
  Output output_{};
  const float *plain_bias_ = nullptr, *inverse_ = nullptr;
  float *mean_ = nullptr, *variance_ = nullptr, *dscale_ = nullptr, *dshift_ = nullptr;
};

}  // namespace inlay
