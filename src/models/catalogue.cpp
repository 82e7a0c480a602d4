#include "inlay/catalogue.h"

#include <algorithm>

#include "models/network.h"

namespace inlay {

CatalogueEntry catalogue_entry(std::string_view name, const ModelOptions& options, std::int64_t side) {
  const Model model = create_graph(name, options);
  CatalogueEntry entry;
  const std::vector<Architecture> known = architectures();
  entry.network = *std::ranges::find(known, name, &Architecture::name);
  entry.size = model.info.size;
  entry.side = entry.size.fit(side);
  entry.figures = summarise(model, entry.side, entry.side);
  return entry;
}

std::vector<CatalogueEntry> catalogue(std::int64_t side) {
  std::vector<CatalogueEntry> entries;
  for (const Architecture& network : architectures())
    entries.push_back(catalogue_entry(network.name, {.out_channels = 1}, side));
  return entries;
}

}  // namespace inlay
