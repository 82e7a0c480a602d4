#include <toml++/toml.h>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/train_config.h"

namespace inlay {
namespace {

/// As it would stand on the command line.
std::string text_of(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
  if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  const auto* list = node.as_array();
  if (list == nullptr) fail_input("expected a text, a number, true or false");
  std::string text;
  for (const toml::node& element : *list) text += (text.empty() ? "" : ", ") + text_of(element);
  return text;
}

}  // namespace

void read_config(const std::filesystem::path& path, TrainConfig& config) {
  toml::table table;
  try {
    table = toml::parse(read_file(path), path.string());
  } catch (const toml::parse_error& error) {
    fail_input("'{}', line {}: {}", path.string(), error.source().begin.line, error.description());
  }
  const auto at = [&](const toml::node& node, auto&& action) {
    try {
      action();
    } catch (const InputError& error) {
      fail_input("'{}', line {}: {}", path.string(), node.source().begin.line, error.what());
    }
  };
  const auto add_table = [&](const toml::table& from, std::map<std::string, std::string>& settings) {
    for (const auto& [setting, value] : from)
      at(value, [&, &v = value, &s = setting] { settings[std::string(s.str())] = text_of(v); });
  };
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    const toml::table* settings = node.as_table();
    if (name == "set") {
      if (settings == nullptr) at(node, [] { fail_input("set: expected a table [set] with the network's settings"); });
      add_table(*settings, config.set);
    } else if (name == "augment" && settings != nullptr) {
      add_table(*settings, config.augment_set);
      if (const auto policy = config.augment_set.extract("policy")) config.augment = policy.mapped();
    } else {
      at(node, [&, &value = node] { set_option(config, name, text_of(value)); });
    }
  }
}

}  // namespace inlay
