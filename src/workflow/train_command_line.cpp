#include "base/fail.h"
#include "inlay/workflow.h"

namespace inlay::workflow {
namespace {

void apply(const TrainCommandLine& line, TrainConfig& config) {
  for (const auto& [name, text] : line.options) try {
      set_option(config, name, text);
    } catch (const InputError& error) {
      fail_input("--{}", error.what());
    }
  for (const std::string& setting : line.settings) add_setting(config.set, setting);
  for (const std::string& field : line.augmentation) add_setting(config.augment_set, field, "--augment-set");
}

bool says(const TrainCommandLine& line, std::string_view name) {
  return std::ranges::any_of(line.options, [&](const auto& option) { return option.first == name; });
}

/// What a run planned for its budget is planned anew for another one; a number of epochs by the user's word stands.
void forget_plan(const TrainCommandLine& line, TrainConfig& config) {
  if (config.replanned.empty() || line.resume) return;
  if (!says(line, "epochs") && !says(line, "budget")) return;
  config.replanned.clear();
  if (!says(line, "warmup")) config.warmup.reset();
  if (says(line, "epochs")) return;
  config.epochs.reset();
  if (!says(line, "epoch-steps")) config.epoch_steps.reset();
}

}  // namespace

TrainConfig train_config(const TrainCommandLine& line) {
  TrainConfig config;
  if (!line.config.empty()) read_config(line.config, config);
  if (line.resume && line.config.empty()) {
    TrainConfig asked;
    apply(line, asked);
    const std::filesystem::path own = run_folder(asked) / "config.toml";
    if (std::filesystem::exists(own)) read_config(own, config);
  }
  apply(line, config);
  forget_plan(line, config);
  if (config.data.empty())
    fail_input("the data set is missing: say inlay train DATA, or data = \"...\" in the --config file");
  return config;
}

}  // namespace inlay::workflow
