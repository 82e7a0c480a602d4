#include <gmock/gmock.h>

#include "base/files.h"
#include "inlay/weights.h"
#include "support/input_error.h"
#include "support/temp_folder.h"
#include "tensor/safetensors.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

/// A U-Net of one level with 2 channels: 10 convolutions and batch norms that another program named after the ones
/// here.
class ImportWeights : public ::testing::Test {
 protected:
  ImportWeights() {
    const Model model = workflow::open_net(net);
    for (const auto& [name, tensor] : model.tensors) {
      std::string theirs = "net." + name;
      std::ranges::replace(theirs, '/', '.');
      file.tensors[theirs] = Tensor::filled(tensor.shape(), 0.5f);
    }
    write_file(folder / "net.map", "net.** -> **\n");
  }
  workflow::WeightsRequest request() {
    write_safetensors(folder / "w.safetensors", file);
    return {.weights = folder / "w.safetensors", .net = net, .maps = {(folder / "net.map").string()}};
  }
  std::string error(const workflow::WeightsRequest& wrong) {
    return input_error([&] { workflow::import_weights(wrong); });
  }
  void map(const std::string& text) { write_file(folder / "net.map", text); }

  TempFolder folder;
  workflow::NetChoice net{"unet", {{"width", "2"}, {"depth", "1"}}, 3, 3, 0};
  TensorFile file;
};

TEST_F(ImportWeights, FillsTheNetworkByAMap) {
  const workflow::ImportedWeights imported = workflow::import_weights(request());
  EXPECT_THAT(imported.maps, ElementsAre((folder / "net.map").string()));
  EXPECT_THAT(imported.dropped, IsEmpty());
  EXPECT_THAT(imported.fresh, IsEmpty());
  for (const auto& [name, tensor] : imported.model.tensors) EXPECT_THAT(tensor.data<float>(), ::testing::Each(0.5f));
  const ModelInfo& info = imported.model.info;
  EXPECT_EQ(info.architecture, "unet");
  EXPECT_EQ(info.settings, net.settings);
  EXPECT_EQ(info.channel_order, ChannelOrder::rgb);
  EXPECT_THAT(info.mean, ElementsAre(0, 0, 0));
  EXPECT_EQ(info.training.at("weights"), "w.safetensors");
}

TEST_F(ImportWeights, TheMapSaysWhatTheRequestLeavesOpen) {
  map("net.** -> **\n"
      "model = unet\nset width = 2\nset depth = 7\nchannels = 3\nclasses = 3\n"
      "mean = 0.1, 0.2, 0.3\nstddev = 1, 2, 3\nchannel_order = bgr\n");
  workflow::WeightsRequest open = request();
  open.net = {.name = "", .settings = {{"depth", "1"}}};
  ModelInfo info = workflow::import_weights(open).model.info;
  EXPECT_EQ(info.architecture, "unet");
  EXPECT_EQ(info.settings, net.settings) << "a setting of the request comes first";
  EXPECT_THAT(info.mean, ElementsAre(0.1, 0.2, 0.3));
  EXPECT_THAT(info.stddev, ElementsAre(1, 2, 3));
  EXPECT_EQ(info.channel_order, ChannelOrder::bgr);

  open.mean = {7, 8, 9};
  open.stddev = {4, 5, 6};
  open.channel_order = ChannelOrder::rgb;
  info = workflow::import_weights(open).model.info;
  EXPECT_THAT(info.mean, ElementsAre(7, 8, 9));
  EXPECT_THAT(info.stddev, ElementsAre(4, 5, 6));
  EXPECT_EQ(info.channel_order, ChannelOrder::rgb);
}

TEST_F(ImportWeights, MapsAreReadOneAfterTheOther) {
  file.tensors["net.step"] = Tensor(DType::i32, {});
  file.tensors.erase("net.head.bias");
  workflow::WeightsRequest two = request();
  write_file(folder / "mine.map", "drop *.step\nfresh head/bias\nmean = 1, 1, 1\n");
  two.maps.insert(two.maps.begin(), (folder / "mine.map").string());
  const workflow::ImportedWeights imported = workflow::import_weights(two);
  EXPECT_THAT(imported.dropped, ElementsAre("net.step"));
  EXPECT_THAT(imported.fresh, ElementsAre("head/bias"));
  EXPECT_THAT(imported.model.info.mean, ElementsAre(1, 1, 1));
  EXPECT_EQ(imported.maps.size(), 2u);
}

TEST_F(ImportWeights, ListsEverythingThatDoesNotFit) {
  file.tensors["net.head.weight"] = Tensor(DType::f32, {3, 2});
  file.tensors["net.extra"] = Tensor(DType::u8, {4});
  file.tensors["more"] = Tensor(DType::f32, {});
  file.tensors.erase("net.up.2.bias");
  EXPECT_EQ(error(request()), "'" + (folder / "w.safetensors").string() + "' does not fit unet by the map '" +
                                  (folder / "net.map").string() +
                                  "':\n"
                                  "  no rule for 'more' (F32 scalar)\n"
                                  "  'net.extra' (U8 4): the network has no 'extra'\n"
                                  "  'net.head.weight' (F32 3x2) does not fit 'head/weight' (3x2x1x1)\n"
                                  "  nothing for 'up/2/bias' (2)");
}

