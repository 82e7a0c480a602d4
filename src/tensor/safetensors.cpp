#include "tensor/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>
#include <vector>

#include "base/fail.h"
#include "base/files.h"

namespace inlay {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "numbers are copied to and from files as they lie in memory");

constexpr std::size_t kLengthBytes = sizeof(std::uint64_t);
constexpr std::string_view kMetadata = "__metadata__";

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

DType parse_format_name(std::string_view tensor, std::string_view text) {
  for (DType type : {DType::f32, DType::u8, DType::i32})
    if (text == format_name(type)) return type;
  fail_input("tensor '{}' has elements of type '{}', expected F32, U8 or I32", tensor, text);
}

struct Entry {
  std::string name;
  DType type;
  Shape shape;
  std::uint64_t begin, end;
};

/// A whole number >= 0.
std::uint64_t count_of(std::string_view tensor, const json& value) {
  if (!value.is_number_unsigned()) fail_input("tensor '{}': {} is no size or offset", tensor, value.dump());
  return value.get<std::uint64_t>();
}

const json& member(std::string_view tensor, const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) fail_input("tensor '{}' has no '{}'", tensor, key);
  return *found;
}

Shape parse_extents(std::string_view tensor, const json& list) {
  if (!list.is_array()) fail_input("tensor '{}': the shape is no list", tensor);
  std::vector<std::int64_t> extents;
  for (const json& extent : list) {
    const std::uint64_t count = count_of(tensor, extent);
    if (count > INT64_MAX) fail_input("tensor '{}': the extent {} is too large", tensor, count);
    extents.push_back(static_cast<std::int64_t>(count));
  }
  return Shape(extents);
}

Entry parse_entry(const std::string& name, const json& value) {
  if (!value.is_object() || value.size() != 3)
    fail_input("tensor '{}' is not described by dtype, shape and data_offsets", name);
  const json& dtype = member(name, value, "dtype");
  if (!dtype.is_string()) fail_input("tensor '{}': the dtype is no text", name);
  const json& offsets = member(name, value, "data_offsets");
  if (!offsets.is_array() || offsets.size() != 2) fail_input("tensor '{}': data_offsets are not two numbers", name);
  Entry entry{name, parse_format_name(name, dtype.get<std::string>()),
              parse_extents(name, member(name, value, "shape")), count_of(name, offsets[0]),
              count_of(name, offsets[1])};
  const auto elements = static_cast<std::uint64_t>(entry.shape.elements());
  if (entry.end < entry.begin || (entry.end - entry.begin) / size_of(entry.type) != elements ||
      (entry.end - entry.begin) % size_of(entry.type) != 0)
    fail_input("tensor '{}' is {} {} but has the bytes {} to {}", name, to_string(entry.type), to_string(entry.shape),
               entry.begin, entry.end);
  return entry;
}

json parse_header(std::string_view text) {
  try {
    json header = json::parse(text);
    if (!header.is_object()) fail_input("the header is no JSON object");
    return header;
  } catch (const json::exception&) {
    fail_input("the header is no JSON: the file is damaged, or no safetensors file");
  }
}

void parse_metadata(const json& value, std::map<std::string, std::string>& metadata) {
  if (!value.is_object()) fail_input("'{}' is no JSON object", kMetadata);
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) fail_input("'{}': the value of '{}' is no text", kMetadata, key);
    metadata.emplace(key, text.get<std::string>());
  }
}

/// The format wants the tensors to cover all bytes, each once.
void check_layout(std::vector<Entry>& entries, std::size_t size) {
  std::ranges::sort(entries, {}, [](const Entry& entry) { return std::pair(entry.begin, entry.end); });
  std::uint64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at)
      fail_input("tensor '{}' starts at byte {}, expected {}: tensors overlap or leave a gap", entry.name, entry.begin,
                 at);
    at = entry.end;
  }
  if (at != size) fail_input("the tensors take {} bytes, the file has {}: it was cut off or is damaged", at, size);
}

}  // namespace

std::string to_safetensors(const TensorFile& file) {
  std::vector<std::pair<std::string, Tensor>> order(file.tensors.begin(), file.tensors.end());
  std::ranges::stable_sort(order, std::greater{}, [](const auto& entry) { return size_of(entry.second.type()); });
  json header = json::object();
  if (!file.metadata.empty()) header[kMetadata] = file.metadata;
  std::size_t at = 0;
  for (const auto& [name, tensor] : order) {
    if (name == kMetadata) fail_input("a tensor cannot be named '{}'", kMetadata);
    const Shape& shape = tensor.shape();
    header[name] = {{"dtype", format_name(tensor.type())},
                    {"shape", std::vector<std::int64_t>(shape.begin(), shape.end())},
                    {"data_offsets", {at, at + tensor.bytes()}}};
    at += tensor.bytes();
  }
  std::string text = header.dump(-1, ' ', false, json::error_handler_t::replace);  // JSON holds UTF-8 only
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');

  std::string bytes(kLengthBytes, '\0');
  const std::uint64_t length = text.size();
  std::memcpy(bytes.data(), &length, kLengthBytes);
  bytes.reserve(kLengthBytes + text.size() + at);
  bytes += text;
  for (const auto& [name, tensor] : order) bytes.append(reinterpret_cast<const char*>(tensor.raw()), tensor.bytes());
  return bytes;
}

TensorFile parse_safetensors(std::string_view bytes) {
  if (bytes.size() < kLengthBytes) fail_input("it has {} bytes, too few for a safetensors file", bytes.size());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  bytes.remove_prefix(kLengthBytes);
  if (length > bytes.size())
    fail_input("the header should have {} bytes, {} follow: it was cut off or is no safetensors file", length,
               bytes.size());
  const json header = parse_header(bytes.substr(0, length));
  bytes.remove_prefix(length);

  TensorFile file;
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name == kMetadata)
      parse_metadata(value, file.metadata);
    else
      entries.push_back(parse_entry(name, value));
  }
  check_layout(entries, bytes.size());
  for (const Entry& entry : entries) {
    Tensor tensor(entry.type, entry.shape);
    std::memcpy(tensor.raw(), bytes.data() + entry.begin, tensor.bytes());
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
