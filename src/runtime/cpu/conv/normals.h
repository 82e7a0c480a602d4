// Sources that a convolution reads through batch norm and ReLU: max(0, (x - mean) * factor + shift) in place of x.
#pragma once

#include <span>
#include <vector>

#include "runtime/cpu/conv/problem.h"
#include "runtime/cpu/winograd/winograd.h"

namespace inlay {

/// The numbers of all channels of these sources, block by block.
class Normals {
 public:
  explicit Normals(const ConvProblem& problem);
  /// Scale, shift, mean and inverse deviation of each such source, as they lie in memory.
  void bind(std::span<std::byte* const> plain);
  /// At every run, for they are other ones by then.
  void update();
  /// Gives the planes of all sources their numbers.
  void give(std::vector<winograd::Plane>& planes) const;

 private:
  struct Source {
    std::int64_t channels, first_block;
    std::vector<float> numbers;  // of each block its means, factors, shifts; zeros beyond the channels
    const float *scale = nullptr, *shift = nullptr, *mean = nullptr, *inverse = nullptr;
  };
  std::int64_t block_;
  std::vector<Source> sources_;
};

}  // namespace inlay
