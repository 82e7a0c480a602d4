// The trunk that many nets share: Simonyan and Zisserman, ICLR 2015, configuration D.
#pragma once

#include <array>
#include <cstdint>

namespace inlay {

/// 3x3 convolutions of one resolution; a 2x2 max-pool follows each stage.
struct VggStage {
  std::int64_t convolutions, channels;
};
inline constexpr std::array<VggStage, 5> kVgg16{{{2, 64}, {2, 128}, {3, 256}, {3, 512}, {3, 512}}};

}  // namespace inlay
