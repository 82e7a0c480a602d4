#include <gmock/gmock.h>

#include "inlay/workflow.h"
#include "support/input_error.h"
#include "support/temp_folder.h"
#include "workflow/train_options.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

TEST(OpenNet, ANetworkByNameOrAFile) {
  const TempFolder folder;
  const std::string file = (folder / "net.onnx").string();
  const workflow::NetChoice choice{"unet", {{"width", "2"}, {"depth", "1"}}, 1, 3, 5};
  EXPECT_GT(workflow::convert(choice, file), 0);
  const Model model = workflow::open_net({.name = file});
  EXPECT_EQ(model.in_channels(), 1);
  EXPECT_EQ(model.out_channels(), 3);
  EXPECT_THAT(input_error([&] {
                workflow::open_net({.name = file, .settings = {{"width", "3"}}});
              }),
              HasSubstr("takes no settings (width was given)"));
  EXPECT_THAT(input_error([&] { workflow::open_net({.name = file, .channels = 3}); }),
              HasSubstr("reads pictures of 1 channels, 3 were asked for"));
  EXPECT_THAT(input_error([&] { workflow::open_net({.name = file, .classes = 2}); }),
              HasSubstr("has 3 output channels, 2 were asked for"));
  EXPECT_THAT(input_error([&] { workflow::convert(choice, folder / "net.bin"); }), HasSubstr("must end in .onnx"));
}

TEST(OpenNet, ChannelsAsOptionsOrSettings) {
  const Model standard = workflow::open_net({.name = "unet", .settings = {{"width", "2"}, {"depth", "1"}}});
  EXPECT_EQ(standard.in_channels(), 3);
  EXPECT_EQ(standard.out_channels(), 1);
  const Model set = workflow::open_net(
      {.name = "unet", .settings = {{"width", "2"}, {"depth", "1"}, {"in_channels", "1"}, {"classes", "21"}}});
  EXPECT_EQ(set.in_channels(), 1);
  EXPECT_EQ(set.out_channels(), 21);
  const auto message = [](std::string value) {
    return input_error([&] {
      workflow::open_net({.name = "unet", .settings = {{"in_channels", std::move(value)}}, .channels = 3});
    });
  };
  EXPECT_EQ(message("many"), "in_channels is 'many', expected a whole number");
  EXPECT_EQ(message("1"), "in_channels is 1 in --set, but 3 was given elsewhere");
}

TEST(OpenNet, TheSameSeedGivesTheSameNumbers) {
  const auto first_weight = [](std::uint64_t seed) {
    const Model model = workflow::open_net({"unet", {{"width", "2"}, {"depth", "1"}}, 1, 2, seed});
    return model.tensors.at("down/2/a/weight").data<float>()[0];
  };
  EXPECT_EQ(first_weight(1), first_weight(1));
  EXPECT_NE(first_weight(1), first_weight(2));
}

TEST(OpenNet, WeightsOfAnotherFile) {
  const TempFolder folder;
  const std::string file = (folder / "net.onnx").string();
  workflow::convert({"unet", {{"width", "2"}, {"depth", "1"}}, 1, 3, 5}, file);
  std::vector<std::string> said;
  const LogSink log = [&](Severity, std::string_view text) { said.emplace_back(text); };
  const Model model = workflow::open_net({"unet", {{"width", "2"}, {"depth", "2"}}, 1, 4, 6, file}, log);
  const auto numbers = [](const Model& m, const char* name) {
    const auto data = m.tensors.at(name).data<float>();
    return std::vector<float>(data.begin(), data.end());
  };
  const Model source = load_model(file);
  EXPECT_EQ(numbers(model, "down/2/a/weight"), numbers(source, "down/2/a/weight"));
  ASSERT_EQ(said.size(), 4u);
  EXPECT_EQ(said[0],
            fmt::format("22 of 56 tensors copied from '{}'; 32 new, 2 of other shape, 10 of the file unused", file));
  EXPECT_EQ(said[1],
            "new: bottom/8/a (5), bottom/8/b (5), down/4/a (5), down/4/b (5), merge/4/a (5), merge/4/b (5), up/4 (2)");
  EXPECT_EQ(said[2], "of other shape: head/bias (3 there, 4 here), head/weight (3x2x1x1 there, 4x2x1x1 here)");
  EXPECT_EQ(said[3], "unused: bottom/4/a (5), bottom/4/b (5)");
}

