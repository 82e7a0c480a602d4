// Between Inlay's tensors and attributes and ONNX's messages.
#pragma once

#include <onnx/onnx_pb.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/attributes.h"
#include "inlay/tensor.h"

namespace inlay {

/// The double with the shortest decimal form that reads as `value`, so that 1e-5f is 1e-5: what the writer of an option
/// meant.
double shortest_decimal(float value);

onnx::TensorProto::DataType onnx_type(DType type);
/// Throws InputError that names `what` for an element type that Inlay does not have.
DType dtype_of(std::string_view what, int onnx_type);

onnx::TensorProto to_proto(std::string_view name, const Tensor& tensor);
onnx::TensorProto to_proto(std::string_view name, const std::vector<std::int64_t>& numbers);

/// float, double (rounded to float), uint8 and int32. Throws InputError when the numbers are elsewhere (external data),
/// too few or of another type.
Tensor tensor_of(const onnx::TensorProto& proto);
/// Shape and element type alone, as tensor_of() would give them.
Shape shape_of(const onnx::TensorProto& proto);
/// The numbers of an int64 or int32 tensor; nothing for another type.
std::optional<std::vector<std::int64_t>> integers_of(const onnx::TensorProto& proto);
/// The numbers of a float or double tensor, a float as its shortest_decimal(); nothing for another type.
std::optional<std::vector<double>> floats_of(const onnx::TensorProto& proto);

onnx::AttributeProto to_proto(std::string_view name, const Attribute& value);
/// A FLOAT becomes its shortest_decimal(). Throws InputError for a kind of attribute
/// that Inlay does not have.
Attribute attribute_of(const onnx::AttributeProto& proto);

}  // namespace inlay
