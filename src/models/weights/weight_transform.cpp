#include "models/weights/weight_transform.h"

#include <algorithm>

#include "base/fail.h"

namespace inlay {
namespace {

std::int64_t product(const Shape& shape, int from) {
  std::int64_t count = 1;
  for (int axis = from; axis < shape.rank(); ++axis) count *= shape[axis];
  return count;
}

/// Reverses each run of `size` elements.
void reverse_runs(std::span<float> numbers, std::int64_t size) {
  for (std::size_t at = 0, step = static_cast<std::size_t>(size); at < numbers.size(); at += step)
    std::ranges::reverse(numbers.subspan(at, step));
}

Tensor flip(const Tensor& tensor) {
  Tensor out = tensor.clone();
  reverse_runs(out.data<float>(), product(out.shape(), 2));
  return out;
}

Tensor reverse_inputs(const Tensor& tensor) {
  Tensor out = tensor.clone();
  reverse_runs(out.data<float>(), product(out.shape(), 1));  // all that belongs to one output,
  reverse_runs(out.data<float>(), product(out.shape(), 2));  // and the window of each input back
  return out;
}

Tensor transpose(const Tensor& tensor) {
  Shape shape = tensor.shape();
  std::swap(shape[0], shape[1]);
  Tensor out(DType::f32, shape);
  const std::int64_t window = product(shape, 2);
  const float* from = tensor.data<float>().data();
  for (std::int64_t i = 0; i < shape[1]; ++i)
    for (std::int64_t j = 0; j < shape[0]; ++j, from += window)
      std::copy_n(from, window, out.data<float>().data() + (j * shape[1] + i) * window);
  return out;
}

}  // namespace

Tensor transformed(const Tensor& tensor, std::span<const WeightTransform> transforms, const Shape& wanted) {
  Tensor out = tensor;
  for (const WeightTransform transform : transforms) {
    const int axes = transform == WeightTransform::flip ? 4 : transform == WeightTransform::reshape ? 0 : 2;
    if (out.shape().rank() < axes)
      fail_input("{} needs {} axes", enum_names(transform)[static_cast<std::size_t>(transform)], axes);
    switch (transform) {
      case WeightTransform::flip:
        out = flip(out);
        break;
      case WeightTransform::transpose:
        out = transpose(out);
        break;
      case WeightTransform::reverse_inputs:
        out = reverse_inputs(out);
        break;
      case WeightTransform::reshape:
        out = out.reshaped(wanted);
        break;
    }
  }
  return out;
}

}  // namespace inlay
