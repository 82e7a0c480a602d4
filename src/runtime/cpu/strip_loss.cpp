#include "runtime/cpu/strip_loss.h"

#include "runtime/cpu/exp_log.h"

namespace inlay {

double softmax_strip(ClassStrip& strip, const StripTargets& t) {
  const std::int64_t size = strip.size;
  float largest[ClassStrip::kSize], at_label[ClassStrip::kSize], sum[ClassStrip::kSize] = {};
  std::copy_n(strip.row(0), size, largest);
  for (std::int64_t k = 1; k < strip.classes; ++k) {
    const float* x = strip.row(k);
    for (std::int64_t i = 0; i < size; ++i) largest[i] = x[i] > largest[i] ? x[i] : largest[i];
  }
  for (std::int64_t i = 0; i < size; ++i) at_label[i] = t.weights[i] == 0 ? 0 : strip.row(t.labels[i])[i];
  for (std::int64_t k = 0; k < strip.classes; ++k) {
    float* x = strip.row(k);
    for (std::int64_t i = 0; i < size; ++i) {
      x[i] = exp_f32(x[i] - largest[i]);
      sum[i] += x[i];
    }
  }
  float losses[ClassStrip::kSize], scale[ClassStrip::kSize];
  for (std::int64_t i = 0; i < size; ++i) {
    losses[i] = largest[i] + log_f32(sum[i]) - at_label[i];
    scale[i] = t.factor * t.weights[i] / sum[i];
  }
  for (std::int64_t k = 0; k < strip.classes; ++k) {
    float* x = strip.row(k);
    for (std::int64_t i = 0; i < size; ++i) x[i] *= scale[i];
  }
  double loss = 0;
  for (std::int64_t i = 0; i < size; ++i) {
    if (t.weights[i] == 0) continue;
    strip.row(t.labels[i])[i] -= t.factor * t.weights[i];
    loss += t.weights[i] * losses[i];
  }
  return loss;
}

double sigmoid_strip(ClassStrip& strip, const StripTargets& t) {
  float* x = strip.row(0);
  float losses[ClassStrip::kSize];
  for (std::int64_t i = 0; i < strip.size; ++i) {
    const float label = t.labels[i] == 1 ? 1.0f : 0.0f;
    const float e = exp_f32(x[i] < 0 ? x[i] : -x[i]);
    losses[i] = (x[i] > 0 ? x[i] : 0.0f) + log_f32(1.0f + e) - label * x[i];
    x[i] = t.factor * t.weights[i] * ((x[i] < 0 ? e : 1.0f) / (1.0f + e) - label);
  }
  double loss = 0;
  for (std::int64_t i = 0; i < strip.size; ++i)
    if (t.weights[i] != 0) loss += t.weights[i] * losses[i];
  for (std::int64_t i = 0; i < strip.size; ++i)
    if (t.weights[i] == 0) x[i] = 0;
  return loss;
}

float sum_weights(const ClassStrips& strips, const PixelWeights& weights, ChunkLoss* chunks) {
  strips.for_each([&](const ClassStrips::Place& place) {
    double sum = 0;
    for (std::int64_t i = 0; i < place.size; ++i) sum += weights(place.pixel + i);
    chunks[place.index] = {0, sum};
  });
  float total = 0;
  write_mean(chunks, strips.count(), nullptr, &total);
  return total;
}

}  // namespace inlay
