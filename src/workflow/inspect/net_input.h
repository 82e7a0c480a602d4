// A picture as the net reads it, and gradients back on the picture.
#pragma once

#include "inlay/image.h"
#include "inlay/model.h"

namespace inlay {

/// Of a net with unpadded convolutions the picture begins `margin` rows and columns in, so that its logits are the
/// picture's; beyond the picture's edges it is mirrored.
struct NetInput {
  Tensor numbers;                      // (1, C, H, W), normalised
  std::int64_t margin = 0;             // above and to the left
  std::int64_t height = 0, width = 0;  // of the picture
};

/// Throws InputError when the net takes no picture that large.
NetInput net_input(const Model& model, const Image& picture);

/// A gradient of the numbers, (1, C, H, W), with respect to the picture's: (C, height, width). What the mirrored copies
/// of a pixel got counts for the pixel.
Tensor gradient_of_picture(const Tensor& gradient, const NetInput& input);

}  // namespace inlay
