#include "tensor/safetensors_header.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/fail.h"

namespace inlay {
namespace {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "numbers are copied to and from files as they lie in memory");

constexpr std::size_t kLongestHeader = 100'000'000, kLongestName = 1000;

struct ElementType {
  std::string_view name;
  std::uint64_t bytes;
};
constexpr std::array kElementTypes{ElementType{"F64", 8},     ElementType{"F32", 4},     ElementType{"F16", 2},
                                   ElementType{"BF16", 2},    ElementType{"I64", 8},     ElementType{"I32", 4},
                                   ElementType{"I16", 2},     ElementType{"I8", 1},      ElementType{"U64", 8},
                                   ElementType{"U32", 4},     ElementType{"U16", 2},     ElementType{"U8", 1},
                                   ElementType{"C64", 8},     ElementType{"F8_E4M3", 1}, ElementType{"F8_E5M2", 1},
                                   ElementType{"F8_E8M0", 1}, ElementType{"BOOL", 1}};

std::uint64_t bytes_of(std::string_view tensor, std::string_view type) {
  const auto found = std::ranges::find(kElementTypes, type, &ElementType::name);
  if (found != kElementTypes.end()) return found->bytes;
  std::vector<std::string_view> names;
  for (const ElementType& known : kElementTypes) names.push_back(known.name);
  fail_input("tensor '{}' has elements of type '{}', expected one of {}", tensor, type.substr(0, 60),
             fmt::join(names, ", "));
}

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

SafetensorsEntry parse_entry(const std::string& name, const json& value) {
  if (name.size() > kLongestName)
    fail_input("the name '{}...' of a tensor has {} bytes, at most {} are possible", name.substr(0, 60), name.size(),
               kLongestName);
  if (!value.is_object() || value.size() != 3)
    fail_input("tensor '{}' is not described by dtype, shape and data_offsets", name);
  const json& dtype = member(name, value, "dtype");
  if (!dtype.is_string()) fail_input("tensor '{}': the dtype is no text", name);
  const json& offsets = member(name, value, "data_offsets");
  if (!offsets.is_array() || offsets.size() != 2) fail_input("tensor '{}': data_offsets are not two numbers", name);
  SafetensorsEntry entry{name, dtype.get<std::string>(), parse_extents(name, member(name, value, "shape")),
                         count_of(name, offsets[0]), count_of(name, offsets[1])};
  const std::uint64_t size = bytes_of(name, entry.type);
  const auto elements = static_cast<std::uint64_t>(entry.shape.elements());
  if (entry.end < entry.begin || (entry.end - entry.begin) / size != elements || (entry.end - entry.begin) % size != 0)
    fail_input("tensor '{}' is {} {} but has the bytes {} to {}", name, entry.type, to_string(entry.shape), entry.begin,
               entry.end);
  return entry;
}

json parse_json(std::string_view text) {
  try {
    json header = json::parse(text);
    if (!header.is_object()) fail_input("the header is no JSON object");
    return header;
  } catch (const json::exception&) {
    fail_input("the header is no JSON: the file is damaged, or no safetensors file");
  }
}

void parse_metadata(const json& value, std::map<std::string, std::string>& metadata) {
  if (!value.is_object()) fail_input("'{}' is no JSON object", kSafetensorsMetadata);
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string()) fail_input("'{}': the value of '{}' is no text", kSafetensorsMetadata, key);
    metadata.emplace(key, text.get<std::string>());
  }
}

/// The format wants the tensors to cover all bytes, each once.
void sort_and_check(std::vector<SafetensorsEntry>& entries, std::size_t size) {
  std::ranges::sort(entries, {}, [](const SafetensorsEntry& entry) { return std::pair(entry.begin, entry.end); });
  std::uint64_t at = 0;
  for (const SafetensorsEntry& entry : entries) {
    if (entry.begin != at)
      fail_input("tensor '{}' starts at byte {}, expected {}: tensors overlap or leave a gap", entry.name, entry.begin,
                 at);
    at = entry.end;
  }
  if (at != size) fail_input("the tensors take {} bytes, the file has {}: it was cut off or is damaged", at, size);
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::string_view bytes) {
  if (bytes.size() < kSafetensorsLengthBytes)
    fail_input("it has {} bytes, too few for a safetensors file", bytes.size());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kSafetensorsLengthBytes);
  bytes.remove_prefix(kSafetensorsLengthBytes);
  if (length > kLongestHeader)
    fail_input("the header should have {} bytes, at most {} are possible: it is no safetensors file", length,
               kLongestHeader);
  if (length > bytes.size())
    fail_input("the header should have {} bytes, {} follow: it was cut off or is no safetensors file", length,
               bytes.size());
  SafetensorsHeader header;
  header.data = bytes.substr(length);
  const json parsed = parse_json(bytes.substr(0, length));
  for (const auto& [name, value] : parsed.items()) {
    if (name == kSafetensorsMetadata)
      parse_metadata(value, header.metadata);
    else
      header.entries.push_back(parse_entry(name, value));
  }
  sort_and_check(header.entries, header.data.size());
  return header;
}

}  // namespace inlay
