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

std::optional<std::uint8_t> background_class(const std::vector<std::string>& classes) {
  constexpr std::array<std::string_view, 10> kNames{"background", "bg",       "other",    "none",      "border",
                                                    "borders",    "boundary", "membrane", "membranes", "edge"};
  for (std::size_t i = 0; i < classes.size(); ++i) {
    std::string letters;
    for (const char c : classes[i])
      if (std::isalpha(static_cast<unsigned char>(c)) != 0)
        letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::ranges::find(kNames, letters) != kNames.end()) return static_cast<std::uint8_t>(i);
  }
  return classes.size() <= 2 ? std::optional<std::uint8_t>(0) : std::nullopt;
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
