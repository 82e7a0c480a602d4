#include "ops/broadcast.h"

#include "base/fail.h"
#include "inlay/ops.h"
#include "ops/onnx_mapping.h"

namespace inlay {

TensorType broadcast_type(const TensorType& a, const TensorType& b) {
  if (a.dtype != DType::f32 || b.dtype != DType::f32)
    fail_input("a is {}, b is {}, expected f32", to_string(a), to_string(b));
  if (a.shape.rank() != b.shape.rank()) fail_input("a is {}, b is {}: their ranks differ", to_string(a), to_string(b));
  Shape shape = a.shape;
  for (int i = 0; i < shape.rank(); ++i) {
    if (a.shape[i] != b.shape[i] && a.shape[i] != 1 && b.shape[i] != 1)
      fail_input("a is {}, b is {}: {} and {} along axis {} differ and neither is 1", to_string(a), to_string(b),
                 a.shape[i], b.shape[i], i);
    if (shape[i] == 1) shape[i] = b.shape[i];
  }
  return {DType::f32, shape};
}

Value sum_to(Value x, const Shape& shape) {
  std::vector<std::int64_t> axes;
  for (int i = 0; i < shape.rank(); ++i)
    if (x.shape()[i] != shape[i]) axes.push_back(i);
  return axes.empty() ? x : reduce_sum(x, axes);
}

std::vector<std::int64_t> broadcast_index(const Shape& operand, const Shape& result) {
  std::vector<std::int64_t> index(static_cast<std::size_t>(result.elements()));
  for (std::size_t i = 0; i < index.size(); ++i) {
    auto rest = static_cast<std::int64_t>(i);
    std::int64_t stride = 1;
    for (int axis = result.rank() - 1; axis >= 0; --axis) {
      if (operand[axis] != 1) index[i] += rest % result[axis] * stride;
      rest /= result[axis];
      stride *= operand[axis];
    }
  }
  return index;
}

std::pair<Value, Value> broadcast_operands(OnnxImporter& onnx, const OnnxNode& node) {
  Value a = onnx.value(node.inputs.at(0)), b = onnx.value(node.inputs.at(1));
  const int rank = std::max(a.shape().rank(), b.shape().rank());
  const auto widen = [rank](Value x) {
    if (x.shape().rank() == rank) return x;
    std::vector<std::int64_t> extents(static_cast<std::size_t>(rank - x.shape().rank()), 1);
    extents.insert(extents.end(), x.shape().begin(), x.shape().end());
    return reshape(x, Shape(extents));
  };
  return {widen(a), widen(b)};
}

std::optional<double> constant_number(OnnxImporter& onnx, const OnnxNode& node, std::size_t i) {
  const auto numbers = onnx.floats(node.inputs.at(i));
  if (!numbers || numbers->size() != 1) return {};
  return numbers->front();
}

}  // namespace inlay
