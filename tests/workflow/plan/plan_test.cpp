// What is chosen for a data set, and that nothing of the user's is changed.
#include "inlay/plan.h"

#include <gmock/gmock.h>

#include <fstream>

#include "inlay/synth.h"
#include "inlay/workflow.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class Plan : public ::testing::Test {
 protected:
  Plan() {
    synthesise({.count = 12, .height = 32, .width = 48}, folder_ / "cells");
    config_.data = (folder_ / "cells").string();
    config_.threads = 1;
    config_.tune = false;
  }
  const PlanChoice& choice(const RunPlan& plan, std::string_view option) {
    const auto found = std::ranges::find(plan.choices, option, &PlanChoice::option);
    EXPECT_NE(found, plan.choices.end()) << option;
    return *found;
  }

  TempFolder folder_;
  TrainConfig config_;
};

TEST_F(Plan, FillsEverythingWithoutTimingWhenEpochsAreGiven) {
  config_.epochs = 3;
  const RunPlan plan = workflow::plan(config_);
  const TrainConfig& c = plan.config;
  EXPECT_EQ(c.epochs, 3);
  EXPECT_EQ(c.epoch_steps, 0);
  EXPECT_EQ(c.size->height, 32);
  EXPECT_EQ(c.size->width, 48);
  EXPECT_EQ(c.batch, 2);
  EXPECT_EQ(c.depth, 2);
  EXPECT_EQ(c.width, 16);
  EXPECT_EQ(c.channels, 1);
  EXPECT_EQ(c.optimizer, "adamw");
  EXPECT_EQ(c.schedule, "cosine");
  EXPECT_TRUE(c.loss && c.class_weights && c.lr && c.weight_decay && c.warmup && c.ema && c.bn_batches);
  EXPECT_FALSE(plan.expected.has_value()) << "nothing was timed";
  EXPECT_FALSE(plan.replan);
  EXPECT_EQ(plan.steps_per_epoch, 4);
  EXPECT_TRUE(choice(plan, "epochs").asked);
  EXPECT_FALSE(choice(plan, "width").asked);
  EXPECT_THAT(choice(plan, "width").why, HasSubstr("with --budget"));
}

TEST_F(Plan, WhatTheUserSaysStands) {
  config_.epochs = 3;
  config_.epoch_steps = 5;
  config_.batch = 1;
  config_.size = ImageSize{16, 16};
  config_.width = 4;
  config_.depth = 1;
  config_.optimizer = "sgd";
  config_.schedule = "step";
  config_.loss = "dice";
  config_.class_weights = "none";
  config_.lr = 0.5;
  config_.weight_decay = 0.125;
  config_.warmup = 9;
  config_.ema = 0;
  config_.bn_batches = 0;
  config_.augment = "free";
  const RunPlan plan = workflow::plan(config_);
  TrainConfig want = config_;
  want.channels = 1;
  EXPECT_EQ(to_toml(plan.config), to_toml(want));
  EXPECT_EQ(plan.steps_per_epoch, 5);
  EXPECT_TRUE(reasons(plan).empty() || !reasons(plan).contains("width"));
  for (const PlanChoice& one : plan.choices) EXPECT_TRUE(one.asked) << one.option;
}

TEST_F(Plan, WidthFromTheNetworksOwnSettingsStands) {
  config_.epochs = 1;
  config_.set = {{"width", "6"}, {"depth", "1"}};
  const RunPlan plan = workflow::plan(config_);
  EXPECT_FALSE(plan.config.width || plan.config.depth);
  EXPECT_EQ(choice(plan, "width").value, "6");
}

TEST_F(Plan, TheSettingsFollowTheUsersOptimiserAndLoss) {
  config_.epochs = 1;
  config_.optimizer = "sgd";
  config_.loss = "dice";
  const RunPlan plan = workflow::plan(config_);
  EXPECT_EQ(plan.config.lr, 0.01);
  EXPECT_EQ(plan.config.weight_decay, 0);
  EXPECT_EQ(plan.config.class_weights, "none") << "dice takes none";
}

