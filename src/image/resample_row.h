// The arithmetic of resize(), a row at a time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

namespace inlay {

/// What one output position sums up: weights of the inputs from `first` on.
struct Taps {
  std::int64_t first;
  std::vector<float> weights;

  std::int64_t end() const { return first + static_cast<std::int64_t>(weights.size()); }
};

/// Of all outputs of a side: bilinear, or where it shrinks the share of each input that an output covers.
std::vector<Taps> taps_of(std::int64_t from, std::int64_t to);

/// One row of a resized picture. `rows`: the first row that `down` names, and those after it; a pixel has `channels`
/// values. `sums`: room for such a row.
template <class T>
void resample_row(const T* rows, const Taps& down, std::span<const Taps> along, std::int64_t channels,
                  std::span<float> sums, T* to) {
  std::ranges::fill(sums, 0.0f);
  for (const float weight : down.weights) {
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += weight * static_cast<float>(rows[i]);
    rows += sums.size();
  }
  for (const Taps& x : along)
    for (std::int64_t c = 0; c < channels; ++c) {
      const float* at = sums.data() + x.first * channels + c;
      float sum = 0.0f;
      for (const float weight : x.weights) {
        sum += weight * *at;
        at += channels;
      }
      *to++ = static_cast<T>(std::is_same_v<T, float> ? sum : sum + 0.5f);
    }
}

}  // namespace inlay
