#include "runtime/cpu/conv/planes.h"

namespace inlay {

std::vector<winograd::Plane> planes(const Buffer& buffer, std::byte* data) {
  const Shape& s = buffer.type.shape;
  const std::int64_t blocks = blocks_of(buffer), plane = s[2] * s[3] * buffer.block;
  std::vector<winograd::Plane> result;
  for (std::int64_t i = 0; i < blocks; ++i)
    result.push_back({reinterpret_cast<float*>(data) + i * plane, blocks * plane});
  return result;
}

winograd::Channels channels_in_blocks(const Buffer& buffer) {
  const std::int64_t channels = buffer.type.shape[1];
  winograd::Channels result;
  for (std::int64_t c = 0; c < padded_channels(channels, buffer.block); ++c) result.push_back(c < channels ? c : -1);
  return result;
}

}  // namespace inlay
