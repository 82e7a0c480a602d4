#include "support/cases/loss_inputs.h"
#include "support/op_cases.h"

namespace inlay::testing {
namespace {

using Loss = Value (*)(Value, Value, Value, Value, const LossOptions&);

OpCase loss_case(std::string name, Loss loss, Shape logits, std::int64_t classes, Weights weights = Weights::none,
                 LossOptions o = {}) {
  return {std::move(name),
          loss_inputs(logits, classes, weights),
          [=](std::span<const Value> in) {
            return loss(in[0], in[1], class_weights_of(in, weights), pixel_weights_of(in, weights), o);
          },
          false,
          true,
          false};
}

}  // namespace

std::vector<OpCase> cross_entropy_cases() {
  return {
      loss_case("cross_entropy/plain", cross_entropy, {2, 3, 4, 5}, 3),
      loss_case("cross_entropy/class_weights", cross_entropy, {2, 5, 3, 7}, 5, Weights::classes),
      loss_case("cross_entropy/pixel_weights", cross_entropy, {1, 2, 9, 5}, 2, Weights::pixels),
      loss_case("cross_entropy/both_weights", cross_entropy, {2, 17, 3, 5}, 17, Weights::both),
      loss_case("cross_entropy/ignore_first_class", cross_entropy, {2, 4, 5, 5}, 4, Weights::classes, {.ignore = 0}),
      loss_case("cross_entropy/one_pixel", cross_entropy, {1, 2, 1, 1}, 2),
      loss_case("cross_entropy/one_class", cross_entropy, {1, 1, 2, 3}, 1),
      loss_case("cross_entropy/labels_beyond_the_classes", cross_entropy, {1, 2, 4, 4}, 2, Weights::none,
                {.ignore = 200}),
      loss_case("cross_entropy/several_chunks", cross_entropy, {2, 2, 11, 31}, 2, Weights::both),
  };
}

std::vector<OpCase> binary_cross_entropy_cases() {
  return {
      loss_case("binary_cross_entropy/plain", binary_cross_entropy, {2, 1, 4, 5}, 2),
      loss_case("binary_cross_entropy/class_weights", binary_cross_entropy, {2, 1, 3, 7}, 2, Weights::classes),
      loss_case("binary_cross_entropy/pixel_weights", binary_cross_entropy, {1, 1, 9, 5}, 2, Weights::pixels),
      loss_case("binary_cross_entropy/both_weights", binary_cross_entropy, {2, 1, 13, 31}, 2, Weights::both),
      loss_case("binary_cross_entropy/ignore_background", binary_cross_entropy, {1, 1, 5, 5}, 2, Weights::none,
                {.ignore = 0}),
      loss_case("binary_cross_entropy/one_pixel", binary_cross_entropy, {1, 1, 1, 1}, 2),
  };
}

std::vector<OpCase> dice_loss_cases() {
  const Loss dice = [](Value logits, Value labels, Value, Value, const LossOptions& o) {
    return dice_loss(logits, labels, o);
  };
  return {
      loss_case("dice_loss/binary", dice, {2, 1, 4, 5}, 2),
      loss_case("dice_loss/two_classes", dice, {2, 2, 3, 5}, 2),
      loss_case("dice_loss/channels17", dice, {1, 17, 5, 3}, 17),
      loss_case("dice_loss/ignore_first_class", dice, {1, 3, 4, 4}, 3, Weights::none, {.ignore = 0}),
      loss_case("dice_loss/one_pixel", dice, {1, 2, 1, 1}, 2),
  };
}

std::vector<OpCase> one_hot_cases() {
  const auto one = [](const std::string& name, Shape labels, std::int64_t drawn, std::int64_t classes,
                      std::int64_t ignore) {
    return OpCase{"one_hot/" + name,
                  {{"labels", {DType::u8, labels}, Fill::labels, drawn}},
                  [=](auto in) { return one_hot(in[0], classes, ignore); },
                  false,
                  false,
                  false};
  };
  return {one("classes3", {2, 4, 5}, 3, 3, 255),   one("classes17", {1, 5, 7}, 17, 17, 255),
          one("ignore_first", {1, 3, 3}, 3, 3, 0), one("labels_beyond", {2, 3, 3}, 5, 2, 255),
          one("one_pixel", {1, 1, 1}, 2, 2, 255),  one("one_class", {1, 4, 4}, 1, 1, 255)};
}

}  // namespace inlay::testing
