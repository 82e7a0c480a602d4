#include "workflow/open_net.h"

#include <algorithm>
#include <charconv>
#include <span>

#include "base/fail.h"
#include "inlay/transfer.h"
#include "models/network.h"

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

ModelOptions model_options(const NetChoice& choice) {
  ModelOptions options;
  options.settings = choice.settings;
  options.seed = choice.seed;
  options.in_channels = take_channels(options.settings, "in_channels", choice.channels, 3);
  options.out_channels = take_channels(options.settings, "classes", choice.classes, 1);
  return options;
}

/// "a/scale", "a/shift", "b/weight" as "a (2), b/weight".
std::string by_layer(std::span<const std::string> names) {
  std::vector<std::string> parts;
  while (!names.empty()) {
    const std::string layer = names[0].substr(0, names[0].rfind('/'));
    const auto end = std::ranges::find_if_not(
        names, [&](const std::string& name) { return name.substr(0, name.rfind('/')) == layer; });
    const auto count = static_cast<std::size_t>(end - names.begin());
    parts.push_back(count == 1 ? names[0] : fmt::format("{} ({})", layer, count));
    names = names.subspan(count);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

void copy_weights_from(const std::filesystem::path& file, Model& model, const LogSink& log) {
  const Model source = load_model(file);
  Transfer transfer;
  try {
    transfer = copy_weights(source, model);
  } catch (const InputError& error) {
    fail_input("'{}': {}", file.string(), error.what());
  }
  if (!log) return;
  log(Severity::info, fmt::format("{} of {} tensors copied from '{}'; {} new, {} of other shape, {} of the file unused",
                                  transfer.copied.size(), model.tensors.size(), file.string(), transfer.fresh.size(),
                                  transfer.reshaped.size(), transfer.unused.size()));
  const auto say = [&](std::string_view what, const std::string& names) {
    if (!names.empty()) log(Severity::info, fmt::format("{}: {}", what, names));
  };
  say("new", by_layer(transfer.fresh));
  say("of other shape", fmt::format("{}", fmt::join(transfer.reshaped, ", ")));
  say("unused", by_layer(transfer.unused));
}

}  // namespace

bool names_model_file(const std::string& name) {
  const std::filesystem::path path(name);
  std::error_code code;
  return path.extension() == ".onnx" || path.has_parent_path() || std::filesystem::is_regular_file(path, code);
}

Model open_net(const NetChoice& choice, const LogSink& log) {
  if (!names_model_file(choice.name)) {
    Model model = create_model(choice.name, model_options(choice));
    if (!choice.init.empty()) copy_weights_from(choice.init, model, log);
    return model;
  }
  if (!choice.init.empty())
    fail_input("'{}' is a model file and has its weights already; init ('{}') is for a network by name", choice.name,
               choice.init.string());
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

Model open_graph(const NetChoice& choice) {
  return names_model_file(choice.name) ? open_net(choice) : create_graph(choice.name, model_options(choice));
}

void check_size(const std::string& net, const SizeRule& rule, const ImageSize& size) {
  const ImageSize fitting{rule.fit(size.height), rule.fit(size.width)};
  if (size.height != fitting.height || size.width != fitting.width)
    fail_input("{} needs {}, and the size is {}x{}: try {}x{}", net, to_string(rule), size.height, size.width,
               fitting.height, fitting.width);
}

}  // namespace inlay::workflow
