#include "inlay/loss_ops.h"
#include "support/cases/loss_inputs.h"
#include "support/op_cases.h"

namespace inlay::testing {
namespace {

/// build(logits, labels, class weights, pixel weights)
template <class Build>
OpCase loss_case(std::string name, Shape logits, std::int64_t classes, Weights weights, Build build) {
  return {std::move(name),
          loss_inputs(logits, classes, weights),
          [=](std::span<const Value> in) {
            return build(in[0], in[1], class_weights_of(in, weights), pixel_weights_of(in, weights));
          },
          false,
          true,
          false};
}

OpCase focal(const std::string& name, Shape logits, std::int64_t classes, FocalOptions o = {},
             Weights weights = Weights::none) {
  return loss_case("focal_loss/" + name, logits, classes, weights,
                   [=](Value x, Value y, Value c, Value p) { return focal_loss(x, y, c, p, o); });
}

OpCase hard(const std::string& name, Shape logits, std::int64_t classes, HardPixelOptions o = {},
            Weights weights = Weights::none) {
  OpCase result = loss_case("hard_pixels/" + name, logits, classes, weights,
                            [=](Value x, Value y, Value c, Value p) { return hard_pixels(x, y, c, p, o); });
  result.differentiable = false;
  return result;
}

OpCase lovasz(const std::string& name, Shape logits, std::int64_t classes, LovaszOptions o = {}) {
  return loss_case("lovasz_loss/" + name, logits, classes, Weights::none,
                   [=](Value x, Value y, Value, Value) { return lovasz_loss(x, y, o); });
}

OpCase tversky(const std::string& name, Shape logits, std::int64_t classes, TverskyOptions o = {}) {
  return loss_case("tversky_loss/" + name, logits, classes, Weights::none,
                   [=](Value x, Value y, Value, Value) { return tversky_loss(x, y, o); });
}

}  // namespace

std::vector<OpCase> focal_loss_cases() {
  return {
      focal("plain", {2, 3, 4, 5}, 3),
      focal("gamma0", {2, 3, 4, 5}, 3, {.gamma = 0}),
      focal("gamma_half", {1, 4, 3, 5}, 4, {.gamma = 0.5}),
      focal("gamma1", {1, 4, 3, 5}, 4, {.gamma = 1}),
      focal("gamma3", {2, 17, 3, 5}, 17, {.gamma = 3}, Weights::classes),
      focal("smoothing", {2, 5, 3, 7}, 5, {.gamma = 0, .smoothing = 0.1}, Weights::both),
      focal("gamma_and_smoothing", {2, 5, 3, 7}, 5, {.gamma = 2, .smoothing = 0.3}, Weights::pixels),
      focal("binary", {2, 1, 4, 5}, 2),
      focal("binary_smoothing", {2, 1, 13, 31}, 2, {.gamma = 0, .smoothing = 0.2}, Weights::both),
      focal("binary_all", {2, 1, 3, 7}, 2, {.gamma = 1.5, .smoothing = 0.1}, Weights::classes),
      focal("ignore_first_class", {2, 4, 5, 5}, 4, {.ignore = 0}),
      focal("one_pixel", {1, 2, 1, 1}, 2),
      focal("labels_beyond_the_classes", {1, 2, 4, 4}, 2, {.ignore = 200}),
      focal("several_chunks", {2, 2, 11, 31}, 2, {.gamma = 2, .smoothing = 0.1}, Weights::both),
  };
}

std::vector<OpCase> hard_pixels_cases() {
  const auto ohem =
      loss_case("hard_pixels/cross_entropy", {2, 3, 9, 31}, 3, Weights::both, [](Value x, Value y, Value c, Value p) {
        return cross_entropy(x, y, {}, hard_pixels(x, y, c, p, {.threshold = 0.2, .keep = 0.5}));
      });
  return {
      ohem,
      hard("plain", {2, 3, 4, 5}, 3),
      hard("threshold", {2, 3, 9, 31}, 3, {.threshold = 0.3, .keep = 0}),
      hard("keep", {2, 3, 9, 31}, 3, {.threshold = 0, .keep = 0.25}),
      hard("keep_all", {1, 5, 4, 5}, 5, {.threshold = 0, .keep = 1}, Weights::pixels),
      hard("both_weights", {2, 17, 3, 5}, 17, {.threshold = 0.05, .keep = 0.5}, Weights::both),
      hard("binary", {2, 1, 13, 31}, 2, {.threshold = 0.2, .keep = 0.5}, Weights::classes),
      hard("ignore_first_class", {1, 3, 5, 5}, 3, {.threshold = 0.1, .keep = 0.4, .ignore = 0}),
      hard("one_pixel", {1, 2, 1, 1}, 2),
  };
}

std::vector<OpCase> lovasz_loss_cases() {
  return {
      lovasz("plain", {2, 3, 4, 5}, 3),
      lovasz("per_image", {3, 3, 4, 5}, 3, {.per_image = true}),
      lovasz("some_classes_absent", {2, 17, 3, 5}, 17),
      lovasz("hinge", {2, 1, 4, 5}, 2),
      lovasz("hinge_per_image", {2, 1, 9, 31}, 2, {.per_image = true}),
      lovasz("ignore_first_class", {1, 3, 4, 4}, 3, {.ignore = 0}),
      lovasz("ignore_background", {1, 1, 4, 4}, 2, {.ignore = 0}),
      lovasz("labels_beyond_the_classes", {1, 2, 4, 4}, 4),
      lovasz("several_chunks", {2, 2, 11, 31}, 2),
      lovasz("one_pixel", {1, 2, 1, 1}, 2),
  };
}

std::vector<OpCase> tversky_loss_cases() {
  return {
      tversky("binary", {2, 1, 4, 5}, 2),
      tversky("two_classes", {2, 2, 3, 5}, 2, {.alpha = 0.7, .beta = 0.3}),
      tversky("channels17", {1, 17, 5, 3}, 17, {.alpha = 1, .beta = 1}),
      tversky("ignore_first_class", {1, 3, 4, 4}, 3, {.ignore = 0}),
      tversky("no_false_positives", {1, 3, 4, 4}, 3, {.alpha = 0, .beta = 1}),
      tversky("one_pixel", {1, 2, 1, 1}, 2),
  };
}

}  // namespace inlay::testing
