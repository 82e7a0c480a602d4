#include <fmt/format.h>
#include <fmt/ranges.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/grouped.h"
#include "command.h"
#include "help.h"
#include "inlay/catalogue.h"

using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  std::string name;
  JsonOption json;
};

constexpr std::int64_t kSide = 512;

struct Setting {
  std::string name, standard;
  std::vector<std::string> choices;  // the standard first; empty when it is no choice
};

/// Of "width=16 up=nearest|bilinear".
std::vector<Setting> settings_of(const inlay::Architecture& network) {
  std::vector<Setting> settings;
  std::istringstream words(network.settings);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    Setting setting{word.substr(0, equals), word.substr(equals + 1), {}};
    std::istringstream choices(setting.standard);
    for (std::string choice; std::getline(choices, choice, '|');) setting.choices.push_back(choice);
    if (setting.choices.size() > 1)
      setting.standard = setting.choices[0];
    else
      setting.choices.clear();
    settings.push_back(setting);
  }
  return settings;
}

Json to_json(const inlay::CatalogueEntry& entry) {
  const inlay::Summary& figures = entry.figures;
  Json settings = Json::array();
  for (const auto& [name, standard, choices] : settings_of(entry.network))
    settings.push_back({{"name", name}, {"default", standard}, {"choices", choices}});
  return {{"name", entry.network.name},
          {"about", entry.network.about},
          {"paper", entry.network.paper},
          {"settings", settings},
          {"size",
           {{"multiple", entry.size.multiple},
            {"remainder", entry.size.remainder},
            {"least", entry.size.least},
            {"margin", entry.size.margin}}},
          {"picture", {entry.side, entry.side}},
          {"parameters", figures.parameters},
          {"state", figures.state},
          {"multiply_adds", figures.multiply_adds},
          {"receptive_field", {figures.receptive_field_h, figures.receptive_field_w}},
          {"sees_everything", figures.sees_everything}};
}

/// Three digits: "31.0 M".
std::string brief(std::int64_t count) {
  auto number = static_cast<double>(count);
  const char* unit = "";
  for (const char* next : {" k", " M", " G", " T"}) {
    if (number < 999.5) break;
    number /= 1000;
    unit = next;
  }
  const int digits = *unit == '\0' || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f}{}", number, digits, unit);
}

/// "Ronneberger, Fischer and Brox, MICCAI 2015" as "Ronneberger et al. 2015", "Yu and Koltun, ICLR 2016" as "Yu and
/// Koltun 2016".
std::string brief_paper(std::string_view paper) {
  const std::string_view year = paper.substr(paper.rfind(' ') + 1), first = paper.substr(0, paper.find(','));
  const bool several = first.find(" and ") == std::string_view::npos && paper.find(" and ") != std::string_view::npos;
  return fmt::format("{}{} {}", first, several ? " et al." : "", year);
}

std::string field_text(const inlay::Summary& figures) {
  return figures.sees_everything ? "all" : fmt::format("{}", figures.receptive_field_h);
}

void print_table(const std::vector<inlay::CatalogueEntry>& entries) {
  const auto line = [](std::string_view name, std::string_view parameters, std::string_view work,
                       std::string_view field, std::string_view paper) {
    fmt::print("{:<20} {:>10} {:>9} {:>6}  {}\n", name, parameters, work, field, paper);
  };
  line("Network", "Parameters", "Mult-adds", "Field", "Paper");
  std::vector<std::string> others;
  for (const inlay::CatalogueEntry& entry : entries) {
    line(entry.network.name, brief(entry.figures.parameters), brief(entry.figures.multiply_adds),
         field_text(entry.figures), brief_paper(entry.network.paper));
    if (entry.side != kSide) others.push_back(fmt::format("{0}: {1}x{1}", entry.network.name, entry.side));
  }
  const std::string sides = others.empty() ? "" : fmt::format(" ({})", fmt::join(others, ", "));
  fmt::print("\n{}\n",
             wrap(fmt::format("For a colour picture of {0}x{0}{1} and two classes. Field: the side, in pixels, of what "
                              "one pixel of the result depends on; all: the whole picture. 'inlay models NAME' says "
                              "more about one, 'inlay summary NAME' lists its layers.",
                              kSide, sides),
                  0));
}

void print_details(const inlay::CatalogueEntry& entry) {
  const auto line = [](std::string_view what, const std::string& text) {
    fmt::print("  {:<16}{}\n", what, wrap(text, 18));
  };
  const inlay::Summary& figures = entry.figures;
  fmt::print("{}\n  {}\n\n", entry.network.name, wrap(std::string(entry.network.about), 2));
  line("Paper", std::string(entry.network.paper));
  line("Pictures", to_string(entry.size));
  line("Parameters", figures.state == 0
                         ? inlay::grouped(figures.parameters)
                         : fmt::format("{} trained, {} running statistics", inlay::grouped(figures.parameters),
                                       inlay::grouped(figures.state)));
  line("Multiply-adds", fmt::format("{} for {}x{}", brief(figures.multiply_adds), entry.side, entry.side));
  line("Receptive field", figures.sees_everything
                              ? "the whole picture"
                              : fmt::format("{}x{} pixels", figures.receptive_field_h, figures.receptive_field_w));
  fmt::print("\nSettings (--set NAME=VALUE) with their defaults; of a choice, the default first\n");
  for (const auto& [name, standard, choices] : settings_of(entry.network))
    line(name, choices.empty() ? standard : fmt::format("{}", fmt::join(choices, ", ")));
}

void run_models(const Arguments& arguments) {
  const bool one = !arguments.name.empty();
  const std::vector<inlay::CatalogueEntry> entries =
      one ? std::vector{inlay::catalogue_entry(arguments.name, {.out_channels = 1}, kSide)} : inlay::catalogue(kSide);
  if (!arguments.json.on_stdout()) one ? print_details(entries[0]) : print_table(entries);
  Json list = Json::array();
  for (const inlay::CatalogueEntry& entry : entries) list.push_back(to_json(entry));
  arguments.json.write(one ? list[0] : list);
}

}  // namespace

void add_models(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "models", "Lists the networks: paper, parameters, multiply-adds, receptive field; of one, its settings too.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("NAME", arguments->name, "of a network, to see its settings")->type_name("");
  arguments->json.add(*command);
  command->footer("Example:\n  inlay models\n  inlay models unet");
  command->callback([arguments] { run_models(*arguments); });
}
