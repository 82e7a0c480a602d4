// Operators that ONNX has in another form, or not at all: a file says in ONNX's terms what they do, at every size.
#include "inlay/nn.h"
#include "inlay/ops.h"
#include "support/networks/onnxruntime.h"

namespace inlay::testing {
namespace {

Model model_of(const std::function<Value(Value)>& build) {
  Model model;
  const Value image = model.graph.input("image", {DType::f32, {1, 3, 32, 32}});
  model.graph.set_output("logits", build(image));
  model.info.classes.resize(static_cast<std::size_t>(model.out_channels()));
  model.info.mean.assign(3, 0.0);
  model.info.stddev.assign(3, 1.0);
  return model;
}

const std::vector<Shape> kShapes{{1, 3, 32, 32}, {2, 3, 17, 24}, {1, 3, 6, 7}};

TEST_F(OnnxRuntime, AgreesForOperatorsWithoutAnOnnxNameOfTheirOwn) {
  const Pool2dOptions wide{.kernel = 5, .stride = 1};
  const std::map<std::string, std::function<Value(Value)>> builds{
      {"crop_middle", [&](Value x) { return crop_like(x, max_pool2d(x, wide).values); }},
      {"crop_offset", [&](Value x) { return crop_like(x, max_pool2d(x, wide).values, {.offset = 3}); }},
      {"pad_middle",
       [&](Value x) {
         return pad_like(max_pool2d(x, {.kernel = {4, 3}, .stride = 1}).values, x);
       }},
      {"pad_offset", [&](Value x) { return pad_like(max_pool2d(x, wide).values, x, {.offset = 1}); }},
      {"pad_channels", [](Value x) { return pad_channels(x, {.front = 1, .behind = 2}); }},
      {"clip", [](Value x) { return clip(affine(x, 4), {.low = -1, .high = 2.5}); }},
      {"bins",
       [](Value x) {
         return adaptive_avg_pool2d(x, {{3, 5}});
       }},
      {"more_bins_than_pixels",
       [](Value x) {
         return adaptive_avg_pool2d(x, {{40, 11}});
       }},
      {"two_poolings",
       [](Value x) {
         return inlay::add(resize2d_like(adaptive_avg_pool2d(x, {1}), x),
                           resize2d_like(adaptive_avg_pool2d(x, {2}), x));
       }},
  };
  for (const auto& [name, build] : builds) add(name, model_of(build), kShapes);
  expect_same();
}

}  // namespace
}  // namespace inlay::testing
