#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "base/files.h"
#include "command.h"

void NetOptions::add(CLI::App& command, bool with_channels) {
  const char* group = "Network";
  command.add_option("--width", width_, "channels of the first level")->type_name("N")->group(group);
  command.add_option("--depth", depth_, "how often the size is halved")->type_name("N")->group(group);
  command.add_option("--up", up_, "up-sampling: transposed, nearest, bilinear, bicubic, unpool, nails or resize_conv")
      ->type_name("KIND")
      ->group(group);
  command.add_option("--classes", classes_, "channels of the output: one a class, or 1 for two classes")
      ->type_name("N")
      ->group(group)
      ->check(CLI::Range(1, 255))
      ->default_str("1");
  if (with_channels)
    command.add_option("--channels", channels_, "channels of the input")
        ->type_name("N")
        ->group(group)
        ->check(CLI::Range(1, 4096))
        ->default_str("3");
  command
      .add_option("--set", settings_,
                  "a setting of the network, in_channels or classes; 'inlay models' lists them; may be repeated")
      ->type_name("KEY=VALUE")
      ->group(group)
      ->allow_extra_args(false);
  command.add_option("--seed", seed_, "of the first weights")->type_name("N")->group(group)->default_str("0");
}

inlay::workflow::NetChoice NetOptions::choice(const std::string& name) const {
  inlay::workflow::NetChoice choice{name, {}, {}, {}, seed_};
  for (const std::string& setting : settings_) inlay::add_setting(choice.settings, setting);
  if (!width_.empty()) choice.settings["width"] = width_;
  if (!depth_.empty()) choice.settings["depth"] = depth_;
  if (!up_.empty()) choice.settings["up"] = up_;
  if (channels_ > 0) choice.channels = channels_;
  if (classes_ > 0) choice.classes = classes_;
  return choice;
}

void JsonOption::add(CLI::App& command) {
  command
      .add_option("--json", target_, "write the result as JSON; - is standard output, which then holds nothing else")
      ->type_name("FILE")
      ->group("Output");
}

void JsonOption::write(const nlohmann::ordered_json& json) const {
  if (!wanted()) return;
  // Names that are no UTF-8 must not stop the result.
  const std::string text = json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
  if (on_stdout())
    std::fwrite(text.data(), 1, text.size(), stdout);
  else
    inlay::write_file(target_, text);
}

void MachineOptions::add(CLI::App& command) {
  command.add_option("--threads", threads, "0: all cores")
      ->type_name("N")
      ->group("Machine")
      ->check(CLI::Range(0, 4096))
      ->default_str("0");
  command.add_flag("--no-tune", no_tune, "choose algorithms by a fixed rule instead of by timing")->group("Machine");
}

void AugmentationOption::add(CLI::App& command, const char* group) {
  command
      .add_option("--tta", list,
                  "mean over the picture and its mirror images (flips: 4 runs) or all turns too (d4: 8 runs), and over "
                  "0.75, 1 and 1.25 of its size (scales: 3 times the work); flips,scales or d4,scales for both")
      ->type_name("KIND")
      ->group(group)
      ->default_str("none");
}

inlay::TestAugmentation AugmentationOption::turns() const {
  const std::string_view first = std::string_view(list).substr(0, list.find(','));
  return first == "d4"      ? inlay::TestAugmentation::d4
         : first == "flips" ? inlay::TestAugmentation::flips
                            : inlay::TestAugmentation::none;
}

std::vector<double> AugmentationOption::scales() const {
  constexpr std::array<std::string_view, 3> kOne{"none", "flips", "d4"}, kScaled{"scales", "flips,scales", "d4,scales"};
  if (std::ranges::count(kScaled, list)) return {1, 0.75, 1.25};
  if (std::ranges::count(kOne, list)) return {1};
  inlay::fail_input("--tta: '{}' is not possible; expected none, flips, d4, scales, or two as flips,scales", list);
}

void SplitOptions::add(CLI::App& command) {
  const char* group = "Validation images";
  command.add_option("--val-last", val_last, "the last N by name")->type_name("N")->group(group);
  command.add_option("--val-fraction", val_fraction, "a draw of that share; 0.2 where nothing else is said")
      ->type_name("X")
      ->group(group);
  command.add_option("--split-seed", split_seed, "of the draw")->type_name("N")->group(group);
}

inlay::DatasetOptions SplitOptions::dataset_options() const {
  inlay::DatasetOptions options;
  options.val_last = val_last.value_or(options.val_last);
  options.val_fraction = val_fraction.value_or(options.val_fraction);
  options.seed = split_seed.value_or(options.seed);
  return options;
}

void SplitOptions::apply(inlay::workflow::EvaluateRequest& request) const {
  request.val_last = val_last;
  request.val_fraction = val_fraction;
  request.split_seed = split_seed;
}

void MetricOptions::add(CLI::App& command, bool logits) {
  std::string names;
  for (const inlay::MetricInfo& info : inlay::metric_infos())
    if (logits || !info.needs_logits) names += fmt::format("{}{}", names.empty() ? "" : ", ", info.name);
  command.add_option("--metrics", metrics_, fmt::format("default, all, or some of {}", names))
      ->type_name("NAMES")
      ->group("Scores")
      ->default_str("default");
  command.add_option("--absent", absent_, "what a class without any pixel counts in the means: 0, 1 or skip")
      ->type_name("0|1|skip")
      ->group("Scores")
      ->default_str("skip");
  command
      .add_option(
          "--void", void_,
          "what is predicted where the truth is void: ignore, or count as too much of its class in IoU and Dice")
      ->type_name("ignore|count")
      ->group("Scores")
      ->default_str("ignore");
}
