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
  if (config.data.empty())
    fail_input("the data set is missing: say inlay train DATA, or data = \"...\" in the --config file");
  return config;
}

}  // namespace inlay::workflow
