// Weights of another program, on the command line.
#include <gmock/gmock.h>

#include <fstream>

#include "cli/program.h"
#include "inlay/model.h"
#include "tensor/safetensors.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Convert : public ::testing::Test {
 protected:
  /// The weights of a small U-Net as a PyTorch program would name them.
  void write_weights() {
    ASSERT_EQ(run("convert unet --width 2 --depth 1 --classes 3 -o start.safetensors").status, 0);
    TensorFile file;
    for (const auto& [name, tensor] : read_safetensors(folder / "start.safetensors").tensors) {
      std::string theirs = "module." + name;
      for (char& c : theirs)
        if (c == '/') c = '.';
      file.tensors[theirs] = tensor;
    }
    file.tensors["module.epoch"] = Tensor(DType::i32, {});
    write_safetensors(folder / "w.safetensors", file);
  }
  void write_map(const std::string& text) { std::ofstream(folder / "net.map") << text; }
  Outcome run(const std::string& arguments) { return run_inlay(folder, arguments); }

  TempFolder folder;
};

constexpr const char* kNet = "convert w.safetensors --model unet --width 2 --depth 1 --classes 3 ";

TEST_F(Convert, WeightsBecomeAModelFile) {
  write_weights();
  write_map("# DataParallel puts module. in front\ndrop **.epoch\nmodule.** -> **\nmean = 0.5, 0.5, 0.5\n");
  std::ofstream(folder / "classes.txt") << "0 sky\n1 road\n2 car\n";
  const Outcome done =
      run(std::string(kNet) +
          "--map net.map --classes-file classes.txt --stddev 0.2,0.3,0.4 --channel-order bgr -o m.onnx");
  EXPECT_EQ(done.status, 0) << done.err;
  EXPECT_EQ(done.err, "");
  EXPECT_EQ(done.out, "m.onnx: 489 parameters; 34 tensors taken, 1 dropped, 0 fresh (map net.map)\n");
  const Model model = load_model(folder / "m.onnx");
  EXPECT_THAT(model.info.mean, ElementsAre(0.5, 0.5, 0.5));
  EXPECT_THAT(model.info.stddev, ElementsAre(0.2, 0.3, 0.4));
  EXPECT_EQ(model.info.channel_order, ChannelOrder::bgr);
  EXPECT_EQ(model.info.classes.at(1).name, "road");
  // And back: the same weights as at the start.
  ASSERT_EQ(run("convert m.onnx -o end.safetensors").status, 0);
  EXPECT_EQ(contents(folder / "end.safetensors"), contents(folder / "start.safetensors"));
  const Outcome again = run("convert end.safetensors --model unet --width 2 --depth 1 --classes 3 -o again.onnx");
  EXPECT_THAT(again.out, HasSubstr("34 tensors taken, 0 dropped, 0 fresh (map inlay)"));
  EXPECT_THAT(again.err, AllOf(HasSubstr("inlay: warning: nothing says what the pixels of 0..1 were normalised by"),
                               HasSubstr("--mean and --stddev")))
      << "numbers alone say nothing of the pixels";
}

TEST_F(Convert, WhatDoesNotFitIsListedAndNothingWritten) {
  write_weights();
  write_map("module.** -> **\n");
  const Outcome failed = run(std::string(kNet) + "--set up=nearest --map net.map -o m.onnx");
  EXPECT_EQ(failed.status, 2);
  EXPECT_EQ(failed.out, "");
  EXPECT_EQ(failed.err,
            "inlay: error: 'w.safetensors' does not fit unet by the map 'net.map':\n"
            "  'module.epoch' (I32 scalar): the network has no 'epoch'\n"
            "  'module.up.2.weight' (F32 4x2x2x2) does not fit 'up/2/weight' (2x4x3x3)\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "m.onnx"));
}

TEST_F(Convert, MistakesEndWithCodeTwo) {
  write_weights();
  write_map("module.** -> **\ndrop\n");
  std::ofstream(folder / "good.map") << "drop **.epoch\nmodule.** -> **\n";
  const std::pair<std::string, const char*> mistakes[] = {
      {"convert w.safetensors -o m.onnx", "'w.safetensors' holds weights: say of which network by --model NAME"},
      {"convert w.safetensors --model unett -o m.onnx", "unknown network 'unett'"},
      {"convert missing.safetensors --model unet -o m.onnx", "missing.safetensors"},
      {std::string(kNet) + "--map net.map -o m.onnx", "'net.map', line 2: 'drop' is no rule"},
      {std::string(kNet) + "--map other.map -o m.onnx",
       "there is no weight map 'other.map'; expected a file, or one of"},
      {std::string(kNet) + "--map w.safetensors -o m.onnx", "'w.safetensors' is no text in UTF-8"},
      {std::string(kNet) + "--mean red -o m.onnx", "--mean is 'red', expected a number or a list of numbers"},
      {std::string(kNet) + "--stddev , -o m.onnx", "--stddev is ',', expected a number"},
      {std::string(kNet) + "--channel-order gbr -o m.onnx", "--channel-order is 'gbr', expected one of rgb, bgr"},
      {"convert unet --map inlay -o m.onnx", "--map belongs to weights in a .safetensors file; 'unet' is a network"},
      {"convert unet --model unet -o m.onnx", "--model belongs to weights"},
      {"convert unet --classes-file c.txt -o m.onnx", "--classes-file belongs to weights"},
      {"convert unet --mean 1 -o m.onnx", "--mean belongs to weights"},
      {"convert unet --stddev 1 -o m.onnx", "--stddev belongs to weights"},
      {"convert unet --channel-order bgr -o m.onnx", "--channel-order belongs to weights"},
      {std::string(kNet) + "--map good.map -o m.pth", "must end in .onnx, that of its weights alone in .safetensors"}};
  for (const auto& [arguments, message] : mistakes) {
    const Outcome failed = run(arguments);
    EXPECT_EQ(failed.status, 2) << arguments;
    EXPECT_THAT(failed.err, AllOf(::testing::StartsWith("inlay: error: "), HasSubstr(message))) << arguments;
  }
  EXPECT_FALSE(std::filesystem::exists(folder / "m.onnx"));
}

TEST_F(Convert, HelpNamesTheBuiltInMaps) {
  EXPECT_THAT(run("convert --help").out,
              AllOf(HasSubstr("Built-in maps:\n"), HasSubstr("\n  espnet "), HasSubstr("\n  inlay ")));
}

}  // namespace
}  // namespace inlay::testing
