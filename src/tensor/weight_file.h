// Weights that another program wrote: safetensors with any of the format's element types.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

#include "inlay/tensor.h"

namespace inlay {

struct WeightTensor {
  std::string type;  // as the file has it: "F16"
  Shape shape;
  Tensor numbers;  // f32, from F64, F32, F16 or BF16; empty for the other types, which hold no weights
};

using WeightFile = std::map<std::string, WeightTensor>;

/// Throws InputError as parse_safetensors_header() does, and for a number of an F64 tensor that f32 cannot hold.
WeightFile parse_weight_file(std::string_view bytes);
/// Throws InputError that names the file.
WeightFile read_weight_file(const std::filesystem::path& path);

}  // namespace inlay
