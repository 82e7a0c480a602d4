#include "workflow/inspect/net_input.h"

#include "base/fail.h"
#include "infer/picture_input.h"

namespace inlay {

NetInput net_input(const Model& model, const Image& picture) {
  const SizeRule& rule = model.info.size;
  NetInput input{{}, rule.margin, picture.height(), picture.width()};
  const std::int64_t height = rule.fit(input.height + 2 * rule.margin), width = rule.fit(input.width + 2 * rule.margin);
  if (height < input.height + 2 * rule.margin || width < input.width + 2 * rule.margin)
    fail_input("the net takes {}, and a picture of {}x{} needs more; only a part of it can be inspected: crop it",
               to_string(rule), input.height, input.width);
  input.numbers = Tensor(DType::f32, {1, model.in_channels(), height, width});
  PictureInput(normalisation_of(model))
      .fill(with_channels(picture, model.in_channels()), {-rule.margin, -rule.margin, height, width},
            input.numbers.data<float>());
  return input;
}

Tensor gradient_of_picture(const Tensor& gradient, const NetInput& input) {
  const Shape& shape = gradient.shape();
  Tensor result(DType::f32, {shape[1], input.height, input.width});
  const float* from = gradient.data<float>().data();
  float* to = result.data<float>().data();
  for (std::int64_t c = 0; c < shape[1]; ++c)
    for (std::int64_t y = 0; y < shape[2]; ++y) {
      float* row = to + (c * input.height + reflect_index(y - input.margin, input.height)) * input.width;
      for (std::int64_t x = 0; x < shape[3]; ++x) row[reflect_index(x - input.margin, input.width)] += *from++;
    }
  return result;
}

}  // namespace inlay
