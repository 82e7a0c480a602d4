#include "nn/vgg16.h"

#include <fmt/format.h>

#include "models/settings.h"

namespace inlay {

std::array<VggStage, 5> vgg16_stages(double width) {
  std::array<VggStage, 5> stages = kVgg16;
  for (VggStage& stage : stages) stage.channels = scaled(stage.channels, width);
  return stages;
}

Value vgg_stage(const Scope& scope, Value x, const VggStage& stage, const VggLayers& layers) {
  for (std::int64_t i = 1; i <= stage.convolutions; ++i) {
    const ConvLayer layer{.padding = i == 1 ? layers.first : Padding(layers.dilation), .dilation = layers.dilation};
    x = layers.batch_norm ? conv_norm(scope / i, x, stage.channels, layer)
                          : relu(conv2d(scope / i, x, stage.channels, layer));
  }
  return x;
}

VggLevel vgg_level(const Scope& root, std::size_t index, Value x, const VggStage& stage, const VggLayers& layers) {
  const Value features = vgg_stage(stage_scope(root, "conv", index), x, stage, layers);
  return {features, vgg_pool(root, index, features)};
}

MaxPool vgg_pool(const Scope& root, std::size_t index, Value x) {
  stage_scope(root, "pool", index).enter();
  return max_pool2d(x, {.ceil_mode = true});
}

Scope stage_scope(const Scope& root, std::string_view part, std::size_t index) {
  return root / fmt::format("{}{}", part, index + 1);
}

}  // namespace inlay
