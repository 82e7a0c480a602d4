#include <gmock/gmock.h>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Mistake {
  const char *arguments, *message;
};

TEST(Usage, MistakesEndWithCodeTwoAndSayWhatToDo) {
  const TempFolder folder;
  const Mistake mistakes[] = {
      {"", "say which command: train, evaluate"},
      {"trian cells", "unknown command 'trian'; did you mean 'train'?; see 'inlay --help'"},
      {"data sinth", "unknown command 'sinth'; did you mean 'synth'?; see 'inlay data --help'"},
      {"data", "say which command: synth, check, info"},
      {"train cells --epoch 3", "unknown option '--epoch'; did you mean '--epochs'?; see 'inlay train --help'"},
      {"predict m.onnx a.png -o out --overlays", "unknown option '--overlays'; did you mean '--overlay'?"},
      {"evaluate --spilt=val m.onnx cells", "unknown option '--spilt'; did you mean '--split'?"},
      {"evaluate m.onnx", "DATA is required"},
      {"predict m.onnx a.png", "--output is required"},
      {"summary unet extra", "'extra' is one word too many"},
      {"train cells --epochs", "--epochs"},
      {"train cells --epochs many", "--epochs: 'many' is no whole number"},
      {"train cells --lr fast", "--lr: 'fast' is no number"},
      {"train cells --size 3y4", "'3y4' is no size"},
      {"train cells --tune maybe", "--tune: 'maybe' is neither true nor false"},
      {"train cells --set width", "expected key=value"},
      {"train", "the data set is missing"},
      {"summary unett", "did you mean 'unet'"},
      {"summary unet --set wdth=3", "did you mean 'width'"},
      {"summary unet --size 128x128", "expected HEIGHTxWIDTHxCHANNELS"},
      {"summary unet --size 100x128x3", "try 112x128"},
      {"bench unet --size 64x64", "expected CHANNELSxHEIGHTxWIDTH"},
      {"bench unet --size 3x64x64 --mode fast", "expected infer or train"},
      {"bench unet --size 3x60x64", "sides divisible by 16"},
      {"bench unet --size 3x64x64 --batch 0", "batch is 0"},
      {"bench unet --size 3x64x64 --runs -1", "runs is -1"},
      {"bench unet --size 3x64x64 --skip-algorithm fft",
       "there is no convolution algorithm 'fft'; the algorithms are: "},
      {"bench unet --size 3x64x64 --memory 2G", "memory is '2G'; expected usual or low"},
      {"bench unet --size 3x64x64 --skip-pass fuse_relo", "there is no pass 'fuse_relo'; the passes are: "},
      {"convert unet -o net.pb", "must end in .onnx"},
      {"convert unet --init start.onnx -o net.onnx", "cannot read 'start.onnx'"},
      {"data synth --kind cats -o cats", "cats"},
  };
  for (const Mistake& mistake : mistakes) {
    const Outcome run = run_inlay(folder, mistake.arguments);
    EXPECT_EQ(run.status, 2) << mistake.arguments << run.err;
    EXPECT_EQ(run.out, "") << mistake.arguments;
    EXPECT_THAT(run.err, StartsWith("inlay: error: ")) << mistake.arguments;
    EXPECT_THAT(run.err, HasSubstr(mistake.message)) << mistake.arguments;
    EXPECT_EQ(std::count(run.err.begin(), run.err.end(), '\n'), 1) << run.err;
  }
  EXPECT_EQ(files_below(folder.path()), std::vector<std::string>{});
}

TEST(Usage, AFullDiskIsAnErrorWithCodeOne) {
  const TempFolder folder;
  const Outcome run = run_shell(folder, "inlay summary unet > /dev/full");
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, HasSubstr("cannot write to standard output: No space left on device"));

  const Outcome convert = run_shell(folder, "ulimit -f 8; inlay convert unet -o net.onnx");
  EXPECT_EQ(convert.status, 1);
  EXPECT_THAT(convert.err, HasSubstr("inlay: error: cannot write 'net.onnx'"));
  EXPECT_EQ(files_below(folder.path()), std::vector<std::string>{}) << "a part of the file was left";
}

}  // namespace
}  // namespace inlay::testing
