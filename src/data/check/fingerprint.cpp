#include <algorithm>
#include <bit>
#include <cmath>

#include "base/rng.h"
#include "data/check/survey.h"

namespace inlay {
namespace {

template <class T>
double luma(const T* v, std::int64_t channels) {
  if (channels != 3) return static_cast<double>(v[0]);
  return 0.299 * static_cast<double>(v[0]) + 0.587 * static_cast<double>(v[1]) + 0.114 * static_cast<double>(v[2]);
}

/// Means of luma over height x width fields, each of one pixel at least.
template <class T>
std::vector<float> fields_of(const Image& image, std::int64_t height, std::int64_t width) {
  const std::int64_t rows = image.height(), columns = image.width(), channels = image.channels();
  const T* values = image.pixels.data<T>().data();
  std::vector<float> out;
  for (std::int64_t i = 0; i < height; ++i)
    for (std::int64_t j = 0; j < width; ++j) {
      const std::int64_t top = i * rows / height, bottom = std::max(top + 1, (i + 1) * rows / height);
      const std::int64_t left = j * columns / width, right = std::max(left + 1, (j + 1) * columns / width);
      double sum = 0.0;
      for (std::int64_t y = top; y < bottom; ++y)
        for (std::int64_t x = left; x < right; ++x) sum += luma(values + (y * columns + x) * channels, channels);
      out.push_back(static_cast<float>(sum / static_cast<double>((bottom - top) * (right - left))));
    }
  return out;
}

std::vector<float> fields(const Image& image, std::int64_t height, std::int64_t width) {
  return image.pixels.type() == DType::u8 ? fields_of<std::uint8_t>(image, height, width)
                                          : fields_of<float>(image, height, width);
}

/// What is left of fields when the mean of their surroundings is taken off. Strong edges are cut down: the frame that
/// all pictures of one camera share must not decide.
void set_detail(std::span<const float> fields, float least, std::span<float> detail) {
  constexpr std::int64_t kSide = Fingerprint::kSide;
  for (std::int64_t y = 0; y < kSide; ++y)
    for (std::int64_t x = 0; x < kSide; ++x) {
      float sum = 0.0f;
      for (std::int64_t i = y - 1; i <= y + 1; ++i)
        for (std::int64_t j = x - 1; j <= x + 1; ++j)
          sum += fields[static_cast<std::size_t>(std::clamp<std::int64_t>(i, 0, kSide - 1) * kSide +
                                                 std::clamp<std::int64_t>(j, 0, kSide - 1))];
      const auto at = static_cast<std::size_t>(y * kSide + x);
      detail[at] = fields[at] - sum / 9.0f;
    }
  std::vector<float> sizes;
  for (float value : detail) sizes.push_back(std::abs(value));
  std::ranges::nth_element(sizes, sizes.begin() + std::ssize(sizes) / 2);
  const float limit = 2.0f * std::max(sizes[sizes.size() / 2], least);
  double squares = 0.0;
  for (float& value : detail) {
    value = std::clamp(value, -limit, limit);
    squares += static_cast<double>(value) * static_cast<double>(value);
  }
  const double length = std::sqrt(squares);
  for (float& value : detail) value = length > 0.0 ? static_cast<float>(static_cast<double>(value) / length) : 0.0f;
}

std::uint64_t hash_of(const Tensor& pixels) {
  std::uint64_t key =
      mix_keys(static_cast<std::uint64_t>(pixels.shape()[0]), static_cast<std::uint64_t>(pixels.shape()[1]));
  const std::byte* bytes = pixels.raw();
  std::size_t i = 0;
  for (; i + 8 <= pixels.bytes(); i += 8) {
    std::uint64_t word = 0;
    std::copy_n(bytes + i, 8, reinterpret_cast<std::byte*>(&word));
    key = mix_bits(key ^ word);
  }
  for (; i < pixels.bytes(); ++i) key = mix_keys(key, std::to_integer<std::uint64_t>(bytes[i]));
  return key;
}

}  // namespace

Fingerprint fingerprint(const Image& image) {
  Fingerprint out;
  out.exact = hash_of(image.pixels);
  const std::vector<float> steps = fields(image, 8, 9);
  for (std::size_t y = 0; y < 8; ++y)
    for (std::size_t x = 0; x < 8; ++x)
      out.difference_hash = out.difference_hash << 1 | (steps[y * 9 + x + 1] > steps[y * 9 + x] ? 1u : 0u);
  const bool bytes = image.pixels.type() == DType::u8;
  set_detail(fields(image, Fingerprint::kSide, Fingerprint::kSide), bytes ? 0.025f : 1e-4f, out.detail);
  return out;
}

bool nearly_same(const Fingerprint& a, const Fingerprint& b) {
  if (std::popcount(a.difference_hash ^ b.difference_hash) > kDuplicateBits) return false;
  double product = 0.0;
  for (std::size_t i = 0; i < a.detail.size(); ++i)
    product += static_cast<double>(a.detail[i]) * static_cast<double>(b.detail[i]);
  return product >= kDuplicateCorrelation;
}

}  // namespace inlay
