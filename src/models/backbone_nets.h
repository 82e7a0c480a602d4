// What torchvision's segmentation nets share: an encoder named "backbone" with dilation in place of its last strides, a
// head named "classifier", in training a second one named "aux_classifier", logits resized to the picture.
#pragma once

#include "inlay/nn.h"
#include "models/encoders/encoder.h"

namespace inlay {

/// A 3x3 convolution to a quarter of the channels with batch norm and ReLU, dropout 0.1, a 1x1 convolution to the
/// logits: torchvision's FCNHead. Parameters: NAME/0/weight, NAME/1/scale, NAME/4/weight and so on.
Value fcn_head(const Scope& scope, Value x, std::int64_t out_channels);

/// `logits` at the size of `image`, bilinearly.
Value at_size_of(Value image, Value logits);

/// The output "aux/stage4": the logits of an fcn_head named "aux_classifier" upon the last stage but one.
void add_auxiliary(const Scope& root, const Features& features, Value image, std::int64_t out_channels);

}  // namespace inlay
