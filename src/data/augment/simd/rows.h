// The loops over pixels that training samples go through, for the vectors of this processor.
#pragma once

#include <cstdint>
#include <span>

namespace inlay::simd {

/// What a patch is cut from. Pictures are (height, width, channels), of bytes or of floats.
struct Source {
  const std::uint8_t* bytes = nullptr;
  const float* floats = nullptr;  // where `bytes` is null
  const std::uint8_t* labels = nullptr;
  std::int64_t height = 0, width = 0, channels = 0;
};

/// One row of a patch: pixel i lies at (row + rows[i], column + columns[i]) of the source, reflected at its border.
struct RowPositions {
  std::int64_t row = 0, column = 0;
  std::span<const float> rows, columns;
};

/// Pixel `first` of every plane and of the labels is the row's first.
struct RowTarget {
  std::span<float* const> planes;
  std::uint8_t* labels;
  std::int64_t first;
};

/// The picture bilinearly, bytes divided by 255; the labels from the nearest pixel. Whole positions copy exactly.
void resample_row(const Source& source, const RowPositions& positions, const RowTarget& target);

/// `count` pixels of the picture from (row, column) on, all inside, bytes divided by 255; the labels beside them.
void copy_row(const Source& source, std::int64_t row, std::int64_t column, std::int64_t count, const RowTarget& target);

/// value * scale + offset.
void scale_plane(std::span<float> values, float scale, float offset);

/// What light does to a plane: v = clamp(value * scale + offset), v^exponent, noise with that standard deviation,
/// clamp; the result is low + range * v. Clamped to 0..1.
struct Light {
  float scale = 1.0f, offset = 0.0f;
  float exponent = 1.0f;
  float noise = 0.0f;
  float low = 0.0f, range = 1.0f;
};

/// The noise of value i depends on key and i alone.
void light_plane(std::span<float> values, const Light& light, std::uint64_t key);

struct Extent {
  float least = 0.0f, most = 0.0f;
  double sum = 0.0;
};
/// At least one value.
Extent measure_plane(std::span<const float> values);

}  // namespace inlay::simd
