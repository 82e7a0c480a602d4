#include <algorithm>
#include <bit>
#include <cstring>

#include "base/fail.h"
#include "onnx/convert.h"

namespace inlay {
namespace {

static_assert(std::endian::native == std::endian::little, "ONNX's raw data are little-endian");

using onnx::TensorProto;

std::string type_name(int type) {
  return TensorProto::DataType_IsValid(type) ? TensorProto::DataType_Name(static_cast<TensorProto::DataType>(type))
                                             : std::to_string(type);
}

/// The numbers as T, from the raw bytes or else from the typed list.
template <class T, class List>
std::vector<T> numbers(const TensorProto& proto, const List& list) {
  if (proto.data_location() == TensorProto::EXTERNAL)
    fail_input("tensor '{}' is in a separate file (external data); save the model again as one file", proto.name());
  const auto count = static_cast<std::size_t>(shape_of(proto).elements());
  if (proto.has_raw_data()) {
    const std::string& raw = proto.raw_data();
    if (raw.size() / sizeof(T) != count || raw.size() % sizeof(T) != 0)
      fail_input("tensor '{}' of shape {} has {} bytes, expected {}: the file is damaged", proto.name(),
                 to_string(shape_of(proto)), raw.size(), count * sizeof(T));
    std::vector<T> values(count);
    if (count > 0) std::memcpy(values.data(), raw.data(), raw.size());
    return values;
  }
  if (static_cast<std::size_t>(list.size()) != count)
    fail_input("tensor '{}' of shape {} has {} numbers, expected {}: the file is damaged", proto.name(),
               to_string(shape_of(proto)), list.size(), count);
  std::vector<T> values(count);
  std::ranges::transform(list, values.begin(), [](auto v) { return static_cast<T>(v); });
  return values;
}

template <class T>
Tensor filled(const Shape& shape, const std::vector<T>& values, DType type) {
  Tensor tensor(type, shape);
  std::memcpy(tensor.raw(), values.data(), tensor.bytes());
  return tensor;
}

}  // namespace

TensorProto::DataType onnx_type(DType type) {
  switch (type) {
    case DType::f32:
      return TensorProto::FLOAT;
    case DType::u8:
      return TensorProto::UINT8;
    case DType::i32:
      return TensorProto::INT32;
  }
  throw std::logic_error("unknown DType");
}

DType dtype_of(std::string_view what, int type) {
  switch (type) {
    case TensorProto::FLOAT:
    case TensorProto::DOUBLE:
      return DType::f32;
    case TensorProto::UINT8:
      return DType::u8;
    case TensorProto::INT32:
      return DType::i32;
    default:
      fail_input("{} has elements of type {}, expected FLOAT, UINT8 or INT32", what, type_name(type));
  }
}

TensorProto to_proto(std::string_view name, const Tensor& tensor) {
  TensorProto proto;
  proto.set_name(std::string(name));
  proto.set_data_type(onnx_type(tensor.type()));
  for (std::int64_t extent : tensor.shape()) proto.add_dims(extent);
  proto.set_raw_data(tensor.raw(), tensor.bytes());
  return proto;
}

TensorProto to_proto(std::string_view name, const std::vector<std::int64_t>& values) {
  TensorProto proto;
  proto.set_name(std::string(name));
  proto.set_data_type(TensorProto::INT64);
  proto.add_dims(static_cast<std::int64_t>(values.size()));
  proto.set_raw_data(values.data(), values.size() * sizeof(std::int64_t));
  return proto;
}

Shape shape_of(const TensorProto& proto) {
  return Shape(std::vector<std::int64_t>(proto.dims().begin(), proto.dims().end()));
}

Tensor tensor_of(const TensorProto& proto) {
  const DType type = dtype_of(fmt::format("tensor '{}'", proto.name()), proto.data_type());
  const Shape shape = shape_of(proto);
  switch (proto.data_type()) {
    case TensorProto::DOUBLE: {
      const auto values = numbers<double>(proto, proto.double_data());
      return filled(shape, std::vector<float>(values.begin(), values.end()), type);
    }
    case TensorProto::UINT8:
      return filled(shape, numbers<std::uint8_t>(proto, proto.int32_data()), type);
    case TensorProto::INT32:
      return filled(shape, numbers<std::int32_t>(proto, proto.int32_data()), type);
    default:
      return filled(shape, numbers<float>(proto, proto.float_data()), type);
  }
}

std::optional<std::vector<std::int64_t>> integers_of(const TensorProto& proto) {
  if (proto.data_type() == TensorProto::INT64) return numbers<std::int64_t>(proto, proto.int64_data());
  if (proto.data_type() != TensorProto::INT32) return std::nullopt;
  const auto values = numbers<std::int32_t>(proto, proto.int32_data());
  return std::vector<std::int64_t>(values.begin(), values.end());
}

std::optional<std::vector<double>> floats_of(const TensorProto& proto) {
  if (proto.data_type() == TensorProto::DOUBLE) return numbers<double>(proto, proto.double_data());
  if (proto.data_type() != TensorProto::FLOAT) return std::nullopt;
  std::vector<double> values;
  for (float value : numbers<float>(proto, proto.float_data())) values.push_back(shortest_decimal(value));
  return values;
}

}  // namespace inlay
