// The options of inlay train that decide how is learnt, as a user gives them.
#include <gmock/gmock.h>

#include "cli/program.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class TrainOptionsOfTheProgram : public ::testing::Test {
 protected:
  TrainOptionsOfTheProgram() { draw_cells(folder_); }
  Outcome train(const std::string& options) {
    const std::string depth = options.find("--depth") == std::string::npos ? " --depth 2 " : " ";
    return run_inlay(folder_, "train cells -o run --tune false --width 4 --batch 4 --threads 1" + depth + options);
  }
  std::string config() { return contents(folder_ / "run/config.toml"); }
  TempFolder folder_;
};

TEST_F(TrainOptionsOfTheProgram, EverythingAtOnceAndAgain) {
  const Outcome run = train(
      "--epochs 3 --loss cross_entropy+0.5*focal:gamma=3+lovasz:per_image=true --label-smoothing 0.1 --ema 0.9 "
      "--bn-batches 2 --validate-every 2 --recover 1 --pixel-weights boundary --depth 3 --set deep_supervision=true "
      "--memory low");
  ASSERT_EQ(run.status, 0) << run.err;
  EXPECT_THAT(config(), AllOf(HasSubstr("loss = \"cross_entropy+0.5*focal:gamma=3+lovasz:per_image=true\""),
                              HasSubstr("label-smoothing = 0.1"), HasSubstr("ema = 0.9"), HasSubstr("bn-batches = 2"),
                              HasSubstr("validate-every = 2"), HasSubstr("recover = 1"),
                              HasSubstr("pixel-weights = \"boundary\""), HasSubstr("deep_supervision"),
                              HasSubstr("memory = \"low\"")));
  const std::string best = contents(folder_ / "run/best.onnx");
  const Outcome again = run_inlay(folder_, "train --config run/config.toml -o again");
  ASSERT_EQ(again.status, 0) << again.err;
  EXPECT_EQ(contents(folder_ / "again/best.onnx"), best);
}

TEST_F(TrainOptionsOfTheProgram, SayWhatIsWrong) {
  for (const auto& [options, message] :
       {std::pair{"--loss focl",
                  "unknown loss 'focl', expected one of cross_entropy, bce, dice, focal, tversky, lovasz, "
                  "ohem, or a sum such as cross_entropy+0.5*dice; did you mean 'focal'?"},
        std::pair{"--loss focal:gama=3", "loss 'focal' has no parameter 'gama'; it is focal:gamma=2"},
        std::pair{"--loss ohem:keep=7", "keep is 7, expected 0 to 1"},
        std::pair{"--loss lovasz --label-smoothing 0.1", "takes no label smoothing"},
        std::pair{"--loss tversky --pixel-weights boundary", "takes no class or pixel weights"},
        std::pair{"--label-smoothing 1", "the label smoothing is 1, expected 0 or more and below 1"},
        std::pair{"--pixel-weights bondary", "did you mean 'boundary'?"},
        std::pair{"--ema 1", "ema is 1; expected 0 or more and below 1"},
        std::pair{"--bn-batches -1", "bn_batches is -1; expected 0 or more"},
        std::pair{"--memory little", "memory is 'little'; expected usual or low"},
        std::pair{"--recover -1", "recoveries is -1; expected 0 or more"},
        std::pair{"--validate-every 0", "validate_every is 0; expected 1 or more"},
        std::pair{"--set deep_supervision=true", "deep_supervision needs a depth of 3 or more, it is 2"}}) {
    const Outcome run = train(std::string("--epochs 1 ") + options);
    EXPECT_EQ(run.status, 2) << options;
    EXPECT_THAT(run.err, HasSubstr(message));
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run/state.safetensors")) << options;
  }
}

TEST_F(TrainOptionsOfTheProgram, ARunThatDivergesIsToldAndEndsWithAnError) {
  const std::string huge = "--epochs 3 --optimizer sgd --lr 1e300 --set batch_norm=false";
  Outcome run = train(huge);
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("back to the start, and on with a tenth of the learning rate (1 of 3 times)"),
                             HasSubstr("(3 of 3 times)"), HasSubstr("although it was lowered 3 times already"),
                             HasSubstr("try a smaller learning rate")));
  run = run_inlay(folder_, "train cells -o strict --tune false" + std::string(kTiny) + " --recover 0 " + huge);
  EXPECT_EQ(run.status, 1);
  EXPECT_THAT(run.err, AllOf(HasSubstr("in epoch 1, step "), Not(HasSubstr("back to"))));
}

}  // namespace
}  // namespace inlay::testing
