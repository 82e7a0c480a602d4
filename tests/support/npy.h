// NumPy's .npy files of version 1, as far as the reference numbers need them.
#pragma once

#include <cstring>
#include <filesystem>
#include <regex>
#include <stdexcept>
#include <vector>

#include "base/files.h"
#include "inlay/tensor.h"

namespace inlay::testing {

/// An array of little-endian float32, the last axis contiguous.
inline Tensor read_npy(const std::filesystem::path& path) {
  const std::string bytes = read_file(path);
  constexpr std::size_t kStart = 10;
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes.at(at))); };
  const std::string header = bytes.substr(kStart, byte(8) + 256 * byte(9));
  std::smatch match;
  if (!std::regex_search(header, match,
                         std::regex(R"('descr': '<f4', 'fortran_order': False, 'shape': \(([0-9, ]*)\))")))
    throw std::runtime_error(path.string() + " is no array of float32: " + header);
  std::vector<std::int64_t> extents;
  const std::string list = match[1];
  const std::regex number("[0-9]+");
  for (std::sregex_iterator it(list.begin(), list.end(), number), end; it != end; ++it)
    extents.push_back(std::stoll(it->str()));
  Tensor tensor(DType::f32, Shape(extents));
  if (bytes.size() != kStart + header.size() + tensor.bytes()) throw std::runtime_error(path.string() + " is cut off");
  std::memcpy(tensor.raw(), bytes.data() + kStart + header.size(), tensor.bytes());
  return tensor;
}

}  // namespace inlay::testing
