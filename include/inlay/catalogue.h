// The networks and what each of them costs. No weights are drawn: all of them together take a fraction of a second.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "inlay/model.h"
#include "inlay/summary.h"

namespace inlay {

struct CatalogueEntry {
  Architecture network;
  SizeRule size;
  std::int64_t side = 0;  // of the square picture that the figures are for
  Summary figures;
};

/// Figures for the first square picture from `side` x `side` on that the net takes. Throws as create_model does.
CatalogueEntry catalogue_entry(std::string_view name, const ModelOptions& options, std::int64_t side = 512);

/// All networks with their standard settings, in the order of architectures(), for colour pictures and two classes told
/// apart by one logit.
std::vector<CatalogueEntry> catalogue(std::int64_t side = 512);

}  // namespace inlay
