// Pictures that a kernel reads through batch norm and ReLU: max(0, (x - mean) * factor + shift) in place of x.
#pragma once

#include <span>
#include <vector>

#include "runtime/cpu/kernel.h"

namespace inlay {

/// The numbers of all channels of these pictures, block by block.
class Normals {
 public:
  /// `normalised`: which of the pictures.
  Normals(std::span<const Buffer> pictures, std::span<const std::int64_t> normalised);
  /// Scale, shift, mean and inverse deviation of each such picture, as they lie in memory.
  void bind(std::span<std::byte* const> plain);
  /// At every run, for they are other ones by then.
  void update();

  /// Means, factors and shifts of a channel block, one of each a lane, zeros beyond the channels. Blocks are counted
  /// through all pictures. Null: these pixels are read as they are.
  const float* of_block(std::int64_t block) const;

 private:
  struct Picture {
    std::int64_t channels, first_block, blocks;
    std::vector<float> numbers;
    const float *scale = nullptr, *shift = nullptr, *mean = nullptr, *inverse = nullptr;
  };
  std::int64_t lanes_;
  std::vector<Picture> pictures_;
};

}  // namespace inlay
