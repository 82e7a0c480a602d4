#include "inlay/ops.h"
#include "models/encoders/atrous.h"
#include "models/encoders/encoders.h"
#include "models/settings.h"
#include "nn/vgg16.h"

namespace inlay {

Features encode_vgg16_bn(const Scope& scope, Value image, const EncoderOptions& options) {
  Features features;
  Atrous atrous(options.output_stride, 1);
  const Scope s = scope / "features";
  std::int64_t layer = 0, dilation = 1;  // convolution, batch norm, ReLU and pool each count as one
  Value x = image;
  for (std::size_t stage = 0; stage < kVgg16.size(); ++stage) {
    for (std::int64_t i = 0; i < kVgg16[stage].convolutions; ++i) {
      const std::int64_t spread = dilation * (stage == 4 ? grid_factor(options, i) : 1);
      x = conv2d(s / layer, x, scaled(kVgg16[stage].channels, options.width),
                 {.padding = spread, .dilation = spread, .initializer = kEncoderStart});
      x = relu(batch_norm(s / (layer + 1), x));
      layer += 3;
    }
    if (stage > 0) features[stage - 1] = x;
    (s / layer++).enter();
    const AtrousStep pool = atrous.step(2);
    if (pool.stride == 2) x = max_pool2d(x).values;
    dilation = pool.next_dilation;
  }
  features[4] = x;
  return features;
}

}  // namespace inlay
