// Logits at the lower resolutions of a decoder, whose losses train its lower levels directly (Lee et al., AISTATS 2015;
// as in nnU-Net, Isensee et al., Nature Methods 2021: all levels but the lowest, each half the weight of the one
// above).
#pragma once

#include <optional>

#include "inlay/nn.h"

namespace inlay {

/// Makes the output "aux/levelN" of a picture's `level` N >= 1: a 1x1 convolution of x and bilinear up-sampling to the
/// picture's size, so that the labels serve as they are. Parameters: aux/levelN/{weight,bias}.
void supervise(const Scope& root, Value x, std::int64_t level, std::int64_t out_channels, Value image);

/// N of "aux/levelN"; empty for other names.
std::optional<std::int64_t> supervised_level(std::string_view output);

}  // namespace inlay
