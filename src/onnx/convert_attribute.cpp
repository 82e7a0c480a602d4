#include <array>
#include <charconv>
#include <cmath>

#include "base/fail.h"
#include "onnx/convert.h"

namespace inlay {
namespace {

using onnx::AttributeProto;

template <class... F>
struct Overload : F... {
  using F::operator()...;
};

}  // namespace

double shortest_decimal(float value) {
  if (!std::isfinite(value)) return value;
  std::array<char, 32> text{};
  const auto written = std::to_chars(text.data(), text.data() + text.size(), value);
  double result = 0;
  std::from_chars(text.data(), written.ptr, result);
  return result;
}

AttributeProto to_proto(std::string_view name, const Attribute& value) {
  AttributeProto proto;
  proto.set_name(std::string(name));
  const auto set_integer = [&](std::int64_t v) {
    proto.set_type(AttributeProto::INT);
    proto.set_i(v);
  };
  std::visit(Overload{
                 [&](bool v) { set_integer(v ? 1 : 0); },
                 [&](std::int64_t v) { set_integer(v); },
                 [&](double v) {
                   proto.set_type(AttributeProto::FLOAT);
                   proto.set_f(static_cast<float>(v));
                 },
                 [&](const std::string& v) {
                   proto.set_type(AttributeProto::STRING);
                   proto.set_s(v);
                 },
                 [&](const std::vector<std::int64_t>& v) {
                   proto.set_type(AttributeProto::INTS);
                   for (std::int64_t number : v) proto.add_ints(number);
                 },
                 [&](const std::vector<double>& v) {
                   proto.set_type(AttributeProto::FLOATS);
                   for (double number : v) proto.add_floats(static_cast<float>(number));
                 },
             },
             value);
  return proto;
}

Attribute attribute_of(const AttributeProto& proto) {
  switch (proto.type()) {
    case AttributeProto::INT:
      return proto.i();
    case AttributeProto::FLOAT:
      return shortest_decimal(proto.f());
    case AttributeProto::STRING:
      return proto.s();
    case AttributeProto::INTS:
      return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
    case AttributeProto::FLOATS: {
      std::vector<double> numbers;
      for (float number : proto.floats()) numbers.push_back(shortest_decimal(number));
      return numbers;
    }
    default:
      fail_input("the attribute '{}' is of kind {}, which Inlay does not read", proto.name(),
                 AttributeProto::AttributeType_Name(proto.type()));
  }
}

}  // namespace inlay
