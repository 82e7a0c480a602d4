#include "tensor/weight_file.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>

#include "base/fail.h"
#include "base/files.h"
#include "tensor/safetensors_header.h"

namespace inlay {
namespace {

/// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits.
float from_half(std::uint16_t bits) {
  const float sign = (bits & 0x8000) != 0 ? -1.0f : 1.0f;
  const int exponent = bits >> 10 & 31;
  const auto fraction = static_cast<float>(bits & 1023);
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  if (exponent < 31) return sign * std::ldexp(1024 + fraction, exponent - 25);
  return fraction == 0 ? sign * std::numeric_limits<float>::infinity() : std::numeric_limits<float>::quiet_NaN();
}

/// The upper half of a float.
float from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

template <class Stored, class Convert>
Tensor converted(const SafetensorsEntry& entry, std::string_view data, Convert convert) {
  Tensor tensor(DType::f32, entry.shape);
  const char* from = data.data() + entry.begin;  // not aligned
  for (float& number : tensor.data<float>()) {
    Stored stored;
    std::memcpy(&stored, from, sizeof(Stored));
    number = convert(stored);
    from += sizeof(Stored);
  }
  return tensor;
}

Tensor numbers_of(const SafetensorsEntry& entry, std::string_view data) {
  if (entry.type == "F32") return converted<float>(entry, data, [](float stored) { return stored; });
  if (entry.type == "F16") return converted<std::uint16_t>(entry, data, from_half);
  if (entry.type == "BF16") return converted<std::uint16_t>(entry, data, from_bfloat16);
  if (entry.type != "F64") return {};
  return converted<double>(entry, data, [&](double stored) {
    if (std::isfinite(stored) && std::abs(stored) > static_cast<double>(std::numeric_limits<float>::max()))
      fail_input("tensor '{}' holds the number {}, too large for 32 bits", entry.name, stored);
    return static_cast<float>(stored);
  });
}

}  // namespace

WeightFile parse_weight_file(std::string_view bytes) {
  const SafetensorsHeader header = parse_safetensors_header(bytes);
  WeightFile file;
  for (const SafetensorsEntry& entry : header.entries)
    file.emplace(entry.name, WeightTensor{entry.type, entry.shape, numbers_of(entry, header.data)});
  return file;
}

WeightFile read_weight_file(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  try {
    return parse_weight_file(bytes);
  } catch (const InputError& error) {
    fail_input("'{}': {}", path.string(), error.what());
  }
}

}  // namespace inlay
