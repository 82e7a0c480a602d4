// JPEG artefacts: the patch is written as JPEG and read back.
#include "image/formats/jpeg.h"

#include <algorithm>
#include <cmath>

#include "data/augment/simd/rows.h"
#include "data/augment/steps.h"
#include "image/formats.h"

namespace inlay {
namespace {

/// What the values are taken to lie in: 0..1, and more where they do.
struct ValueRange {
  float low = 0.0f, size = 1.0f;
};

ValueRange value_range(const Patch& patch) {
  float least = 0.0f, most = 1.0f;
  for (std::size_t c = 0; c < patch.planes.size(); ++c) {
    const simd::Extent extent = simd::measure_plane(patch.plane(c));
    least = std::min(least, extent.least);
    most = std::max(most, extent.most);
  }
  return {least, most - least};
}

/// Channels first .. first + count - 1 through one file.
void through_jpeg(const Patch& patch, std::size_t first, std::size_t count, int quality, const ValueRange& range) {
  Image image{Tensor(DType::u8, {patch.height, patch.width, static_cast<std::int64_t>(count)})};
  std::uint8_t* bytes = image.pixels.data<std::uint8_t>().data();
  for (std::size_t c = 0; c < count; ++c) {
    const std::span<const float> plane = patch.plane(first + c);
    for (std::size_t i = 0; i < plane.size(); ++i)
      bytes[i * count + c] =
          static_cast<std::uint8_t>(std::clamp((plane[i] - range.low) / range.size, 0.0f, 1.0f) * 255.0f + 0.5f);
  }
  const Tensor read = decode(encode_jpeg(image, quality)).values;
  const std::uint8_t* from = read.data<std::uint8_t>().data();
  for (std::size_t c = 0; c < count; ++c) {
    const std::span<float> plane = patch.plane(first + c);
    for (std::size_t i = 0; i < plane.size(); ++i)
      plane[i] = range.low + range.size * static_cast<float>(from[i * count + c]) / 255.0f;
  }
}

}  // namespace

void compress_as_jpeg(const AugmentOptions& options, std::uint64_t key, const Patch& patch) {
  Rng rng(stream_key(key, Stream::jpeg));
  if (!rng.chance(options.jpeg)) return;
  const auto quality = static_cast<int>(std::lround(rng.uniform(options.jpeg_quality, 100.0)));
  const ValueRange range = value_range(patch);
  const std::size_t together = patch.planes.size() == 3 ? 3 : 1;
  for (std::size_t c = 0; c < patch.planes.size(); c += together) through_jpeg(patch, c, together, quality, range);
}

}  // namespace inlay
