#include "infer/samples.h"

#include <algorithm>
#include <cmath>

#include "infer/logits.h"

namespace inlay {

void SampleSum::add(const Tensor& probabilities) {
  const std::span<const float> values = probabilities.data<float>();
  if (count_++ == 0) {
    shape_ = probabilities.shape();
    sum_.assign(values.size(), 0);
    squares_.assign(values.size(), 0);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const double value = static_cast<double>(values[i]);
    sum_[i] += value;
    squares_[i] += value * value;
  }
}

// Probabilities lie in 0..1 and are summed in double: what the difference of squares loses is below float's precision.
SampledProbabilities SampleSum::result() const {
  SampledProbabilities result{Tensor(DType::f32, shape_), Tensor(DType::f32, shape_)};
  for (std::size_t i = 0; i < sum_.size(); ++i) {
    const double mean = sum_[i] / count_;
    result.mean.data<float>()[i] = static_cast<float>(mean);
    result.variance.data<float>()[i] = static_cast<float>(std::max(squares_[i] / count_ - mean * mean, 0.0));
  }
  return result;
}

Mask most_likely(const SampledProbabilities& sampled) { return most_probable(sampled.mean); }

Image uncertainty(const SampledProbabilities& sampled) {
  const Shape& shape = sampled.variance.shape();
  const double times = shape[0] == 1 ? 2 : 1;
  Image picture{Tensor(DType::f32, {shape[1], shape[2], 1})};
  const std::span<float> pixels = picture.pixels.data<float>();
  const std::span<const float> variance = sampled.variance.data<float>();
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < variance.size(); c += pixels.size()) sum += static_cast<double>(variance[c + i]);
    pixels[i] = static_cast<float>(std::sqrt(times * sum));
  }
  return picture;
}

}  // namespace inlay
