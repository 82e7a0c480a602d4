#include "inlay/probe.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/fail.h"
#include "base/rng.h"
#include "graph/operator.h"
#include "infer/picture_gradient.h"
#include "inlay/program.h"

namespace inlay {
namespace {

/// Small enough for no clip() to cut it off. The gradient's start is large instead: a corner of the field is reached by
/// one path of many, and a factor of 1/9 a layer.
constexpr float kSmall = 1e-6F, kStart = 0x1p80F;

/// What a batch norm that changes nothing has as scale, shift, mean and variance.
constexpr std::array<float, 4> kNeutral{1, 0, 0, 1};

/// Kernels average: 1 over the elements that make one output channel.
Tensors constant_weights(const Graph& graph) {
  Tensors tensors;
  for (const Value& value : graph.leaves()) {
    if (value.leaf()->kind == LeafKind::input) continue;
    const Shape& shape = value.shape();
    const float filter = static_cast<float>(shape.elements()) / static_cast<float>(shape.rank() > 0 ? shape[0] : 1);
    tensors[value.name()] = Tensor::filled(shape, shape.rank() > 1 ? 1 / filter : 0);
  }
  for (const auto& node : graph.nodes())
    if (node->op->name == "batch_norm")
      for (std::size_t i = 0; i < kNeutral.size(); ++i)
        std::ranges::fill(tensors.at(node->inputs[i + 1].name()).data<float>(), kNeutral[i]);
  return tensors;
}

/// At the size asked for.
Graph net_of(const Model& model, const ProbeOptions& o) {
  const SizeRule& rule = model.info.size;
  if (o.height < 1 || o.width < 1 || rule.fit(o.height) != o.height || rule.fit(o.width) != o.width)
    fail_input("the net takes {}, and the size is {}x{}: try {}x{}", to_string(rule), o.height, o.width,
               rule.fit(o.height), rule.fit(o.width));
  return instantiate(model.graph, {{"image", {1, model.in_channels(), o.height, o.width}}});
}

void draw_picture(Tensor image, const ProbeOptions& o, std::int64_t number) {
  Rng rng(mix_keys(o.seed, static_cast<std::uint64_t>(number)));
  for (float& value : image.data<float>())
    value = o.weights == ProbeWeights::own ? static_cast<float>(rng.normal())
                                           : kSmall * static_cast<float>(rng.uniform(0.5, 1));
}

/// Adds |gradient|, summed over channels. (1, C, H, W) to (H, W)
void add_magnitude(const Tensor& gradient, std::span<double> sum) {
  const auto numbers = gradient.data<float>();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!std::isfinite(numbers[i])) fail_input("the gradient at the image is not finite: the net's weights blow it up");
    sum[i % sum.size()] += std::abs(static_cast<double>(numbers[i]));
  }
}

/// The gradients of all pictures and of all of the pixel's logits, kStart times too large. With constant weights
/// nothing cancels, and one backward pass serves all logits.
std::vector<double> sum_gradients(const Graph& net, const Bindings& weights, const ProbeOptions& o,
                                  PixelPosition pixel) {
  // Winograd's transforms leave rounding errors where there are zeros.
  Program program(picture_gradient(net), weights, {},
                  {.threads = o.threads,
                   .constant_parameters = false,
                   .tune = false,
                   .skip_algorithms = {"winograd", "winograd_6x6", "onednn_winograd"}});
  const Shape logits = net.output("logits").shape();
  const auto start = program.input("start").data<float>();
  std::vector<double> sum(static_cast<std::size_t>(o.height * o.width));
  for (std::int64_t picture = 0; picture < o.pictures; ++picture) {
    draw_picture(program.input("image"), o, picture);
    std::ranges::fill(start, 0.0F);
    for (std::int64_t k = 0; k < logits[1]; ++k) {
      start[static_cast<std::size_t>((k * logits[2] + pixel.row) * logits[3] + pixel.column)] = kStart;
      if (o.weights == ProbeWeights::constant && k + 1 < logits[1]) continue;
      program.run();
      add_magnitude(program.output("gradient"), sum);
      std::ranges::fill(start, 0.0F);
    }
  }
  return sum;
}

/// Fills in gradient, box, pixels and cut.
void read_off(std::span<const double> sum, const ProbeOptions& o, FieldProbe& probe) {
  probe.gradient = Tensor(DType::f32, {o.height, o.width});
  const auto gradient = probe.gradient.data<float>();
  std::int64_t top = o.height, left = o.width, bottom = -1, right = -1;
  probe.pixels = 0;
  for (std::size_t i = 0; i < sum.size(); ++i) {
    gradient[i] = static_cast<float>(sum[i] / kStart / static_cast<double>(o.pictures));
    if (sum[i] == 0) continue;
    const std::int64_t row = static_cast<std::int64_t>(i) / o.width, column = static_cast<std::int64_t>(i) % o.width;
    ++probe.pixels;
    top = std::min(top, row);
    bottom = std::max(bottom, row);
    left = std::min(left, column);
    right = std::max(right, column);
  }
  if (probe.pixels > 0) probe.box = {top, left, bottom - top + 1, right - left + 1};
  probe.cut = probe.pixels > 0 && (top == 0 || left == 0 || bottom == o.height - 1 || right == o.width - 1);
}

}  // namespace

FieldProbe probe_field(const Model& model, const ProbeOptions& options) {
  if (options.pictures < 1) fail_input("{} pictures to probe with, expected at least 1", options.pictures);
  const Graph net = net_of(model, options);
  const Shape logits = net.output("logits").shape();
  FieldProbe probe;
  probe.pixel = options.pixel.value_or(PixelPosition{logits[2] / 2, logits[3] / 2});
  if (probe.pixel.row < 0 || probe.pixel.row >= logits[2] || probe.pixel.column < 0 || probe.pixel.column >= logits[3])
    fail_input("the pixel ({}, {}) lies outside of the logits, which have {} rows and {} columns", probe.pixel.row,
               probe.pixel.column, logits[2], logits[3]);
  const Bindings weights = options.weights == ProbeWeights::own ? model.tensors : constant_weights(net);
  read_off(sum_gradients(net, weights, options, probe.pixel), options, probe);
  return probe;
}

}  // namespace inlay
