#include "workflow/inspect/saliency.h"

#include <algorithm>
#include <cmath>

#include "infer/picture_gradient.h"

namespace inlay {
namespace {

/// Zeros, and the plane of them that belongs to the class.
struct Weights {
  Weights(const Mask& labels, std::int64_t index, std::int64_t channels)
      : all(DType::f32, {channels, labels.height(), labels.width()}) {
    const auto pixels = static_cast<std::size_t>(labels.height() * labels.width());
    const std::int64_t channel = channels == 1 ? 0 : index;
    plane = all.data<float>().subspan(static_cast<std::size_t>(channel) * pixels, pixels);
  }
  Tensor all;
  std::span<float> plane;
};

}  // namespace

Tensor class_weights(const Mask& labels, std::int64_t index, std::int64_t channels) {
  const Weights weights(labels, index, channels);
  const auto label = labels.labels.data<std::uint8_t>();
  const std::int64_t count = std::ranges::count(label, index);
  const float share = 1.0f / static_cast<float>(count > 0 ? count : std::ssize(label));
  for (std::size_t i = 0; i < label.size(); ++i) weights.plane[i] = count == 0 || label[i] == index ? share : 0.0f;
  return weights.all;
}

Tensor pixel_weights(const Mask& labels, std::int64_t index, std::int64_t channels, std::int64_t y, std::int64_t x) {
  const Weights weights(labels, index, channels);
  weights.plane[static_cast<std::size_t>(y * labels.width() + x)] = 1;
  return weights.all;
}

Saliency::Saliency(Graph graph, const Tensors& tensors, const NetInput& input, const ProgramOptions& options)
    : input_(input), program_(picture_gradient(graph), tensors, {}, options) {
  std::ranges::copy(input.numbers.data<float>(), program_.input("image").data<float>().begin());
}

Tensor Saliency::of(const Tensor& weights) {
  Tensor all = program_.input("start");  // (1, K, H', W'), of which the picture's part comes first
  const Shape &shape = all.shape(), &part = weights.shape();
  std::ranges::fill(all.data<float>(), 0.0f);
  for (std::int64_t c = 0; c < part[0]; ++c)
    for (std::int64_t y = 0; y < part[1]; ++y)
      std::copy_n(weights.data<float>().data() + (c * part[1] + y) * part[2], part[2],
                  all.data<float>().data() + (c * shape[2] + y) * shape[3]);
  program_.run();
  const Tensor gradient = gradient_of_picture(program_.output("gradient"), input_);
  const std::int64_t pixels = input_.height * input_.width;
  Tensor largest(DType::f32, {input_.height, input_.width});
  const auto to = largest.data<float>();
  const auto from = gradient.data<float>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    float& value = to[i % static_cast<std::size_t>(pixels)];
    value = std::max(value, std::abs(from[i]));
  }
  return largest;
}

}  // namespace inlay
