// The text form of a sum of losses.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace inlay {

/// "0.5*tversky:alpha=0.2,beta=0.8"
struct LossTerm {
  double weight = 1;
  std::string name;
  std::map<std::string, std::string> parameters;
};

/// Terms with '+' in between. Names and parameters are not looked up. Throws InputError for a weight that is no
/// positive number and a parameter without '='.
std::vector<LossTerm> parse_loss(std::string_view text);

}  // namespace inlay
