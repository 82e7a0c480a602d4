// oneDNN's convolutions in all three directions, with a choice of algorithm.
#pragma once

#include <string>
#include <vector>

#include "ops/conv_geometry.h"
#include "runtime/cpu/onednn.h"
#include "runtime/cpu/tuner.h"

namespace inlay::onednn {

enum class Direction { forward, backward_data, backward_weights };

/// Always seen as conv2d: x (N, C, H, W) -> y (N, M, H', W'), whichever of the two is computed.
struct ConvProblem {
  Direction direction = Direction::forward;
  ConvGeometry geometry;
  int x_block = 1, y_block = 1;
  bool bias = false;
  bool relu = false;              // forward only
  bool constant_weights = false;  // packing them is not part of the run: Winograd takes them transformed

  Shape weight_shape() const;
  Buffer x() const;
  Buffer y() const;
  /// "forward 1x64x128x128 64x64x3x3 s1x1 p1,1,1,1 d1x1 g1 b16,16": the tuner's key.
  std::string describe() const;
};

struct ConvPrimitive {
  std::string algorithm;  // "direct", "winograd", "gemm" or "reference"
  dnnl::primitive primitive;
  dnnl::memory::desc weights, scratchpad;
};

/// What oneDNN offers: direct first; reference code only when there is nothing else.
std::vector<ConvPrimitive> conv_primitives(const ConvProblem& problem);

/// The fastest by the tuner; without one a fixed rule: Winograd for 3x3 of stride 1 from 32 channels up.
ConvPrimitive choose_conv(const ConvProblem& problem, Tuner* tuner);

/// Blocks for x and y that a fast implementation takes: the preferred ones, else plain.
std::pair<int, int> conv_blocks(ConvProblem problem, int preferred_block);

/// A convolution with its weights packed: once when problem.constant_weights, else at every run.
class ConvCall {
 public:
  ConvCall(const ConvProblem& problem, Tuner* tuner);

  std::size_t scratch_bytes() const;
  std::size_t packed_bytes() const { return packed_.bytes(); }
  const std::string& algorithm() const { return conv_.algorithm; }
  /// x, y, weights (plain) and bias by address; bias may be null. Backward weights: `weights` and `bias` are written.
  void bind(std::byte* x, std::byte* y, std::byte* weights, std::byte* bias, std::byte* scratch);
  void run() const;

 private:
  bool needs_packing() const;

  ConvProblem problem_;
  ConvPrimitive conv_;
  Tensor packed_;  // constant weights in the primitive's layout
  Call reorder_, convolution_;
};

}  // namespace inlay::onednn
