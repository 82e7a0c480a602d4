#include "losses/parse.h"

#include <charconv>
#include <cmath>

#include "base/fail.h"

namespace inlay {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.push_back(trim(text.substr(start, end - start)));
    start = end + 1;
  }
  return parts;
}

double parse_weight(std::string_view number, std::string_view whole) {
  double weight = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), weight);
  if (error != std::errc{} || end != number.data() + number.size() || !(weight > 0) || !std::isfinite(weight))
    fail_input("loss '{}': the weight '{}' is no positive number; expected a term such as 0.5*dice", whole, number);
  return weight;
}

LossTerm parse_term(std::string_view text, std::string_view whole) {
  LossTerm term;
  if (const auto star = text.find('*'); star != std::string_view::npos) {
    term.weight = parse_weight(trim(text.substr(0, star)), whole);
    text = trim(text.substr(star + 1));
  }
  const auto colon = text.find(':');
  term.name = trim(text.substr(0, colon));
  if (colon == std::string_view::npos) return term;
  for (const std::string_view part : split(text.substr(colon + 1), ',')) {
    const auto equals = part.find('=');
    if (equals == std::string_view::npos)
      fail_input("loss '{}': '{}' is no parameter; expected name=value, as in focal:gamma=3", whole, part);
    term.parameters[std::string(trim(part.substr(0, equals)))] = trim(part.substr(equals + 1));
  }
  return term;
}

}  // namespace

std::vector<LossTerm> parse_loss(std::string_view text) {
  std::vector<LossTerm> terms;
  for (const std::string_view term : split(text, '+')) terms.push_back(parse_term(term, text));
  return terms;
}

}  // namespace inlay
