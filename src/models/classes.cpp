#include "models/classes.h"

#include <fmt/format.h>

namespace inlay {

std::vector<ModelClass> numbered_classes(std::int64_t out_channels) {
  std::vector<ModelClass> classes;
  for (std::int64_t i = 0; i < std::max<std::int64_t>(out_channels, 2); ++i) {
    ModelClass& added = classes.emplace_back(ModelClass{fmt::format("class{}", i), {}});
    // Bits 0, 3, 6, ... of the number are red from its highest bit down, the next ones green, then blue
    // (VOClabelcolormap.m).
    for (int bit = 0; bit < 24; ++bit)
      if (i >> bit & 1) added.color[static_cast<std::size_t>(bit % 3)] |= static_cast<std::uint8_t>(128 >> bit / 3);
  }
  return classes;
}

}  // namespace inlay