TEST(OpenNet, WeightsThatDoNotFit) {
  const TempFolder folder;
  const std::string file = (folder / "net.onnx").string();
  const workflow::NetChoice narrow{"unet", {{"width", "2"}, {"depth", "1"}}, 1, 1, 0};
  workflow::convert(narrow, file);
  workflow::NetChoice wide{"unet", {{"width", "3"}, {"depth", "2"}}, 3, 2, 0, file};
  EXPECT_EQ(input_error([&] { workflow::open_net(wide); }),
            fmt::format("'{}': none of its 34 tensors has the name and shape of one of unet: it holds "
                        "'bottom/4/a/running_mean' of 4, for example, expected 'bottom/12/a/running_mean' of 12",
                        file));
  wide.init = folder / "absent.onnx";
  EXPECT_THAT(input_error([&] { workflow::open_net(wide); }), HasSubstr("absent.onnx"));
  EXPECT_THAT(input_error([&] { workflow::open_net({.name = file, .init = "other.onnx"}); }),
              HasSubstr("is a model file and has its weights already; init ('other.onnx') is for a network by name"));
}

TEST(Summarise, AtAnotherSize) {
  const workflow::NetChoice net{"unet", {{"width", "2"}, {"depth", "2"}}, 3, 1, 0};
  EXPECT_EQ(workflow::summarise({net, ImageSize{8, 12}}).rows.back().output, Shape({1, 1, 8, 12}));
  EXPECT_THAT(input_error([&] {
                workflow::summarise({net, ImageSize{9, 12}});
              }),
              HasSubstr("divisible by 4, and the size is 9x12: try 12x12"));
}

TEST(Summarise, ANetworkOfHundredsOfMillionsAtOnce) {
  EXPECT_GT(workflow::summarise({{"deconvnet", {}, 3, 21, 0}, {}}).parameters, 250'000'000);
}

TEST(TrainOptions, NamesThatAreNone) {
  const auto message = [](const char* name, const char* text) {
    TrainConfig config;
    set_option(config, name, text);
    return input_error([&] { workflow::check(config); });
  };
  EXPECT_THAT(message("optimizer", "adom"), HasSubstr("did you mean 'adam'"));
  EXPECT_THAT(message("schedule", "cosinus"), HasSubstr("did you mean 'cosine'"));
  EXPECT_THAT(message("augment", "upleft"), HasSubstr("none, upright, free"));
  EXPECT_THAT(message("class-weights", "mean"), HasSubstr("median"));
  EXPECT_THAT(message("pixel-weights", "borders"), HasSubstr("did you mean 'border'"));
  EXPECT_THAT(message("lr", "0"), HasSubstr("expected a number above 0"));
}

TEST(TrainOptions, GapsWeighWhatTheyAreSaidTo) {
  TrainConfig config;
  config.epochs = config.batch = 1;
  config.epoch_steps = config.warmup = config.bn_batches = 0;
  config.ema = 0;
  config.size = ImageSize{16, 16};
  config.lr = config.weight_decay = 0.1;
  config.loss = "cross_entropy";
  config.optimizer = "adam";
  config.schedule = "constant";
  config.class_weights = "none";
  EXPECT_EQ(workflow::train_options(config).pixel_weights, PixelWeighting::none);
  set_option(config, "pixel-weights", "border");
  set_option(config, "border-weight", "20");
  set_option(config, "border-sigma", "2.5");
  const TrainOptions options = workflow::train_options(config);
  EXPECT_EQ(options.pixel_weights, PixelWeighting::border);
  EXPECT_EQ(options.borders.w0, 20);
  EXPECT_EQ(options.borders.sigma, 2.5);
}

TEST(TrainOptions, TheLossDecidesOnTheOutputChannels) {
  TrainConfig config;
  EXPECT_EQ(workflow::output_channels(config, 6), 6);
  config.loss = "bce+dice";
  EXPECT_EQ(workflow::output_channels(config, 2), 1);
  EXPECT_THAT(input_error([&] { workflow::output_channels(config, 3); }), HasSubstr("the data set has 3"));
}

}  // namespace
}  // namespace inlay::testing
