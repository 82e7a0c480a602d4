// The safetensors format: 8 bytes with the length of a JSON header (little-endian), the header, the numbers one after
// the other. https://github.com/huggingface/safetensors
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "inlay/tensor.h"

namespace inlay {

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;
};

/// The same content gives the same bytes. Tensors with larger elements come first, so that all are aligned. A tensor
/// may not be named "__metadata__".
std::string to_safetensors(const TensorFile& file);
/// Element types F32, U8 and I32. Throws InputError for other types, and as parse_safetensors_header() does.
TensorFile parse_safetensors(std::string_view bytes);

/// Under a temporary name, renamed. Throws Error when it cannot be written.
void write_safetensors(const std::filesystem::path& path, const TensorFile& file);
/// Throws InputError that names the file.
TensorFile read_safetensors(const std::filesystem::path& path);

}  // namespace inlay
