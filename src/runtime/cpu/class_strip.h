// A picture of any layout as strips of neighbouring pixels, brought into the nearest cache class by class: for kernels
// that look along the classes of each pixel, with inner loops over the pixels.
#pragma once

#include <algorithm>

#include "base/threads.h"
#include "runtime/cpu/kernel.h"
#include "runtime/cpu/vector8.h"

namespace inlay {

/// The values of a strip, one row a class.
struct ClassStrip {
  static constexpr std::int64_t kSize = 64, kMostClasses = 256;

  float* row(std::int64_t k) { return values + k * kSize; }
  const float* row(std::int64_t k) const { return values + k * kSize; }

  std::int64_t classes = 0, size = 0;
  alignas(64) float values[kMostClasses * kSize];
};

struct ClassStrips {
  /// At most ClassStrip::kMostClasses channels.
  explicit ClassStrips(const Buffer& buffer)
      : block(buffer.block),
        images(buffer.type.shape[0]),
        classes(buffer.type.shape[1]),
        plane(buffer.type.shape[2] * buffer.type.shape[3]),
        per_image((plane + ClassStrip::kSize - 1) / ClassStrip::kSize) {}

  struct Place {
    std::int64_t index;  // of all strips
    std::int64_t pixel;  // the first one's place in (N, H, W)
    std::int64_t value;  // its first block's place in memory
    std::int64_t size;
  };

  std::int64_t count() const { return images * per_image; }

  Place place(std::int64_t index) const {
    const std::int64_t image = index / per_image, first = index % per_image * ClassStrip::kSize;
    return {index, image * plane + first, image * padded_channels(classes, block) * plane + first * block,
            std::min(ClassStrip::kSize, plane - first)};
  }

  template <class Body>
  void for_each(const Body& body) const {
    parallel_ranges(
        count(),
        [&](std::int64_t begin, std::int64_t end) {
          for (std::int64_t i = begin; i < end; ++i) body(place(i));
        },
        images * classes * plane);
  }

  void load(const float* from, const Place& place, ClassStrip& strip) const {
    strip.classes = classes;
    strip.size = place.size;
    load(from, place, strip.values);
  }

  /// To rows of kSize.
  void load(const float* from, const Place& place, float* rows) const {
    with_block(block, [&]<int B>() {
      for_each_part<B>(
          place,
          [=, this](std::int64_t k, std::int64_t i) {
            transpose8x8(from + at<B>(place, k) + i * B, B, rows + k * ClassStrip::kSize + i, ClassStrip::kSize);
          },
          [=, this](std::int64_t k, std::int64_t i) {
            rows[k * ClassStrip::kSize + i] = from[at<B>(place, k) + i * B];
          });
    });
  }

  /// The channels that pad the last block become zeros.
  void store(const ClassStrip& strip, const Place& place, float* to) const { store(strip.values, place, to); }

  void store(const float* rows, const Place& place, float* to) const {
    with_block(block, [&]<int B>() {
      const std::int64_t last = (classes - 1) / B * B;
      if (classes % B != 0) std::fill_n(to + place.value + last * plane, place.size * B, 0.0f);
      for_each_part<B>(
          place,
          [=, this](std::int64_t k, std::int64_t i) {
            transpose8x8(rows + k * ClassStrip::kSize + i, ClassStrip::kSize, to + at<B>(place, k) + i * B, B);
          },
          [=, this](std::int64_t k, std::int64_t i) { to[at<B>(place, k) + i * B] = rows[k * ClassStrip::kSize + i]; });
    });
  }

  int block;
  std::int64_t images, classes, plane, per_image;

 private:
  /// Where a strip's first value of a class lies in memory.
  template <int B>
  std::int64_t at(const Place& place, std::int64_t k) const {
    return place.value + k / B * B * plane + k % B;
  }

  /// Calls eight(k, i) for 8 classes and 8 pixels from these on, one(k, i) for what is left.
  template <int B, class Eight, class One>
  void for_each_part(const Place& place, const Eight& eight, const One& one) const {
    const std::int64_t pixels = place.size / kVector8 * kVector8, whole = B == 1 ? 0 : classes / kVector8 * kVector8;
    for (std::int64_t k = 0; k < whole; k += kVector8)
      for (std::int64_t i = 0; i < pixels; i += kVector8) eight(k, i);
    for (std::int64_t k = 0; k < classes; ++k)
      for (std::int64_t i = k < whole ? pixels : 0; i < place.size; ++i) one(k, i);
  }
};

}  // namespace inlay
