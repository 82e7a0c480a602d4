#include "base/grouped.h"

#include <fmt/format.h>

namespace inlay {

std::string grouped(std::int64_t number) {
  std::string digits = fmt::format("{}", number);
  const std::size_t first = number < 0 ? 4 : 3;
  for (std::size_t i = digits.size(); i > first;) digits.insert(i -= 3, ",");
  return digits;
}

}  // namespace inlay
