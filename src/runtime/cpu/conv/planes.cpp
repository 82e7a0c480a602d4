#include "runtime/cpu/conv/planes.h"

namespace inlay {

std::vector<winograd::Plane> planes(std::span<const Buffer> pictures, std::span<std::byte* const> data) {
  std::vector<winograd::Plane> result;
  for (std::size_t p = 0; p < pictures.size(); ++p) {
    const Shape& s = pictures[p].type.shape;
    const std::int64_t blocks = blocks_of(pictures[p]), plane = s[2] * s[3] * pictures[p].block;
    for (std::int64_t i = 0; i < blocks; ++i)
      result.push_back({reinterpret_cast<float*>(data[p]) + i * plane, blocks * plane});
  }
  return result;
}

winograd::Channels channels_in_blocks(std::span<const Buffer> pictures) {
  winograd::Channels result;
  std::int64_t before = 0;
  for (const Buffer& picture : pictures) {
    const std::int64_t channels = picture.type.shape[1];
    for (std::int64_t c = 0; c < padded_channels(channels, picture.block); ++c)
      result.push_back(c < channels ? before + c : -1);
    before += channels;
  }
  return result;
}

}  // namespace inlay
