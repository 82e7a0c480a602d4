#include <algorithm>
#include <cmath>

#include "graph/options.h"
#include "inlay/loss_ops.h"
#include "ops/checks.h"
#include "ops/operators.h"
#include "ops/outcomes.h"
#include "ops/pixel_loss.h"

namespace inlay {
namespace {

std::vector<TensorType> shape(const Attributes& attributes, TypeList in) {
  const auto o = from_attributes<HardPixelOptions>(attributes);
  if (!(o.threshold >= 0 && o.threshold <= 1)) fail_input("threshold is {}, expected 0 to 1", o.threshold);
  if (!(o.keep >= 0 && o.keep <= 1)) fail_input("keep is {}, expected 0 to 1", o.keep);
  check_outcomes(in);
  return {{DType::f32, in[1].shape}};
}

void reference(const ReferenceCall& call) {
  const auto o = from_attributes<HardPixelOptions>(call.attributes);
  const ReferenceTensor& logits = *call.inputs[0];
  auto pixels = counted_pixels(call.inputs, outcome_count(logits.type.shape[1]), o.ignore);
  std::erase_if(pixels, [](const WeightedPixel& p) { return p.weight == 0; });
  if (pixels.empty()) return;
  std::vector<double> chances;  // log p of the label
  for (const WeightedPixel& p : pixels) chances.push_back(PixelOutcomes(logits, p.index).log_probability(p.label));
  std::vector<double> sorted = chances;
  std::ranges::sort(sorted);
  const auto kept = static_cast<std::size_t>(std::ceil(o.keep * static_cast<double>(sorted.size())));
  double limit = std::log(o.threshold);
  if (kept > 0) limit = std::max(limit, sorted[kept - 1]);
  for (std::size_t i = 0; i < pixels.size(); ++i)
    if (chances[i] <= limit) call.outputs[0].data[static_cast<std::size_t>(pixels[i].index)] = pixels[i].weight;
}

}  // namespace

/// Inputs logits, labels, class weights, pixel weights.
const Operator kHardPixels{.name = "hard_pixels", .shape = shape, .reference = reference};

Value hard_pixels(Value logits, Value labels, Value class_weights, Value pixel_weights,
                  const HardPixelOptions& options) {
  return logits.graph().add_node(kHardPixels, to_attributes(options),
                                 {logits, labels, class_weights, pixel_weights})[0];
}

}  // namespace inlay