TEST_F(Plan, ABudgetDecidesOnNetAndEpochs) {
  config_.budget = TimeSpan{30};
  std::vector<std::string> stages;
  const RunPlan plan = workflow::plan(config_, {.on_stage = [&](const std::string& what) { stages.push_back(what); }});
  EXPECT_THAT(stages, ::testing::ElementsAre("reading the data", "timing training steps"));
  EXPECT_TRUE(plan.replan);
  EXPECT_EQ(plan.budget, 30);
  EXPECT_EQ(plan.config.replanned, fmt::format("{}", *plan.config.epochs));
  EXPECT_GE(*plan.config.epochs, 5);
  ASSERT_TRUE(plan.expected.has_value());
  EXPECT_NEAR(*plan.expected, 30, 6);
  EXPECT_THAT(choice(plan, "width").why, HasSubstr("steps in the time"));
}

TEST_F(Plan, EpochsAndBudgetTogetherChooseTheNet) {
  config_.budget = TimeSpan{30};
  config_.epochs = 2;
  const RunPlan plan = workflow::plan(config_);
  EXPECT_EQ(plan.config.epochs, 2) << "exact";
  EXPECT_FALSE(plan.replan);
  EXPECT_GT(*plan.config.width, 16) << "eight steps leave time for a wide net";
}

TEST_F(Plan, OtherNetworksKeepTheirShape) {
  config_.epochs = 1;
  config_.model = "segnet_basic";
  const RunPlan plan = workflow::plan(config_);
  EXPECT_FALSE(plan.config.width || plan.config.depth);
  EXPECT_TRUE(plan.config.size.has_value());
  config_.model = "unet_original";
  EXPECT_GT(workflow::plan(config_).config.size->height, 184) << "margins around the picture";
}

TEST_F(Plan, AFileOfOneChannelGetsBce) {
  config_.epochs = 1;
  const Model model = create_model("unet", {.in_channels = 1, .out_channels = 1, .settings = {{"width", "2"}}});
  save_model(model, folder_ / "one.onnx");
  config_.model = (folder_ / "one.onnx").string();
  EXPECT_THAT(*workflow::plan(config_).config.loss, ::testing::StartsWith("bce"));
}

TEST_F(Plan, ABudgetThatIsTooShort) {
  config_.budget = TimeSpan{0.05};
  EXPECT_THAT(input_error([&] { workflow::plan(config_); }),
              AllOf(HasSubstr("budget: 0.05s is too short"), HasSubstr("give it")));
}

TEST_F(Plan, MistakesAreFoundBeforeAnythingIsRead) {
  const auto message = [&](const char* option, const char* text) {
    TrainConfig config = config_;
    set_option(config, option, text);
    return input_error([&] { workflow::plan(config); });
  };
  EXPECT_THAT(message("optimizer", "adan"), HasSubstr("adam"));
  EXPECT_THAT(message("batch", "0"), HasSubstr("batch is 0; expected 1 or more"));
  EXPECT_THAT(message("epochs", "0"), HasSubstr("epochs is 0; expected 1 or more"));
  EXPECT_THAT(message("epoch-steps", "-1"), HasSubstr("epoch-steps is -1; expected 0 or more"));
  EXPECT_THAT(message("lr", "0"), HasSubstr("lr is 0; expected a number above 0"));
  EXPECT_THAT(message("depth", "99"), HasSubstr("depth is 99"));
  EXPECT_THAT(message("replanned", "4:3"), HasSubstr("is not understood"));
}

TEST_F(Plan, ReasonsStandInTheConfigFileAndAreReadOver) {
  config_.epochs = 3;
  const RunPlan plan = workflow::plan(config_);
  const std::string toml = to_toml(plan.config, reasons(plan));
  EXPECT_THAT(toml, HasSubstr("depth = 2  # the lowest map has 8x12 pixels\n"));
  std::ofstream(folder_ / "c.toml") << toml;
  TrainConfig read;
  read_config(folder_ / "c.toml", read);
  EXPECT_EQ(to_toml(read), to_toml(plan.config));
}

}  // namespace
}  // namespace inlay::testing
