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

/// Asked before memory is taken for what the file claims. `list`: the typed numbers, which raw bytes stand in for.
template <class T, class List>
std::size_t checked_count(const TensorProto& proto, const List& list) {
  if (proto.data_location() == TensorProto::EXTERNAL)
    fail_input("tensor '{}' is in a separate file (external data); save the model again as one file", proto.name());
  const auto count = static_cast<std::size_t>(shape_of(proto).elements());
  const std::size_t bytes = proto.raw_data().size();
  if (proto.has_raw_data() && (bytes / sizeof(T) != count || bytes % sizeof(T) != 0))
    fail_input("tensor '{}' of shape {} has {} bytes, expected {}: the file is damaged", proto.name(),
               to_string(shape_of(proto)), bytes, count * sizeof(T));
  if (!proto.has_raw_data() && static_cast<std::size_t>(list.size()) != count)
    fail_input("tensor '{}' of shape {} has {} numbers, expected {}: the file is damaged", proto.name(),
               to_string(shape_of(proto)), list.size(), count);
  return count;
}

template <class T, class List>
void copy_numbers(const TensorProto& proto, const List& list, T* to) {
  if (!proto.has_raw_data())
    std::ranges::transform(list, to, [](auto v) { return static_cast<T>(v); });
  else if (!proto.raw_data().empty())
    std::memcpy(to, proto.raw_data().data(), proto.raw_data().size());
}

template <class T, class List>
std::vector<T> numbers(const TensorProto& proto, const List& list) {
  std::vector<T> values(checked_count<T>(proto, list));
  copy_numbers(proto, list, values.data());
  return values;
}

template <class T, class List>
Tensor tensor_from(const TensorProto& proto, const List& list) {
  checked_count<T>(proto, list);
  Tensor tensor(kDType<T>, shape_of(proto));
  copy_numbers(proto, list, tensor.data<T>().data());
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
  proto.mutable_raw_data()->assign(reinterpret_cast<const char*>(tensor.raw()), tensor.bytes());  // one copy, not two
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
  dtype_of(fmt::format("tensor '{}'", proto.name()), proto.data_type());  // throws where Inlay has no such type
  switch (proto.data_type()) {
    case TensorProto::DOUBLE: {
      const auto values = numbers<double>(proto, proto.double_data());
      Tensor tensor(DType::f32, shape_of(proto));
      std::ranges::transform(values, tensor.data<float>().begin(), [](double v) { return static_cast<float>(v); });
      return tensor;
    }
    case TensorProto::UINT8:
      return tensor_from<std::uint8_t>(proto, proto.int32_data());
    case TensorProto::INT32:
      return tensor_from<std::int32_t>(proto, proto.int32_data());
    default:
      return tensor_from<float>(proto, proto.float_data());
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
