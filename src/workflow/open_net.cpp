#include <charconv>

#include "base/fail.h"
#include "inlay/workflow.h"

namespace inlay::workflow {
namespace {

/// The number of channels from its option, or else out of the settings (every network has these two, so none lists
/// them).
std::int64_t take_channels(std::map<std::string, std::string>& settings, const std::string& name,
                           const std::optional<std::int64_t>& option, std::int64_t standard) {
  const auto found = settings.find(name);
  if (found == settings.end()) return option.value_or(standard);
  const std::string& text = found->second;
  std::int64_t channels = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), channels);
  if (error != std::errc() || end != text.data() + text.size())
    fail_input("{} is '{}', expected a whole number", name, text);
  if (option && *option != channels)
    fail_input("{} is {} in --set, but {} was given elsewhere", name, channels, *option);
  settings.erase(found);
  return channels;
}

}  // namespace

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
    options.in_channels = take_channels(options.settings, "in_channels", choice.channels, 3);
    options.out_channels = take_channels(options.settings, "classes", choice.classes, 1);
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

void check_size(const std::string& net, const SizeRule& rule, const ImageSize& size) {
  const ImageSize fitting{rule.fit(size.height), rule.fit(size.width)};
  if (size.height != fitting.height || size.width != fitting.width)
    fail_input("{} needs {}, and the size is {}x{}: try {}x{}", net, to_string(rule), size.height, size.width,
               fitting.height, fitting.width);
}

}  // namespace inlay::workflow
