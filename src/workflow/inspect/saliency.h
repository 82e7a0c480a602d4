// Which pixels of the picture a result hangs on: gradients with respect to the picture
// (Simonyan, Vedaldi and Zisserman, "Deep inside convolutional networks", ICLR workshop 2014).
#pragma once

#include "inlay/program.h"
#include "workflow/inspect/net_input.h"

namespace inlay {

/// Of a class: each of its logits counts as one over their number; the logits of the pixels that are labelled so, or of
/// all pixels when none is. (K, H, W), K the net's output channels: with one channel both classes hang on its logit.
Tensor class_weights(const Mask& labels, std::int64_t index, std::int64_t channels);

/// The class's logit at one pixel.
Tensor pixel_weights(const Mask& labels, std::int64_t index, std::int64_t channels, std::int64_t y, std::int64_t x);

class Saliency {
 public:
  /// `graph` is in inference form and has the input's sizes; nodes are added to it. Throws InputError when an operator
  /// has no gradient.
  Saliency(Graph graph, const Tensors& tensors, const NetInput& input, const ProgramOptions& options);

  /// (height, width): the gradient of the weighted sum of the logits with respect to each pixel, of the channels the
  /// one of largest magnitude, without its sign. `weights` (K, height, width).
  Tensor of(const Tensor& weights);

 private:
  NetInput input_;
  Program program_;
};

}  // namespace inlay
