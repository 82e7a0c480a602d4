// Whether a net is right as often as it is sure.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "inlay/image.h"

namespace inlay {

/// Guo, Pleiss, Sun and Weinberger, On Calibration of Modern Neural Networks, ICML 2017, equations 2, 3 and 5: pixels
/// in bins of equal width by the probability of the class that is predicted, bin i holding i/15 < p <= (i + 1)/15.
struct Calibration {
  static constexpr std::size_t kBins = 15;

  struct Bin {
    double pixels = 0, confidence = 0, correct = 0;  // the last two are sums
    /// |accuracy - confidence|; 0 for an empty bin.
    double gap() const;
  };
  std::array<Bin, kBins> bins;

  /// Of pixels whose truth is not kIgnore. logits (K, H, W), or one channel for two classes, before softmax or sigmoid.
  void add(const Tensor& logits, const Mask& truth);
  /// The mean gap, weighted by pixels, and the largest; NaN without a pixel.
  double expected_error() const;
  double maximum_error() const;
};

}  // namespace inlay
