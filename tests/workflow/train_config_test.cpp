#include "inlay/train_config.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "inlay/workflow.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(TrainConfig, EveryOptionIsReadBackFromItsFile) {
  const TempFolder folder;
  TrainConfig config;
  config.data = "with \"quotes\" and \\";
  // Another value than the default for each: what is forgotten shows.
  for (const ConfigOption& option : list_options()) {
    if (option.kind == "N") set_option(config, option.name, "7");
    if (option.kind == "X") set_option(config, option.name, "0.125");
    if (option.kind == "HxW") set_option(config, option.name, "24x40");
    if (option.kind == "SIZE") set_option(config, option.name, "3G");
    if (option.kind == "TIME") set_option(config, option.name, "90s");
    if (option.kind == "NAME") set_option(config, option.name, "some text");
    if (option.kind == "true|false") set_option(config, option.name, option.value == "true" ? "false" : "true");
  }
  config.set = {{"batch_norm", "false"}, {"dropout", "0.1, 0.2"}};
  std::ofstream(folder / "c.toml") << to_toml(config);
  TrainConfig read;
  read_config(folder / "c.toml", read);
  EXPECT_EQ(read.data, config.data);
  EXPECT_EQ(read.set, config.set);
  const auto want = list_options(config), got = list_options(read), usual = list_options();
  for (std::size_t i = 0; i < want.size(); ++i) {
    EXPECT_EQ(got[i].value, want[i].value) << want[i].name;
    EXPECT_NE(got[i].value, usual[i].value) << want[i].name;
  }
}

TEST(TrainConfig, WhatIsLeftOpenStaysOpen) {
  const TempFolder folder;
  std::ofstream(folder / "c.toml") << to_toml(TrainConfig{});
  TrainConfig read;
  read_config(folder / "c.toml", read);
  EXPECT_FALSE(read.batch || read.size || read.lr || read.width || read.up);
  set_option(read, "batch", "4");
  set_option(read, "batch", "auto");
  EXPECT_FALSE(read.batch);
}

TEST(TrainConfig, TimesHaveAUnit) {
  EXPECT_EQ(parse_time_span("90s").seconds, 90);
  EXPECT_EQ(parse_time_span("20m").seconds, 1200);
  EXPECT_EQ(parse_time_span("1.5h").seconds, 5400);
  for (const char* text : {"20m", "7s", "90m", "2h", "0.5s"}) EXPECT_EQ(to_string(parse_time_span(text)), text);
  EXPECT_EQ(to_string(parse_time_span("60m")), "1h");
  for (const char* text : {"", "s", "20", "0m", "-3s", "1d", "infs", "1e400h", "2 m"})
    EXPECT_THAT(input_error([&] { parse_time_span(text); }), HasSubstr("expected a number above 0 and s, m or h"))
        << text;
}

TEST(TrainConfig, WhatWasReplannedIsReadBack) {
  EXPECT_FALSE(parse_replanned("").has_value());
  for (const char* text : {"40", "40 12:43 20:41"}) EXPECT_EQ(to_string(*parse_replanned(text)), text);
  EXPECT_EQ(parse_replanned("40 12:43")->changes.at(0).second, 43);
  for (const char* text : {"a", "4:3", "0", "40 3", "40 3:", "40 :3", "40 -1:3", " ", "40 1:2:3"})
    EXPECT_THAT(input_error([&] { parse_replanned(text); }), HasSubstr("is not understood")) << text;
}

TEST(TrainConfig, ANewBudgetIsPlannedAnew) {
  const TempFolder folder;
  std::ofstream(folder / "c.toml") << "data = \"d\"\nbudget = \"1m\"\nepochs = 40\nepoch-steps = 7\nwarmup = "
                                      "5\nreplanned = \"40 3:41\"\nwidth = 12\n";
  const auto with = [&](std::vector<std::pair<std::string, std::string>> options, bool resume = false) {
    return workflow::train_config({.config = folder / "c.toml", .resume = resume, .options = std::move(options)});
  };
  EXPECT_EQ(with({}).replanned, "40 3:41") << "the file repeats the run";
  const TrainConfig budget = with({{"budget", "2m"}});
  EXPECT_FALSE(budget.epochs || budget.epoch_steps || budget.warmup);
  EXPECT_EQ(budget.replanned, "");
  EXPECT_EQ(budget.width, 12);
  const TrainConfig epochs = with({{"epochs", "9"}});
  EXPECT_EQ(epochs.epochs, 9);
  EXPECT_EQ(epochs.epoch_steps, 7);
  EXPECT_EQ(epochs.replanned, "");
  EXPECT_EQ(with({{"epochs", "50"}}, true).replanned, "40 3:41");
}

TEST(TrainConfig, NumbersListsAndTextInATable) {
  const TempFolder folder;
  std::ofstream(folder / "c.toml")
      << "lr = 1e-3\nsize = 64\n[set]\nwidth = 32\nbatch_norm = false\ndropout = [0.1, 0.2]\n";
  TrainConfig config;
  read_config(folder / "c.toml", config);
  EXPECT_DOUBLE_EQ(*config.lr, 1e-3);
  EXPECT_EQ(config.size->width, 64);
  EXPECT_EQ(config.set.at("width"), "32");
  EXPECT_EQ(config.set.at("batch_norm"), "false");
  EXPECT_EQ(config.set.at("dropout"), "0.1, 0.2");
}

