#include "base/fail.h"
#include "inlay/model.h"

namespace inlay {

std::int64_t SizeRule::fit(std::int64_t side) const {
  const std::int64_t wanted = std::max(side, least);
  const std::int64_t beyond = (wanted - remainder + multiple - 1) / multiple * multiple;
  return remainder + std::max<std::int64_t>(beyond, 0);
}

std::string to_string(const SizeRule& size) {
  std::string text = "sides ";
  if (size.remainder > 0)
    text += fmt::format("of {} k + {}", size.multiple, size.remainder);
  else if (size.multiple > 1)
    text += fmt::format("divisible by {}", size.multiple);
  if (size.least <= 1) return size.multiple > 1 ? text : "sides of any length";
  return fmt::format("{}{}at least {}", text, size.multiple > 1 ? ", " : "of ", size.least);
}

}  // namespace inlay
