#include "models/deep_supervision.h"

#include <charconv>

#include "base/fail.h"
#include "inlay/ops.h"

namespace inlay {
namespace {

constexpr std::string_view kPrefix = "aux/level";

}  // namespace

void supervise(const Scope& root, Value x, std::int64_t level, std::int64_t out_channels, Value image) {
  const Scope scope = root / "aux" / fmt::format("level{}", level);
  const Value logits = conv2d(scope, x, out_channels, {.kernel = 1});
  root.graph().set_output(fmt::format("{}{}", kPrefix, level),
                          resize2d_like(logits, image, {.mode = Interpolation::bilinear}));
}

std::optional<std::int64_t> supervised_level(std::string_view output) {
  if (!output.starts_with(kPrefix)) return std::nullopt;
  const std::string_view number = output.substr(kPrefix.size());
  std::int64_t level = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), level);
  if (error != std::errc{} || end != number.data() + number.size() || level < 1) return std::nullopt;
  return level;
}

}  // namespace inlay