TEST(TrainConfig, AugmentationIsANameOrATable) {
  const TempFolder folder;
  std::ofstream(folder / "name.toml") << "augment = \"free\"\n";
  TrainConfig named;
  read_config(folder / "name.toml", named);
  EXPECT_EQ(named.augment, "free");
  std::ofstream(folder / "c.toml") << "[augment]\npolicy = \"none\"\njpeg = 0.25\nrandom_crop = false\n";
  TrainConfig config;
  read_config(folder / "c.toml", config);
  EXPECT_EQ(config.augment, "none");
  EXPECT_EQ(config.augment_set, (std::map<std::string, std::string>{{"jpeg", "0.25"}, {"random_crop", "false"}}));
  std::ofstream(folder / "again.toml") << to_toml(config);
  TrainConfig again;
  read_config(folder / "again.toml", again);
  EXPECT_EQ(again.augment, "none");
  EXPECT_EQ(again.augment_set, config.augment_set);
  const TrainConfig line =
      workflow::train_config({.config = folder / "c.toml", .options = {{"data", "d"}}, .augmentation = {"jpeg=1"}});
  EXPECT_EQ(line.augment_set.at("jpeg"), "1");
  EXPECT_THAT(input_error([] {
                workflow::train_config({.options = {{"data", "d"}}, .augmentation = {"jpeg"}});
              }),
              HasSubstr("--augment-set jpeg: expected key=value"));
}

TEST(TrainConfig, MemoryHasUnits) {
  EXPECT_EQ(parse_byte_count("12").bytes, 12);
  EXPECT_EQ(parse_byte_count("500M").bytes, std::int64_t{500} << 20);
  EXPECT_EQ(parse_byte_count("4G").bytes, std::int64_t{4} << 30);
  for (const char* text : {"", "G", "4g", "-1", "4GB", "99999999999T"})
    EXPECT_THAT(input_error([&] { parse_byte_count(text); }),
                HasSubstr("is no amount of memory; expected bytes, or as 500M"));
  TrainConfig config;
  for (const char* text : {"0", "1000", "3K", "500M", "1T"}) {
    set_option(config, "mem", text);
    const auto options = list_options(config);
    EXPECT_EQ(std::ranges::find(options, "mem", &ConfigOption::name)->value, text);
  }
}

TEST(TrainConfig, MistakesNameFileLineAndOption) {
  const TempFolder folder;
  const auto message = [&](const char* text) {
    std::ofstream(folder / "c.toml") << text;
    return input_error([&] {
      TrainConfig config;
      read_config(folder / "c.toml", config);
    });
  };
  EXPECT_THAT(message("epochs = 3\nepoch = 4\n"),
              AllOf(HasSubstr("c.toml', line 2"), HasSubstr("'epoch'; did you mean 'epochs'")));
  EXPECT_THAT(message("epochs = \"many\"\n"), HasSubstr("epochs: 'many' is no whole number"));
  EXPECT_THAT(message("seed = -1\n"), HasSubstr("seed: '-1' is no whole number of 0 or more"));
  EXPECT_THAT(message("lr = inf\n"), HasSubstr("no finite number"));
  EXPECT_THAT(message("tune = 1\n"), HasSubstr("neither true nor false"));
  EXPECT_THAT(message("size = \"0x3\"\n"), HasSubstr("is no size"));
  EXPECT_THAT(message("set = 3\n"), HasSubstr("expected a table [set]"));
  EXPECT_THAT(message("epochs = { a = 1 }\n"), HasSubstr("expected a text, a number"));
  EXPECT_THAT(message("epochs = \n"), HasSubstr("line 1"));
  std::map<std::string, std::string> settings;
  EXPECT_THAT(input_error([&] { add_setting(settings, "width"); }), HasSubstr("expected key=value"));
}

TEST(TrainConfig, TheCommandLineWinsOverTheFile) {
  const TempFolder folder;
  std::ofstream(folder / "c.toml") << "data = \"d\"\nepochs = 3\nbatch = 2\n[set]\nwidth = 4\n";
  const TrainConfig config = workflow::train_config(
      {.config = folder / "c.toml", .options = {{"epochs", "9"}}, .settings = {"width=8", "depth=2"}});
  EXPECT_EQ(config.data, "d");
  EXPECT_EQ(config.epochs, 9);
  EXPECT_EQ(config.batch, 2);
  EXPECT_EQ(config.set, (std::map<std::string, std::string>{{"width", "8"}, {"depth", "2"}}));
}

TEST(TrainConfig, AResumedRunBringsItsSettings) {
  const TempFolder folder;
  std::ofstream(folder / "config.toml") << "data = \"d\"\nepochs = 3\nbatch = 2\n";
  const TrainConfig config =
      workflow::train_config({.resume = true, .options = {{"output", folder.path().string()}, {"epochs", "6"}}});
  EXPECT_EQ(config.data, "d");
  EXPECT_EQ(config.batch, 2);
  EXPECT_EQ(config.epochs, 6);
  EXPECT_EQ(workflow::run_folder(config), folder.path());
}

TEST(TrainConfig, TheRunFolderIsNamedAfterDataAndModel) {
  TrainConfig config;
  config.data = "some/cells/";
  EXPECT_EQ(workflow::run_folder(config), "runs/cells-unet");
  config.model = "old/start.onnx";
  EXPECT_EQ(workflow::run_folder(config), "runs/cells-start");
  EXPECT_THAT(input_error([] { workflow::train_config({}); }), HasSubstr("the data set is missing"));
}

}  // namespace
}  // namespace inlay::testing
