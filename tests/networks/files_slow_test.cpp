// Every network as a model file, and as it runs.
#include <gtest/gtest.h>

#include <cmath>

#include "base/files.h"
#include "inlay/program.h"
#include "support/networks/onnxruntime.h"
#include "support/networks/tested_networks.h"
#include "support/op_case.h"
#include "support/run_program.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

class Networks : public ::testing::TestWithParam<TestedNetwork> {
 protected:
  static Model unsettled_model() {
    Model model = GetParam().model();
    unsettle(model);
    return model;
  }
  static Shape image_for(const Model& model, std::int64_t height, std::int64_t width) {
    return {2, 3, model.info.size.fit(height), model.info.size.fit(width)};
  }
};

std::vector<float> logits_of(const Model& model, const Shape& image) {
  Program program(instantiate(model.graph, {{"image", image}}), model.tensors, {}, {.threads = 1});
  const std::vector<double> numbers = draw({"image", {DType::f32, image}}, 1);
  std::ranges::transform(numbers, program.input("image").data<float>().begin(),
                         [](double x) { return static_cast<float>(x); });
  program.run();
  const Tensor logits = program.output("logits");
  return {logits.data<float>().begin(), logits.data<float>().end()};
}

TEST_P(Networks, StartFromTheSeed) {
  const Model one = GetParam().model(3, 1), same = GetParam().model(3, 1), other = GetParam().model(3, 2);
  bool differs = false;
  for (const Value& leaf : one.graph.leaves()) {
    if (leaf.leaf()->kind == LeafKind::input) continue;
    const Tensor& tensor = one.tensors.at(leaf.name());
    EXPECT_EQ(tensor.shape(), leaf.shape()) << leaf.name();
    const auto numbers = tensor.data<float>();
    EXPECT_TRUE(std::ranges::equal(numbers, same.tensors.at(leaf.name()).data<float>())) << leaf.name();
    differs |= !std::ranges::equal(numbers, other.tensors.at(leaf.name()).data<float>());
  }
  EXPECT_TRUE(differs);
}

TEST_P(Networks, AreSavedAndReadBackBitByBit) {
  const Model model = unsettled_model();
  const TempFolder folder;
  save_model(model, folder / "one.onnx");
  const Model read = load_model(folder / "one.onnx");
  save_model(read, folder / "two.onnx");
  EXPECT_TRUE(read_file(folder / "one.onnx") == read_file(folder / "two.onnx"));
  EXPECT_EQ(read.info.size, model.info.size);
  EXPECT_EQ(read.info.settings, model.info.settings);
  const Shape image = image_for(model, 24, 17);
  EXPECT_EQ(logits_of(read, image), logits_of(model, image));
}

TEST_P(Networks, GiveTheReferencesNumbers) {
  const Model model = unsettled_model();
  for (const Shape& image : {image_for(model, 1, 1), image_for(model, 19, 13)}) {
    const Graph graph = instantiate(model.graph, {{"image", image}});
    ReferenceValues numbers;
    for (const auto& [name, tensor] : model.tensors) numbers[name] = to_doubles(tensor);
    numbers["image"] = draw({"image", {DType::f32, image}}, 1);
    EXPECT_LT(program_error(graph, numbers, {.threads = 1}), 1e-4) << to_string(image);
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, Networks, ::testing::ValuesIn(trained_networks()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace inlay::testing
