#include "base/fail.h"
#include "inlay/workflow.h"

namespace inlay::workflow {

bool names_model_file(const std::string& name) {
  const std::filesystem::path path(name);
  std::error_code code;
  return path.extension() == ".onnx" || path.has_parent_path() || std::filesystem::is_regular_file(path, code);
}

Model open_net(const NetChoice& choice) {
  if (!names_model_file(choice.name)) {
    ModelOptions options;
    options.settings = choice.settings;
    options.seed = choice.seed;
    options.in_channels = choice.channels.value_or(options.in_channels);
    options.out_channels = choice.classes.value_or(options.out_channels);
    return create_model(choice.name, options);
  }
  if (!choice.settings.empty())
    fail_input("'{}' is a model file: its network is made already and takes no settings ({} was given)", choice.name,
               choice.settings.begin()->first);
  Model model = load_model(choice.name);
  if (choice.channels && *choice.channels != model.in_channels())
    fail_input("the model '{}' reads pictures of {} channels, {} were asked for", choice.name, model.in_channels(),
               *choice.channels);
  if (choice.classes && *choice.classes != model.out_channels())
    fail_input("the model '{}' has {} output channels, {} were asked for", choice.name, model.out_channels(),
               *choice.classes);
  return model;
}

}  // namespace inlay::workflow
