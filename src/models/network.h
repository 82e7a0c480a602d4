// What create_model() knows of a network: one constant in each src/models/NAME.cpp.
#pragma once

#include <string>
#include <string_view>

#include "inlay/nn.h"

namespace inlay {

struct Network {
  std::string_view name;
  std::string_view about;  // one line: what it is
  std::string_view paper;  // authors, where, year
  /// The settings with their defaults: print_defaults<NAMESettings> of models/settings.h.
  std::string (*defaults)();
  /// Left out: pictures of any size.
  SizeRule (*size)(const ModelOptions&) = [](const ModelOptions&) { return SizeRule{}; };
  /// image (N, C, H, W) to logits (N, options.out_channels, H, W). May set outputs "aux/...". Checks the settings.
  Value (*build)(const Scope& root, Value image, const ModelOptions&);
};

/// What create_model() returns, but without tensors: enough to look at, and made at once where there are millions.
Model create_graph(std::string_view name, const ModelOptions& options);

}  // namespace inlay
