#include "base/fail.h"
#include "inlay/model.h"

namespace inlay {

std::int64_t SizeRule::fit(std::int64_t side) const {
  const auto above = [&](std::int64_t wanted) {
    return remainder + std::max<std::int64_t>((wanted - remainder + multiple - 1) / multiple * multiple, 0);
  };
  const std::int64_t fitting = above(std::max(side, least));
  return most == 0 || fitting <= most ? fitting : above(most - multiple + 1);
}

std::string to_string(const SizeRule& size) {
  if (size.most > 0 && size.most == size.least) return fmt::format("sides of {}", size.least);
  std::vector<std::string> parts;
  if (size.remainder > 0)
    parts.push_back(fmt::format("of {} k + {}", size.multiple, size.remainder));
  else if (size.multiple > 1)
    parts.push_back(fmt::format("divisible by {}", size.multiple));
  if (size.least > 1) parts.push_back(fmt::format("{}at least {}", parts.empty() ? "of " : "", size.least));
  if (size.most > 0) parts.push_back(fmt::format("{}at most {}", parts.empty() ? "of " : "", size.most));
  if (parts.empty()) return "sides of any length";
  return fmt::format("sides {}", fmt::join(parts, ", "));
}

}  // namespace inlay
