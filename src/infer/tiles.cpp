#include "infer/tiles.h"

#include <algorithm>

#include "base/fail.h"

namespace inlay {
namespace {

std::int64_t parts(std::int64_t whole, std::int64_t part) { return (whole + part - 1) / part; }

/// The multiples of the rule's that fit into `logits` pixels, or all of them when none does.
std::int64_t step_of(std::int64_t logits, const SizeRule& rule) {
  return logits < rule.multiple ? logits : logits / rule.multiple * rule.multiple;
}

/// The largest side up to `largest` that the net takes.
std::int64_t fit_below(const SizeRule& rule, std::int64_t largest) {
  const std::int64_t side = rule.fit(largest);
  return side <= largest ? side : side - rule.multiple;
}

}  // namespace

Tiles plan_tiles(std::int64_t length, const SizeRule& rule, std::int64_t largest) {
  const std::int64_t border = 2 * rule.margin;
  const std::int64_t whole = rule.fit(length + border);
  const bool covers = whole - border >= length;
  if (covers && (rule.margin == 0 || whole <= largest)) return {whole, whole - border, whole - border, 1};

  const std::int64_t smallest = rule.fit(border + rule.multiple);
  if (smallest <= border)
    fail_input("the net takes {} and its logits cover {} pixels less on each side: nothing is left", to_string(rule),
               rule.margin);
  const std::int64_t full = step_of(fit_below(rule, std::max(largest, smallest)) - border, rule);
  const std::int64_t count = parts(length, full);
  const std::int64_t even = parts(parts(length, count), rule.multiple) * rule.multiple;
  const std::int64_t side = rule.fit(border + even);
  return {side, side - border, step_of(side - border, rule), count};
}

std::int64_t tiles_at_once(std::int64_t total, std::int64_t height, std::int64_t width, std::int64_t largest) {
  const std::int64_t most = std::clamp<std::int64_t>(largest * largest / (height * width), 1, total);
  return parts(total, parts(total, most));
}

}  // namespace inlay
