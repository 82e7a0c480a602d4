// Values of options that are more than a number or a word.
#include <array>
#include <charconv>
#include <cmath>

#include "base/fail.h"
#include "inlay/train_config.h"

namespace inlay {
namespace {

template <class T>
bool read_number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

constexpr std::array<std::pair<char, double>, 3> kUnits{{{'h', 3600}, {'m', 60}, {'s', 1}}};

}  // namespace

TimeSpan parse_time_span(std::string_view text) {
  for (const auto& [letter, seconds] : kUnits) {
    double number = 0;
    if (text.empty() || text.back() != letter || !read_number(text.substr(0, text.size() - 1), number)) continue;
    if (std::isfinite(number * seconds) && number > 0) return {number * seconds};
  }
  fail_input("'{}' is no time; expected a number above 0 and s, m or h, as 90s, 20m or 1.5h", text);
}

std::string to_string(const TimeSpan& span) {
  for (const auto& [letter, seconds] : kUnits) {
    const double number = span.seconds / seconds;
    if (number == std::floor(number)) return fmt::format("{:.0f}{}", number, letter);
  }
  return fmt::format("{}s", span.seconds);
}

std::optional<Replanned> parse_replanned(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const auto refuse = [&] {
    fail_input("replanned: '{}' is not understood; expected what a run writes, as '40 12:43 20:41'", text);
  };
  Replanned result;
  std::string_view rest = text;
  for (bool first = true; !rest.empty(); first = false) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    std::int64_t done = 0, epochs = 0;
    const std::size_t colon = word.find(':');
    if (first == (colon != std::string_view::npos)) refuse();
    if (!first && !read_number(word.substr(0, colon), done)) refuse();
    if (!read_number(first ? word : word.substr(colon + 1), epochs) || epochs < 1 || done < 0) refuse();
    if (first)
      result.first = epochs;
    else
      result.changes.emplace_back(done, epochs);
  }
  return result;
}

std::string to_string(const Replanned& replanned) {
  std::string text = fmt::format("{}", replanned.first);
  for (const auto& [done, epochs] : replanned.changes) text += fmt::format(" {}:{}", done, epochs);
  return text;
}

}  // namespace inlay
