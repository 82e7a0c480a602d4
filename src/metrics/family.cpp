#include "metrics/family.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace inlay {

double mean_of(std::span<const double> values) {
  double sum = 0, count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return divide(sum, count);
}

bool has_background(const std::vector<std::string>& classes) {
  if (classes.size() <= 2) return true;
  std::string name;
  for (const char c : classes.front())
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) name += static_cast<char>(std::tolower(c));
  return name == "background" || name == "bg" || name == "other" || name == "none" || name == "border";
}

std::vector<std::uint8_t> classes_in(const Mask& a, const Mask& b, std::size_t classes) {
  std::array<bool, 256> found{};
  for (const Mask* mask : {&a, &b})
    for (const std::uint8_t label : mask->labels.data<std::uint8_t>()) found[label] = true;
  std::vector<std::uint8_t> labels;
  for (std::size_t i = 0; i < std::min<std::size_t>(classes, kIgnore); ++i)
    if (found[i]) labels.push_back(static_cast<std::uint8_t>(i));
  return labels;
}

}  // namespace inlay
