// Weight maps for published weights.
#pragma once

#include <span>
#include <string_view>

namespace inlay {

/// Its text has rules, and what of the model the weights' origin settles; no settings of the network.
struct BuiltInMap {
  std::string_view name;
  std::string_view about;  // one line: whose weights, for which network
  std::string_view text;
};

std::span<const BuiltInMap> built_in_maps();

}  // namespace inlay
