#include "support/networks/learning.h"

#include <algorithm>

#include "base/rng.h"
#include "inlay/metrics.h"
#include "inlay/segment.h"

namespace inlay::testing {
namespace {

constexpr std::int64_t kPictures = 4, kClasses = 3;

/// Of the pixel (y, x), both in 0..1. The things lie elsewhere in every picture.
std::uint8_t label_at(std::int64_t picture, double y, double x, bool coarse) {
  const double shift = 0.12 * static_cast<double>(picture);
  if (picture % 2 == 1) std::swap(y, x);
  if (coarse) return y < 0.25 + shift ? 1 : x > 0.5 ? 2 : 0;
  const double dy = y - 0.3 - shift, dx = x - 0.3;
  if (dy * dy + dx * dx < 0.05) return 1;
  return x > 0.62 && x < 0.88 && y > 0.2 && y < 0.8 - shift ? 2 : 0;
}

/// Of picture `index`.
template <class T>
std::span<const T> part_of(std::span<const T> batch, std::int64_t index) {
  const std::size_t size = batch.size() / kPictures;
  return batch.subspan(static_cast<std::size_t>(index) * size, size);
}

}  // namespace

Batch pictures(std::int64_t side, bool coarse, std::int64_t margin) {
  constexpr std::array<std::array<double, 3>, kClasses> kColors{{{-0.8, -0.6, -0.7}, {0.9, 0.3, -0.2}, {-0.1, 0.5, 1}}};
  const std::int64_t inner = side - 2 * margin;
  Batch batch{Tensor(DType::f32, {kPictures, 3, side, side}), Tensor(DType::u8, {kPictures, inner, inner})};
  float* image = batch.images.data<float>().data();
  std::uint8_t* label = batch.labels.data<std::uint8_t>().data();
  Rng rng(7);
  const auto middle = [&](std::int64_t k) {
    return (static_cast<double>(k - margin) + 0.5) / static_cast<double>(inner);
  };
  const auto is_inside = [&](std::int64_t k) { return k >= margin && k < margin + inner; };
  for (std::int64_t picture = 0; picture < kPictures; ++picture, image += 3 * side * side)
    for (std::int64_t y = 0; y < side; ++y)
      for (std::int64_t x = 0; x < side; ++x) {
        const std::uint8_t here = label_at(picture, middle(y), middle(x), coarse);
        if (is_inside(y) && is_inside(x)) *label++ = here;
        for (std::int64_t c = 0; c < 3; ++c)
          image[(c * side + y) * side + x] =
              static_cast<float>(kColors[here][static_cast<std::size_t>(c)] + 0.3 * rng.normal());
      }
  return batch;
}

Learning::Learning(const Model& model, const Batch& batch)
    : model_(model),
      batch_(batch),
      step_(make_training_graph(model.graph, batch.images.shape(), {.name = "auto"}, model.info.size.margin)),
      weights_(step_.parameters),
      optimizer_({}, step_.parameters) {
  Bindings leaves = weights_.views(step_.parameters);
  for (auto& [name, tensor] : model_.tensors) {
    const auto found = leaves.find(name);
    if (found == leaves.end()) {
      tensor = tensor.clone();
      leaves[name] = tensor;
      continue;
    }
    std::ranges::copy(tensor.data<float>(), found->second.data<float>().begin());
    tensor = found->second;
  }
  program_.emplace(step_.graph, leaves, Bindings{},
                   ProgramOptions{.threads = 1, .constant_parameters = false, .tune = false});
  gradients_.emplace(*program_, step_);
  std::ranges::copy(batch.images.data<float>(), program_->input("image").data<float>().begin());
  std::ranges::copy(batch.labels.data<std::uint8_t>(), program_->input("labels").data<std::uint8_t>().begin());
}

Mask Learning::truth(std::int64_t picture) const {
  Mask mask{Tensor(DType::u8, {batch_.labels.shape()[1], batch_.labels.shape()[2]})};
  std::ranges::copy(part_of(batch_.labels.data<std::uint8_t>(), picture), mask.labels.data<std::uint8_t>().begin());
  return mask;
}

double Learning::run(std::uint64_t seed) {
  program_->run(seed);
  return static_cast<double>(program_->output("loss").data<float>()[0]);
}

double Learning::adam_step(double learning_rate, std::uint64_t seed) {
  const double loss = run(seed);
  optimizer_.step(weights_, gradients_->values(), learning_rate);
  return loss;
}

double Learning::descend(double share, std::uint64_t seed) {
  const double before = run(seed), length = norm(gradients_->values());
  add_scaled(weights_, step_.parameters, gradients_->values(), static_cast<float>(-share * before / (length * length)));
  return (before - run(seed)) / (share * before);
}

double Learning::mean_iou() {
  Program program(instantiate(model_.graph, {{"image", batch_.images.shape()}}), model_.tensors, {},
                  {.threads = 1, .tune = false});
  std::ranges::copy(batch_.images.data<float>(), program.input("image").data<float>().begin());
  program.run();
  const Tensor logits = program.output("logits");
  const Shape& shape = logits.shape();
  ConfusionMatrix confusion(kClasses);
  for (std::int64_t i = 0; i < kPictures; ++i) {
    Tensor one(DType::f32, {shape[1], shape[2], shape[3]});
    std::ranges::copy(part_of(logits.data<float>(), i), one.data<float>().begin());
    confusion.add(most_likely(one), truth(i));
  }
  return score(confusion).mean_iou;
}

}  // namespace inlay::testing
