#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/rng.h"
#include "graph/operator.h"
#include "inlay/model.h"
#include "inlay/program.h"
#include "inlay/summary.h"
#include "support/input_error.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::input_error;

constexpr std::int64_t kPatch = 133;

Model network(const char* form, const char* width = "0.2", std::int64_t classes = 3) {
  return create_model("sliding_window", {.out_channels = classes, .settings = {{"form", form}, {"width", width}}});
}

Tensor run(const Model& model, const Tensor& image) {
  Program program(instantiate(model.graph, {{"image", image.shape()}}), model.tensors, {},
                  {.threads = 2, .tune = false});
  std::ranges::copy(image.data<float>(), program.input("image").data<float>().begin());
  program.run();
  return program.output("logits").clone();
}

/// Every patch of a picture (1, C, H, W): (N, C, kPatch, kPatch).
Tensor patches_of(const Tensor& image) {
  const Shape& s = image.shape();
  const std::int64_t rows = s[2] - kPatch + 1, columns = s[3] - kPatch + 1;
  Tensor patches(DType::f32, {rows * columns, s[1], kPatch, kPatch});
  float* to = patches.data<float>().data();
  for (std::int64_t i = 0; i < rows * columns; ++i)
    for (std::int64_t c = 0; c < s[1]; ++c)
      for (std::int64_t y = 0; y < kPatch; ++y)
        to = std::copy_n(image.data<float>().data() + (c * s[2] + i / columns + y) * s[3] + i % columns, kPatch, to);
  return patches;
}

TEST(SlidingWindow, OncePerPixelOrAllAtOnceItSaysTheSame) {
  Tensor image(DType::f32, {1, 3, kPatch + 4, kPatch + 6});
  Rng rng(2);
  for (float& value : image.data<float>()) value = static_cast<float>(rng.normal());
  const Tensor dense = run(network("dense"), image), single = run(network("patch"), patches_of(image));
  ASSERT_EQ(dense.shape(), (Shape{1, 3, 5, 7}));
  ASSERT_EQ(single.shape(), (Shape{35, 3, 1, 1}));
  float largest = 0;
  for (float value : dense.data<float>()) largest = std::max(largest, std::abs(value));
  ASSERT_GT(largest, 0.01f);
  for (std::size_t i = 0; i < 35; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      EXPECT_NEAR(dense.data<float>()[c * 35 + i], single.data<float>()[i * 3 + c], 1e-4f * largest);
}

TEST(SlidingWindow, BothFormsHaveTheSameParameters) {
  const Model dense = network("dense"), patch = network("patch");
  ASSERT_EQ(dense.tensors.size(), patch.tensors.size());
  for (const auto& [name, tensor] : dense.tensors) EXPECT_EQ(patch.tensors.at(name).shape(), tensor.shape()) << name;
  EXPECT_TRUE(dense.tensors.contains("conv1/weight"));
  EXPECT_TRUE(dense.tensors.contains("full/bias"));
  EXPECT_EQ(summarise(network("dense", "1", 2).graph).parameters,
            25 * (36 * 3 + 1) + 50 * (9 * 25 + 1) + 100 * (49 * 50 + 1) + 2 * (100 + 1));
}

TEST(SlidingWindow, ReadsThePatchAroundAPixel) {
  EXPECT_EQ(network("dense").info.size, (SizeRule{.least = 133, .margin = 66, .patch = 133}));
  EXPECT_EQ(network("patch").info.size, (SizeRule{.least = 133, .most = 133, .margin = 66, .patch = 133}));
  for (const char* form : {"dense", "patch"}) {
    const Summary summary = summarise(network(form).graph);
    EXPECT_EQ(summary.receptive_field_h, 133) << form;
    EXPECT_EQ(summary.receptive_field_w, 133) << form;
  }
}

TEST(SlidingWindow, StridesBecomeDilations) {
  const Model model = network("dense");
  std::map<std::string, std::string> options;
  for (const auto& node : model.graph.nodes()) options[node->name] = to_string(node->attributes);
  EXPECT_THAT(options["conv1/max_pool2d"], HasSubstr("stride=[1, 1]"));
  EXPECT_THAT(options["conv2/conv2d"], HasSubstr("dilation=[8, 8]"));
  EXPECT_THAT(options["conv2/max_pool2d"], HasSubstr("dilation=[8, 8]"));
  EXPECT_THAT(options["full/conv2d"], HasSubstr("dilation=[16, 16]"));
}

TEST(SlidingWindow, RefusesSettingsOutOfRange) {
  const auto error = [](const char* name, const char* value) {
    return input_error([&] { create_model("sliding_window", {.settings = {{name, value}}}); });
  };
  EXPECT_THAT(error("form", "patches"), HasSubstr("expected one of dense, patch"));
  EXPECT_THAT(error("width", "0"), HasSubstr("sliding_window: width is 0"));
}

}  // namespace
}  // namespace inlay
