// Pictures as the Winograd kernels see them: one address for each channel block.
#pragma once

#include "runtime/cpu/kernel.h"
#include "runtime/cpu/winograd/winograd.h"

namespace inlay {

std::vector<winograd::Plane> planes(const Buffer& buffer, std::byte* data);
/// 0..C-1, then -1 up to whole blocks.
winograd::Channels channels_in_blocks(const Buffer& buffer);

/// Floats rounded up to whole cache lines.
inline std::size_t whole_lines(std::size_t floats) { return (floats + 15) / 16 * 16; }

}  // namespace inlay
