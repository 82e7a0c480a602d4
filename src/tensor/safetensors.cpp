#include "tensor/safetensors.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/fail.h"
#include "base/files.h"
#include "tensor/safetensors_header.h"

namespace inlay {
namespace {

using nlohmann::json;

std::string_view format_name(DType type) {
  switch (type) {
    case DType::f32:
      return "F32";
    case DType::u8:
      return "U8";
    case DType::i32:
      return "I32";
  }
  throw std::logic_error("unknown DType");
}

DType parse_format_name(const SafetensorsEntry& entry) {
  for (DType type : {DType::f32, DType::u8, DType::i32})
    if (entry.type == format_name(type)) return type;
  fail_input("tensor '{}' has elements of type '{}', expected F32, U8 or I32", entry.name, entry.type);
}

}  // namespace

std::string to_safetensors(const TensorFile& file) {
  std::vector<std::pair<std::string, Tensor>> order(file.tensors.begin(), file.tensors.end());
  std::ranges::stable_sort(order, std::greater{}, [](const auto& entry) { return size_of(entry.second.type()); });
  json header = json::object();
  if (!file.metadata.empty()) header[kSafetensorsMetadata] = file.metadata;
  std::size_t at = 0;
  for (const auto& [name, tensor] : order) {
    if (name == kSafetensorsMetadata) fail_input("a tensor cannot be named '{}'", kSafetensorsMetadata);
    const Shape& shape = tensor.shape();
    header[name] = {{"dtype", format_name(tensor.type())},
                    {"shape", std::vector<std::int64_t>(shape.begin(), shape.end())},
                    {"data_offsets", {at, at + tensor.bytes()}}};
    at += tensor.bytes();
  }
  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);  // JSON holds UTF-8 only
  text.resize((text.size() + kSafetensorsLengthBytes - 1) / kSafetensorsLengthBytes * kSafetensorsLengthBytes, ' ');

  std::string bytes(kSafetensorsLengthBytes, '\0');
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, kSafetensorsLengthBytes);
  bytes.reserve(kSafetensorsLengthBytes + text.size() + at);
  bytes += text;
  for (const auto& [name, tensor] : order) bytes.append(reinterpret_cast<const char*>(tensor.raw()), tensor.bytes());
  return bytes;
}

TensorFile parse_safetensors(std::string_view bytes) {
  SafetensorsHeader header = parse_safetensors_header(bytes);
  TensorFile file{{}, std::move(header.metadata)};
  for (const SafetensorsEntry& entry : header.entries) {
    Tensor tensor(parse_format_name(entry), entry.shape);
    std::memcpy(tensor.raw(), header.data.data() + entry.begin, tensor.bytes());
    file.tensors.emplace(entry.name, std::move(tensor));
  }
  return file;
}

void write_safetensors(const std::filesystem::path& path, const TensorFile& file) {
  write_file(path, to_safetensors(file));
}

TensorFile read_safetensors(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  try {
    return parse_safetensors(bytes);
  } catch (const InputError& error) {
    fail_input("'{}': {}", path.string(), error.what());
  }
}

}  // namespace inlay
