#include "base/fail.h"
#include "workflow/open_net.h"

namespace inlay::workflow {

Summary summarise(const SummaryRequest& request) {
  const Model model = open_graph(request.net);
  const Shape built = model.graph.find_leaf("image").shape();
  const ImageSize size = request.size.value_or(ImageSize{built[2], built[3]});
  if (request.size) check_size(request.net.name, model.info.size, size);
  return inlay::summarise(model, size.height, size.width);
}

}  // namespace inlay::workflow
