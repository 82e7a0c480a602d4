// Training in stages: FCN-32s, then FCN-16s from its weights, then FCN-8s from those.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/synth.h"
#include "inlay/workflow.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

struct Stage {
  Model model;  // of the last epoch
  std::string log;
};

/// `lr` 1e-12 leaves the weights where they were.
Stage train(const TempFolder& folder, const std::string& network, const std::string& init, double lr) {
  TrainConfig config;
  config.data = (folder / "cells").string();
  config.output = (folder / network).string();
  config.model = network;
  config.init = init.empty() ? "" : (folder / init / "last.onnx").string();
  config.width = 0.02;
  config.epochs = 1;
  config.batch = 1;
  config.lr = lr;
  config.threads = 1;
  config.tune = false;
  Stage stage;
  workflow::TrainCallbacks callbacks;
  callbacks.log = [&](Severity, std::string_view text) { stage.log += std::string(text) + "\n"; };
  workflow::train(config, false, callbacks);
  stage.model = load_model(folder / network / "last.onnx");
  return stage;
}

/// The largest difference of the tensors that both have, as many as `count`.
float difference(const Model& a, const Model& b, std::size_t count) {
  float largest = 0;
  std::size_t shared = 0;
  for (const auto& [name, tensor] : a.tensors) {
    const auto other = b.tensors.find(name);
    if (other == b.tensors.end()) continue;
    ++shared;
    for (std::size_t i = 0; i < tensor.data<float>().size(); ++i)
      largest = std::max(largest, std::abs(tensor.data<float>()[i] - other->second.data<float>()[i]));
  }
  EXPECT_EQ(shared, count);
  return largest;
}

TEST(Stages, CarryTheWeightsOver) {
  const TempFolder folder;
  synthesise({.count = 4, .height = 32, .width = 32}, folder / "cells");
  const Stage coarse = train(folder, "fcn32s", "", 0.01);
  EXPECT_EQ(coarse.log.find("copied"), std::string::npos);
  const Stage middle = train(folder, "fcn16s", "fcn32s", 1e-12);
  EXPECT_THAT(middle.log, HasSubstr("32 of 36 tensors copied from '" + (folder / "fcn32s/last.onnx").string() +
                                    "'; 4 new, 0 of other shape, 1 of the file unused"));
  EXPECT_THAT(middle.log, HasSubstr("new: score_pool4 (2), up16/weight, up2/weight"));
  EXPECT_LT(difference(middle.model, coarse.model, 32), 1e-6f);
  const Stage fine = train(folder, "fcn8s", "fcn16s", 1e-12);
  EXPECT_THAT(fine.log, HasSubstr("35 of 39 tensors copied"));
  EXPECT_LT(difference(fine.model, middle.model, 35), 1e-6f);
  EXPECT_GT(difference(fine.model, create_model("fcn8s", {.in_channels = 1, .settings = {{"width", "0.02"}}}), 39),
            1e-3f)
      << "the first stage did learn";
}

TEST(Stages, AResumedRunDoesNotReadTheFileAgain) {
  const TempFolder folder;
  synthesise({.count = 4, .height = 32, .width = 32}, folder / "cells");
  train(folder, "fcn32s", "", 0.01);
  train(folder, "fcn16s", "fcn32s", 1e-12);
  std::filesystem::remove_all(folder / "fcn32s");
  const TrainConfig config =
      workflow::train_config({.resume = true, .options = {{"output", (folder / "fcn16s").string()}, {"epochs", "2"}}});
  EXPECT_EQ(config.init, (folder / "fcn32s/last.onnx").string());
  EXPECT_EQ(workflow::train(config, true).result.history.size(), 2u);
}

}  // namespace
}  // namespace inlay::testing
