#include "infer/logits.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/fail.h"
#include "base/threads.h"
#include "inlay/segment.h"

namespace inlay {
namespace {

template <class RowBody>
void for_rows(const LogitsView& logits, RowBody&& body) {
  parallel_ranges(
      logits.height,
      [&](std::int64_t begin, std::int64_t end) {
        std::vector<float> work(static_cast<std::size_t>(logits.width));
        for (std::int64_t y = begin; y < end; ++y) body(y, work.data());
      },
      logits.channels * logits.height * logits.width);
}

void label_row(const LogitsView& logits, std::int64_t y, float* best, std::uint8_t* labels) {
  const float* first = logits.row(0, y);
  if (logits.channels == 1) {
    for (std::int64_t x = 0; x < logits.width; ++x) labels[x] = first[x] > 0 ? 1 : 0;
    return;
  }
  std::copy_n(first, logits.width, best);
  std::fill_n(labels, logits.width, std::uint8_t{0});
  for (std::int64_t c = 1; c < logits.channels; ++c) {
    const float* row = logits.row(c, y);
    for (std::int64_t x = 0; x < logits.width; ++x) {
      const bool better = row[x] > best[x];
      best[x] = better ? row[x] : best[x];
      labels[x] = better ? static_cast<std::uint8_t>(c) : labels[x];
    }
  }
}

// In place, on a tensor (K, H, W).
void softmax_row(std::span<float> values, const LogitsView& logits, std::int64_t y, float* work) {
  const auto row = [&](std::int64_t c) { return values.data() + (c * logits.height + y) * logits.width; };
  std::copy_n(row(0), logits.width, work);
  for (std::int64_t c = 1; c < logits.channels; ++c)
    for (std::int64_t x = 0; x < logits.width; ++x) work[x] = std::max(work[x], row(c)[x]);
  for (std::int64_t c = 0; c < logits.channels; ++c)
    for (std::int64_t x = 0; x < logits.width; ++x) row(c)[x] = std::exp(row(c)[x] - work[x]);
  std::fill_n(work, logits.width, 0.0f);
  for (std::int64_t c = 0; c < logits.channels; ++c)
    for (std::int64_t x = 0; x < logits.width; ++x) work[x] += row(c)[x];
  for (std::int64_t c = 0; c < logits.channels; ++c)
    for (std::int64_t x = 0; x < logits.width; ++x) row(c)[x] /= work[x];
}

}  // namespace

LogitsView view_of(const Tensor& pictures, std::int64_t index, std::int64_t height, std::int64_t width) {
  const Shape& shape = pictures.shape();
  return {pictures.data<float>().data() + index * shape[1] * shape[2] * shape[3],
          shape[1],
          shape[2],
          shape[3],
          height,
          width};
}

Mask most_likely(const LogitsView& logits) {
  if (logits.channels > kIgnore) fail_input("a mask holds at most 255 classes, the model has {}", logits.channels);
  Mask mask{Tensor(DType::u8, {logits.height, logits.width})};
  std::uint8_t* labels = mask.labels.data<std::uint8_t>().data();
  for_rows(logits, [&](std::int64_t y, float* work) { label_row(logits, y, work, labels + y * logits.width); });
  return mask;
}

Tensor copy_logits(const LogitsView& logits) {
  Tensor copy(DType::f32, {logits.channels, logits.height, logits.width});
  float* to = copy.data<float>().data();
  for (std::int64_t c = 0; c < logits.channels; ++c)
    for (std::int64_t y = 0; y < logits.height; ++y, to += logits.width)
      std::copy_n(logits.row(c, y), logits.width, to);
  return copy;
}

Tensor copy_probabilities(const LogitsView& logits) {
  Tensor copy = copy_logits(logits);
  const std::span<float> values = copy.data<float>();
  if (logits.channels == 1) {
    for (float& value : values) value = 1 / (1 + std::exp(-value));
  } else {
    for_rows(logits, [&](std::int64_t y, float* work) { softmax_row(values, logits, y, work); });
  }
  return copy;
}

Mask most_probable(const Tensor& probabilities) {
  if (probabilities.shape()[0] > 1) return most_likely(probabilities);
  Tensor above = probabilities.clone();
  for (float& value : above.data<float>()) value -= 0.5f;
  return most_likely(above);
}

Tensor log_probabilities(Tensor probabilities) {
  constexpr float kLeast = 1e-30f;
  const bool one = probabilities.shape()[0] == 1;
  for (float& p : probabilities.data<float>())
    p = std::log(std::max(p, kLeast)) - (one ? std::log(std::max(1 - p, kLeast)) : 0.0f);
  return probabilities;
}

Mask most_likely(const Tensor& logits) {
  if (logits.shape().rank() != 3) fail_input("logits of shape {}: expected (K, H, W)", to_string(logits.shape()));
  const Shape& shape = logits.shape();
  return most_likely(LogitsView{logits.data<float>().data(), shape[0], shape[1], shape[2], shape[1], shape[2]});
}

}  // namespace inlay
