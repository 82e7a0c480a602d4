#include "base/fail.h"
#include "workflow/open_net.h"

namespace inlay::workflow {

Summary summarise(const SummaryRequest& request) {
  const Model model = open_graph(request.net);
  if (!request.size) return inlay::summarise(model.graph);
  const Shape image{1, model.in_channels(), request.size->height, request.size->width};
  check_size(request.net.name, model.info.size, *request.size);
  return inlay::summarise(instantiate(model.graph, {{"image", image}}));
}

}  // namespace inlay::workflow
