// Made-up files under the names that other programs give, into our networks by the built-in maps.
#include "models/weights/built_in_maps.h"

#include <gmock/gmock.h>

#include "inlay/weights.h"
#include "models/weights/weight_map.h"
#include "support/temp_folder.h"
#include "tensor/safetensors.h"

namespace inlay::testing {
namespace {

using ::testing::ElementsAre;

/// A file in the making: every tensor has its own number.
class MadeUp {
 public:
  void add(const std::string& name, const Shape& shape) {
    file_.tensors[name] = Tensor::filled(shape, static_cast<float>(file_.tensors.size()));
  }
  void conv(const std::string& name, const Shape& shape) { add(name + ".weight", shape); }
  void norm(const std::string& name, std::int64_t channels) {
    for (const char* leaf : {"weight", "bias", "running_mean", "running_var"}) add(name + "." + leaf, {channels});
    file_.tensors[name + ".num_batches_tracked"] = Tensor(DType::i32, {});
  }
  float number(const std::string& name) const { return file_.tensors.at(name).data<float>()[0]; }

  workflow::ImportedWeights import(const workflow::NetChoice& net) const {
    const TempFolder folder;
    write_safetensors(folder / "w.safetensors", file_);
    return workflow::import_weights({.weights = folder / "w.safetensors", .net = net});
  }

 private:
  TensorFile file_;
};

float first(const workflow::ImportedWeights& imported, const std::string& name) {
  return imported.model.tensors.at(name).data<float>()[0];
}

// train/Model.py of the authors.
class EspnetFile : public MadeUp {
 public:
  EspnetFile(std::int64_t classes, std::int64_t p, std::int64_t q) {
    conv("encoder.level1.conv", {16, 3, 3, 3});
    norm_act("encoder.level1.bn", "encoder.level1.act", 16);
    norm_act("encoder.b1.bn", "encoder.b1.act", 19);
    down("encoder.level2_0", 19, 64);
    for (std::int64_t i = 0; i < p; ++i) module(fmt::format("encoder.level2.{}", i), 64, 64);
    norm_act("encoder.b2.bn", "encoder.b2.act", 131);
    down("encoder.level3_0", 131, 128);
    for (std::int64_t i = 0; i < q; ++i) module(fmt::format("encoder.level3.{}", i), 128, 128);
    norm_act("encoder.b3.bn", "encoder.b3.act", 256);
    conv("encoder.classifier.conv", {classes, 256, 1, 1});
    conv("level3_C.conv", {classes, 131, 1, 1});
    norm("br", classes);
    conv("conv.conv", {classes, 19 + classes, 3, 3});
    norm_act("conv.bn", "conv.act", classes);
    conv("up_l3.0", {classes, classes, 2, 2});
    norm_act("combine_l2_l3.0.bn", "combine_l2_l3.0.act", 2 * classes);
    module("combine_l2_l3.1", 2 * classes, classes);
    conv("up_l2.0", {classes, classes, 2, 2});
    norm_act("up_l2.1.bn", "up_l2.1.act", classes);
    conv("classifier", {classes, classes, 2, 2});
  }

 private:
  void norm_act(const std::string& norm_name, const std::string& act, std::int64_t channels) {
    norm(norm_name, channels);
    add(act + ".weight", {channels});
  }
  void branches(const std::string& name, std::int64_t in, std::int64_t out, std::int64_t kernel) {
    const std::int64_t n = out / 5;
    conv(name + ".c1.conv", {n, in, kernel, kernel});
    conv(name + ".d1.conv", {out - 4 * n, n, 3, 3});
    for (const char* d : {"d2", "d4", "d8", "d16"}) conv(fmt::format("{}.{}.conv", name, d), {n, n, 3, 3});
  }
  void down(const std::string& name, std::int64_t in, std::int64_t out) {
    branches(name, in, out, 3);
    norm_act(name + ".bn", name + ".act", out);
  }
  void module(const std::string& name, std::int64_t in, std::int64_t out) {
    branches(name, in, out, 1);
    norm_act(name + ".bn.bn", name + ".bn.act", out);
  }
};

TEST(BuiltInMaps, Espnet) {
  const EspnetFile file(20, 1, 3);
  const workflow::ImportedWeights imported =
      file.import({.name = "espnet", .settings = {{"p", "1"}, {"q", "3"}}, .classes = 20});
  EXPECT_THAT(imported.maps, ElementsAre("espnet"));
  EXPECT_THAT(imported.fresh, ::testing::IsEmpty());
  EXPECT_EQ(imported.model.info.channel_order, ChannelOrder::bgr);
  const std::pair<const char*, const char*> pairs[] = {{"level1/slope", "encoder.level1.act.weight"},
                                                       {"level3/join/running_variance", "encoder.b3.bn.running_var"},
                                                       {"level2/down/d16/weight", "encoder.level2_0.d16.conv.weight"},
                                                       {"level3/2/reduce/weight", "encoder.level3.2.c1.conv.weight"},
                                                       {"level2/0/shift", "encoder.level2.0.bn.bn.bias"},
                                                       {"project3/weight", "encoder.classifier.conv.weight"},
                                                       {"project3/running_mean", "br.running_mean"},
                                                       {"project2/weight", "level3_C.conv.weight"},
                                                       {"merge2/join/slope", "combine_l2_l3.0.act.weight"},
                                                       {"merge2/d4/weight", "combine_l2_l3.1.d4.conv.weight"},
                                                       {"merge2/scale", "combine_l2_l3.1.bn.bn.weight"},
                                                       {"up3/weight", "up_l3.0.weight"},
                                                       {"up2/scale", "up_l2.1.bn.weight"},
                                                       {"merge1/weight", "conv.conv.weight"},
                                                       {"head/weight", "classifier.weight"}};
  for (const auto& [ours, theirs] : pairs) EXPECT_EQ(first(imported, ours), file.number(theirs)) << ours;
}

TEST(BuiltInMaps, AreWellFormedAndSetNothingOfTheNetwork) {
  for (const BuiltInMap& map : built_in_maps()) {
    const WeightMap parsed = parse_weight_map(map.text, map.name);
    EXPECT_FALSE(parsed.rules.empty()) << map.name;
    EXPECT_TRUE(parsed.settings.empty() && !parsed.channels && !parsed.classes) << map.name;
  }
}

}  // namespace
}  // namespace inlay::testing
