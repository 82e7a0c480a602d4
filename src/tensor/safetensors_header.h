// The part of a safetensors file that says what is in it, whoever wrote it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/tensor.h"

namespace inlay {

/// The header's length comes first; the header has one key that is no tensor.
inline constexpr std::size_t kSafetensorsLengthBytes = sizeof(std::uint64_t);
inline constexpr std::string_view kSafetensorsMetadata = "__metadata__";

struct SafetensorsEntry {
  std::string name;
  std::string type;  // as the file has it: "F32"
  Shape shape;
  std::uint64_t begin = 0, end = 0;  // its bytes in SafetensorsHeader::data
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  // in the order of their bytes
  std::map<std::string, std::string> metadata;
  std::string_view data;  // what follows the header in the bytes that were given
};

/// Throws InputError for anything that is not exactly as the format says: a header longer than the bytes or than 100
/// million bytes (the format's own limit), no JSON, unknown keys or element types, a name of more than 1000 bytes,
/// offsets that overlap, leave gaps, pass the end or do not suit the shape.
SafetensorsHeader parse_safetensors_header(std::string_view bytes);

}  // namespace inlay
