// Every network, and every form of it that has layers of its own, at a size at which it is trained within seconds.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "inlay/model.h"

namespace inlay::testing {

struct TestedNetwork {
  std::string name;  // of the tests: letters, digits and _
  std::string network;
  std::map<std::string, std::string> settings = {};
  std::int64_t side = 32;  // of the pictures to learn by heart
  bool coarse = false;     // the pictures have straight borders alone: the net interpolates over many pixels
  int steps = 300;         // at most, until they are known
  bool at_kinks = false;   // its first weights leave many values at 0, where ReLU has no gradient but a step has effect

  SizeRule size() const;
  /// It has too many parameters, whatever the settings, to be trained within seconds.
  bool is_large() const;
  /// Without numbers, which take the longest to make. `image`: (N, C, H, W).
  Graph graph(const Shape& image, std::int64_t out_channels = 3) const;
  Model model(std::int64_t out_channels = 3, std::uint64_t seed = 1) const;
};

/// What a failing test prints of it.
void PrintTo(const TestedNetwork& tested, std::ostream* out);

/// The table, and each network that it leaves out, an eighth as wide where the width is a factor.
std::vector<TestedNetwork> tested_networks();
/// Those that are not large; of the others the graphs are tested, and ONNX Runtime runs them.
std::vector<TestedNetwork> trained_networks();

/// As an Architecture lists them; of a choice, the default.
std::map<std::string, std::string> default_settings(const Architecture& architecture);

}  // namespace inlay::testing