TEST_F(ImportWeights, WithoutAMapTheBuiltInOneThatFitsIsTaken) {
  Model model = workflow::open_net(net);
  workflow::write_model(model, folder / "ours.safetensors");
  net.seed = 9;
  const workflow::ImportedWeights imported =
      workflow::import_weights({.weights = folder / "ours.safetensors", .net = net});
  EXPECT_THAT(imported.maps, ElementsAre("inlay"));
  for (const auto& [name, tensor] : model.tensors)
    EXPECT_TRUE(std::ranges::equal(tensor.data<float>(), imported.model.tensors.at(name).data<float>())) << name;

  workflow::WeightsRequest none = request();
  none.maps.clear();
  EXPECT_THAT(error(none), AllOf(HasSubstr("no built-in map fits '"), HasSubstr("' and unet: write one for --map"),
                                 HasSubstr("'net.head.bias' (F32 3): the network has no 'net/head/bias'"),
                                 HasSubstr("\n  nothing for 'head/bias' (3)"), Not(HasSubstr("espnet"))));
}

TEST_F(ImportWeights, NamesTheMapThatIsNotThere) {
  workflow::WeightsRequest wrong = request();
  wrong.maps = {"esnet"};
  EXPECT_THAT(error(wrong), AllOf(HasSubstr("there is no weight map 'esnet'; expected a file, or one of inlay, "),
                                  HasSubstr("did you mean 'espnet'?")));
  map("foo");
  EXPECT_THAT(error(request()), HasSubstr("net.map', line 1: 'foo' is no rule"));
}

TEST_F(ImportWeights, NeedsANetworkByName) {
  workflow::WeightsRequest wrong = request();
  wrong.net.name = "";
  EXPECT_THAT(error(wrong), HasSubstr("w.safetensors' holds weights: say of which network by --model NAME"));
  wrong.net.name = "best.onnx";
  EXPECT_THAT(error(wrong), HasSubstr("'best.onnx' is a model file; the weights in"));
  wrong.weights = folder / "missing.safetensors";
  EXPECT_THAT(error(wrong), HasSubstr("missing.safetensors"));
}

TEST_F(ImportWeights, ClassesAreNamedByAList) {
  write_file(folder / "all.txt", "0 sky 1 2 3\n1 road\n2 void 9 9 9\n");
  write_file(folder / "more.txt", "sky\nroad\ncar\nvoid\n");
  write_file(folder / "dataset.toml",
             "[[classes]]\nname = \"a\"\n[[classes]]\nname = \"b\"\n[[classes]]\nname = \"c\"\n");
  workflow::WeightsRequest named = request();
  const auto names = [&](const char* list) {
    named.classes = folder / list;
    std::vector<std::string> found;
    for (const ModelClass& c : workflow::import_weights(named).model.info.classes) found.push_back(c.name);
    return found;
  };
  EXPECT_THAT(names("all.txt"), ElementsAre("sky", "road", "void")) << "the network knows the class that masks ignore";
  EXPECT_THAT(names("more.txt"), ElementsAre("sky", "road", "car"));
  EXPECT_THAT(names("dataset.toml"), ElementsAre("a", "b", "c"));
  named.classes = folder / "all.txt";
  const auto classes = workflow::import_weights(named).model.info.classes;
  EXPECT_THAT(classes[0].color, ElementsAre(1, 2, 3));
  EXPECT_THAT(classes[1].color, ElementsAre(128, 0, 0)) << "the VOC palette where the list has none";
  write_file(folder / "few.txt", "sky\nroad\n");
  named.classes = folder / "few.txt";
  EXPECT_THAT(error(named), HasSubstr("few.txt' lists 2 classes, 2 without those that are ignored; the network tells 3 "
                                      "apart (--classes)"));
}

TEST_F(ImportWeights, NumbersAChannelAreAsManyAsChannels) {
  workflow::WeightsRequest wrong = request();
  wrong.mean = {1, 2};
  EXPECT_THAT(error(wrong), HasSubstr("mean has 2 numbers, and the network reads 3 channels"));
  map("net.** -> **\nstddev = 1\n");
  EXPECT_THAT(error(request()), HasSubstr("stddev has 1 numbers, and the network reads 3 channels"));
}

TEST_F(ImportWeights, BuiltInMapsCanBeListed) {
  const auto maps = workflow::weight_maps();
  EXPECT_THAT(maps, ::testing::SizeIs(::testing::Ge(2)));
  for (const workflow::WeightMapInfo& map : maps) EXPECT_FALSE(map.about.empty()) << map.name;
}

TEST_F(ImportWeights, TheFilesEndingSaysWhatIsWritten) {
  const Model model = workflow::open_net(net);
  workflow::write_model(model, folder / "a.onnx");
  EXPECT_EQ(load_model(folder / "a.onnx").tensors.size(), model.tensors.size());
  workflow::write_model(model, folder / "a.safetensors");
  EXPECT_EQ(read_safetensors(folder / "a.safetensors").tensors.size(), model.tensors.size());
  EXPECT_THAT(input_error([&] { workflow::write_model(model, folder / "a.pth"); }),
              HasSubstr("must end in .onnx, that of its weights alone in .safetensors"));
}

}  // namespace
}  // namespace inlay::testing
