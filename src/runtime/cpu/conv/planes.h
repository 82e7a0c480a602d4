// Pictures as the Winograd kernels see them: one address for each channel block.
#pragma once

#include "runtime/cpu/conv/sizes.h"
#include "runtime/cpu/winograd/winograd.h"

namespace inlay {

std::vector<winograd::Plane> planes(const Buffer& buffer, std::byte* data);
/// 0..C-1, then -1 up to whole blocks.
winograd::Channels channels_in_blocks(const Buffer& buffer);

}  // namespace inlay
