#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "command.h"
#include "inlay/explain.h"

using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  std::map<std::string, std::string> options;  // of the topic, as they were typed
  std::string html, image;
  JsonOption json;
};

Json to_json(const inlay::Explanation& e) {
  Json json{
      {"topic", e.topic}, {"title", e.title}, {"text", e.text}, {"parts", Json::array()}, {"checks", Json::array()}};
  for (const inlay::ExplainPart& part : e.parts) {
    Json out{{"caption", part.caption}, {"grids", Json::array()}};
    for (const inlay::Grid& grid : part.grids)
      out["grids"].push_back(
          {{"name", grid.name}, {"rows", grid.rows}, {"columns", grid.columns}, {"values", grid.values}});
    if (!part.table.rows.empty()) out["table"] = {{"head", part.table.head}, {"rows", part.table.rows}};
    if (!part.below.empty()) out["below"] = part.below;
    json["parts"].push_back(std::move(out));
  }
  for (const inlay::ExplainCheck& check : e.checks)
    json["checks"].push_back({{"what", check.what}, {"difference", check.difference}, {"holds", check.holds}});
  return json;
}

/// A difference between two ways that must agree is no mistake of the reader's.
bool all_hold(const std::vector<inlay::Explanation>& explanations) {
  for (const inlay::Explanation& e : explanations)
    for (const inlay::ExplainCheck& check : e.checks)
      if (!check.holds) return false;
  return true;
}

void show(const std::vector<std::string>& topics, const Arguments& arguments, Program& program) {
  std::vector<inlay::Explanation> explanations;
  for (const std::string& topic : topics)
    explanations.push_back(inlay::explain(topic, arguments.options, !arguments.html.empty()));
  if (!arguments.image.empty()) inlay::write_image(arguments.image, inlay::picture_of(explanations.front()));
  if (!arguments.html.empty()) inlay::write_file(arguments.html, inlay::to_html(explanations));
  if (!arguments.json.on_stdout())
    for (std::size_t i = 0; i < explanations.size(); ++i)
      fmt::print("{}{}", i > 0 ? "\n\n" : "", to_text(explanations[i]));
  Json json = Json::array();
  for (const inlay::Explanation& e : explanations) json.push_back(to_json(e));
  arguments.json.write(topics.size() == 1 ? json.front() : json);
  if (!all_hold(explanations)) program.status = 1;
}

void add_outputs(CLI::App& command, Arguments& arguments, bool pictures) {
  command.add_option("--html", arguments.html, "write it as a page with sliders; it needs nothing else")
      ->type_name("FILE")
      ->group("Output");
  if (pictures)
    command.add_option("--image", arguments.image, "write its pictures side by side")
        ->type_name("FILE")
        ->group("Output");
  arguments.json.add(command);
}

void add_topic(CLI::App& explain, const inlay::ExplainTopic& topic, Program& program) {
  CLI::App* command = explain.add_subcommand(topic.name, topic.about);
  const auto arguments = std::make_shared<Arguments>();
  for (const inlay::ExplainOption& option : topic.options) {
    const bool net = option.name == "net";
    command
        ->add_option_function<std::string>(
            net ? "NET" : "--" + option.name,
            [arguments, name = option.name](const std::string& text) { arguments->options[name] = text; }, option.about)
        ->type_name(net ? "" : "VALUE")
        ->default_str(option.standard);
  }
  add_outputs(*command, *arguments, topic.pictures);
  command->footer(
      fmt::format("Example:\n  inlay explain {}\n  inlay explain {} {}", topic.name, topic.name, topic.example));
  command->callback([arguments, &program, name = topic.name] { show({name}, *arguments, program); });
}

}  // namespace

void add_explain(CLI::App& app, Program& program) {
  CLI::App* explain = app.add_subcommand(
      "explain",
      "Shows on small numbers what each operator does: its input, kernel and output, its matrix and the transposed "
      "matrix, all computed by the operators themselves. A course in dense prediction, at a terminal or as a page.");
  explain->require_subcommand(1);
  std::vector<std::string> names;
  for (const inlay::ExplainTopic& topic : inlay::explain_topics()) {
    add_topic(*explain, topic, program);
    names.push_back(topic.name);
  }
  CLI::App* all = explain->add_subcommand("all", "All topics in turn.");
  const auto arguments = std::make_shared<Arguments>();
  add_outputs(*all, *arguments, false);
  all->footer("Example:\n  inlay explain all --html lecture.html");
  all->callback([arguments, &program, names] { show(names, *arguments, program); });
  explain->footer(
      "'inlay explain TOPIC --help' lists what can be changed.\n\nExample:\n  inlay explain conv\n"
      "  inlay explain conv-transpose --stride 2 --padding 1\n  inlay explain all --html lecture.html");
}
