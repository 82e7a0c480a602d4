#include "models/backbone_nets.h"

#include <algorithm>

#include "inlay/model.h"
#include "inlay/ops.h"

namespace inlay {

Value fcn_head(const Scope& scope, Value x, std::int64_t out_channels) {
  const std::int64_t inside = std::max<std::int64_t>(1, x.shape()[1] / 4);
  x = conv2d(scope / 0, x, inside, {.padding = 1, .bias = false, .initializer = {Initializer::Kind::lecun_uniform}});
  x = relu(batch_norm(scope / 1, x));
  x = dropout(scope / 3, x, 0.1);
  return conv2d(scope / 4, x, out_channels, {.kernel = 1, .initializer = {Initializer::Kind::lecun_uniform}});
}

Value at_size_of(Value image, Value logits) {
  return resize2d_like(logits, image, {.mode = Interpolation::bilinear, .coordinates = Coordinates::half_pixel});
}

void add_auxiliary(const Scope& root, const Features& features, Value image, std::int64_t out_channels) {
  const Scope scope = root / "aux_classifier";
  const Value logits = fcn_head(scope, features[3], out_channels);
  scope.enter();
  root.graph().set_output(std::string(kAuxiliaryPrefix) + "stage4", at_size_of(image, logits));
}

}  // namespace inlay
