// Weight files as other programs write them: their names and shapes, made from how those programs build their networks.
// All numbers are zeros that take no memory.
#pragma once

#include <cstdint>
#include <string_view>

#include "tensor/weight_file.h"

namespace inlay::testing {

/// github.com/sacmehta/ESPNet, train/Model.py.
WeightFile espnet_weights(std::int64_t classes, std::int64_t p, std::int64_t q);

/// torchvision.models: "resnet18", "resnet34", "resnet50", "mobilenet_v2", "vgg16", "vgg16_bn".
WeightFile torchvision_classifier(std::string_view name);
/// torchvision.models.segmentation: "fcn_resnet50", "deeplabv3_resnet50", 21 classes with the auxiliary head.
WeightFile torchvision_segmentation(std::string_view name);
/// github.com/qubvel-org/segmentation_models.pytorch: Unet("resnet34", classes=21).
WeightFile smp_unet_resnet34();

}  // namespace inlay::testing
