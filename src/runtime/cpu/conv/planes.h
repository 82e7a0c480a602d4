// Pictures as the Winograd kernels see them: one address for each channel block.
#pragma once

#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/winograd/winograd.h"

namespace inlay {

/// Of one picture, or of several joined along the channels.
std::vector<winograd::Plane> planes(std::span<const Buffer> pictures, std::span<std::byte* const> data);
/// 0, 1, ... through all of them, with -1 where a picture's last block is filled up.
winograd::Channels channels_in_blocks(std::span<const Buffer> pictures);

}  // namespace inlay
