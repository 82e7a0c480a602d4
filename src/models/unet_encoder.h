// U-Net on an encoder: the way down is a classification net, whose weights may come from ImageNet. The way up, and the
// names of its parameters, are those of segmentation_models.pytorch's Unet.
#pragma once

#include "models/unet.h"

namespace inlay {

/// For settings with an encoder. x (N, C, H, W), H and W divisible by 32, to logits (N, out_channels, H, W). Five
/// blocks double the size, to 16, 8, 4, 2 and 1 times settings.width channels: up-sampling, concatenation with the
/// encoder's map of that size (the last block has none), two 3x3 convolutions. vgg16_bn gets two more in front, named
/// decoder/center. With up=nearest and width=16 it is segmentation_models.pytorch's. Parameters: encoder/...,
/// decoder/blocks/0/conv1/0/weight, decoder/blocks/0/conv1/1/scale, ..., segmentation_head/0/weight.
Value unet_on_encoder(const Scope& root, Value x, std::int64_t out_channels, const UnetSettings& settings);

}  // namespace inlay
