#include "infer/picture_gradient.h"

#include <array>

#include "base/fail.h"
#include "compiler/autodiff.h"
#include "graph/rewrite.h"

namespace inlay {

Graph picture_gradient(Graph net) {
  const Value logits = net.output("logits");
  const Value start = net.input("start", logits.type());
  const std::array image{net.find_leaf("image")};
  net.set_scope("backward");
  const Value gradient = gradients(logits, start, image)[0];
  if (!gradient) fail_input("the logits do not depend on the image");
  net.set_output("gradient", gradient);
  net.set_scope("");
  return live_part(net, true, [](std::string_view name) { return name == "gradient"; });
}

}  // namespace inlay
