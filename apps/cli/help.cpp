#include "help.h"

#include <fmt/format.h>

namespace {

constexpr std::size_t kNames = 26;

std::string entry(const std::string& names, const std::string& text) {
  std::string out = "  " + names;
  if (out.size() + 2 > kNames)
    out += "\n" + std::string(kNames, ' ');
  else
    out.resize(kNames, ' ');
  return out + wrap(text, kNames) + "\n";
}

}  // namespace

std::string HelpFormatter::make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const {
  std::string text = CLI::Formatter::make_help(app, std::move(name), mode);
  for (std::size_t gap; (gap = text.find("\n\n\n")) != std::string::npos;) text.erase(gap, 1);
  return text;
}

std::string HelpFormatter::make_option(const CLI::Option* option, bool is_positional) const {
  std::string names = is_positional ? option->get_name(true) : option->get_name(false, true);
  for (std::size_t comma = names.find(','); comma != std::string::npos; comma = names.find(',', comma + 2))
    names.insert(comma + 1, " ");
  if (!is_positional && option->get_type_size() != 0) names += " " + option->get_type_name();
  std::string text = option->get_description();
  if (!option->get_default_str().empty()) text += fmt::format(" [{}]", option->get_default_str());
  if (option->get_required() && !is_positional) text += " (required)";
  return entry(names, text);
}

std::string HelpFormatter::make_subcommand(const CLI::App* sub) const {
  const std::string& text = sub->get_description();
  return entry(sub->get_name(), text.substr(0, text.find_first_of(".:;")));
}

std::string HelpFormatter::make_usage(const CLI::App* app, std::string name) const {
  std::string path = name.empty() ? app->get_name() : name;
  std::string line = "Usage: " + path;
  for (const CLI::Option* option : app->get_options([](const CLI::Option* o) { return o->get_positional(); })) {
    const std::string shown = option->get_name(true) + (option->get_expected_max() > 1 ? "..." : "");
    line += option->get_required() ? " " + shown : " [" + shown + "]";
  }
  if (!app->get_subcommands([](const CLI::App*) { return true; }).empty()) line += " COMMAND";
  return line + " [OPTIONS]\n";
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return wrap(app->get_description(), 0) + "\n\n";
}

std::string HelpFormatter::make_footer(const CLI::App* app) const {
  const std::string text = app->get_footer();
  return text.empty() ? "" : "\n" + text + "\n";
}
