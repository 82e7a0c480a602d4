// What the two cross-entropies share: which pixels count and how much.
#pragma once

#include <vector>

#include "graph/operator.h"

namespace inlay {

/// Inputs logits, labels, class weights or absent, pixel weights or absent. Throws InputError.
void check_pixel_loss(TypeList in, std::int64_t logit_channels, std::int64_t classes);

/// A pixel that counts.
struct WeightedPixel {
  std::int64_t index;  // in (N, H, W)
  std::int64_t label;
  double weight;
};

/// The pixels whose label is a class and not `ignore`, with the product of both weights. Inputs as above.
std::vector<WeightedPixel> counted_pixels(std::span<const ReferenceTensor* const> in, std::int64_t classes,
                                          std::int64_t ignore);

/// loss, weight = (sum(w f(pixel)) / sum(w), sum(w)); (0, 0) when the weights sum to 0.
template <class F>
void weighted_mean(const std::vector<WeightedPixel>& pixels, std::span<ReferenceTensor> outputs, F f) {
  double sum = 0, weight = 0;
  for (const WeightedPixel& pixel : pixels) {
    sum += pixel.weight * f(pixel);
    weight += pixel.weight;
  }
  outputs[0].data[0] = weight > 0 ? sum / weight : 0;
  outputs[1].data[0] = weight;
}

/// The gradient node of a loss node. Inputs: d loss, logits, labels, both weights, the sum of the weights.
std::vector<Value> pixel_loss_gradient(const GradientCall& call, const Operator& op);

}  // namespace inlay
