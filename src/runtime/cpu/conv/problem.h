// A convolution to be computed, in any of its three directions.
#pragma once

#include <string>

#include "ops/conv_geometry.h"
#include "runtime/cpu/kernel.h"

namespace inlay {

enum class ConvDirection { forward, backward_data, backward_weights };

/// Always seen as conv2d: x (N, C, H, W) -> y (N, M, H', W'), whichever of the two is computed.
struct ConvProblem {
  ConvDirection direction = ConvDirection::forward;
  ConvGeometry geometry;
  int x_block = 1, y_block = 1;
  bool bias = false;  // backward weights: its gradient, the sums of dy, is computed too
  bool add = false;   // forward only: y = activation(convolution + other)
  Activation activation = Activation::none;
  double slope = 0;         // of leaky_relu
  bool statistics = false;  // forward only, without sum and activation: mean and variance of y's channels, too
  bool max_pool = false;    // forward only, without sum and statistics, even sides: 2x2 max-pooling of y, too
  bool labels = false;      // the most likely channel of each pixel, a byte, in place of the result; no parts
  std::vector<std::int64_t> x_parts;  // channels of several pictures that x is joined of; empty: it is one
  bool norm_sums = false;  // backward to the data only, one picture: sums for the batch norm in front of it, too
  std::vector<std::int64_t> normalised;  // of these pictures, those that are read through batch norm and ReLU
  std::vector<std::int64_t> up_sampled;  // those of half the size, read up-sampled by two, normalised before
  Interpolation up_sampling = Interpolation::nearest;
  bool constant_weights = false;  // packing them is not part of the run

  Shape weight_shape() const;
  Buffer x() const;
  Buffer y() const;
  Buffer pooled() const;
  /// x, or its parts, as they lie in memory.
  std::vector<Buffer> x_pictures() const;
  std::int64_t bias_size() const { return direction == ConvDirection::backward_data ? geometry.c : geometry.m; }
  /// A problem of about the same kind, to be timed in its place: sizes and batch rounded to powers of two and no more
  /// than 2^16 pixels of y. It takes a bounded time, and pictures of many sizes share what was learnt.
  ConvProblem to_time() const;
  /// "forward 1x64x128x128 64x64x3x3 s1x1 p1,1,1,1 d1x1 g1 b16,16": the tuner's key.
  std::string describe() const;
};

/// Whether windows, of a pixel or larger, lie side by side and cover the picture.
bool side_by_side(const ConvGeometry& geometry);

}  // namespace inlay
