#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "command.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  std::string net, size;
  NetOptions options;
  JsonOption json;
};

/// "128x128x3"
void read_size(const std::string& text, wf::SummaryRequest& request) {
  const std::size_t cross = text.rfind('x');
  if (cross == std::string::npos || text.find('x') == cross)
    inlay::fail_input("--size {}: expected HEIGHTxWIDTHxCHANNELS, as 128x128x3", text);
  request.size = inlay::parse_image_size(text.substr(0, cross));
  const inlay::ImageSize channels = inlay::parse_image_size(text.substr(cross + 1));
  request.net.channels = channels.height;
}

Json to_json(const inlay::Summary& summary) {
  Json json{{"parameters", summary.parameters},
            {"state", summary.state},
            {"multiply_adds", summary.multiply_adds},
            {"receptive_field", {summary.receptive_field_h, summary.receptive_field_w}},
            {"sees_everything", summary.sees_everything},
            {"inference_bytes", summary.inference_bytes},
            {"training_bytes", summary.training_bytes},
            {"layers", Json::array()}};
  for (const inlay::SummaryRow& row : summary.rows) {
    const std::vector<std::int64_t> shape(row.output.begin(), row.output.end());
    json["layers"].push_back({{"name", row.name},
                              {"kind", row.kind},
                              {"output", shape},
                              {"parameters", row.parameters},
                              {"multiply_adds", row.multiply_adds},
                              {"connected_to", row.connected_to}});
  }
  return json;
}

void run_summary(const Arguments& arguments) {
  wf::SummaryRequest request;
  request.net = arguments.options.choice(arguments.net);
  if (!arguments.size.empty()) read_size(arguments.size, request);
  const inlay::Summary summary = wf::summarise(request);
  if (!arguments.json.on_stdout()) fmt::print("{}", to_string(summary));
  arguments.json.write(to_json(summary));
}

}  // namespace

void add_summary(CLI::App& app, Program&) {
  CLI::App* command = app.add_subcommand(
      "summary",
      "Shows the layers of a network or model file: output shapes, parameters, connections, and what it "
      "costs to compute and to keep in memory.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("NET", arguments->net, "network by name (see 'inlay models'), or a model file")
      ->type_name("")
      ->required();
  command->add_option("--size", arguments->size, "of the picture; a network alone: 128x128x3")
      ->type_name("HxWxC")
      ->group("Input");
  arguments->options.add(*command, false);
  arguments->json.add(*command);
  command->footer("Example:\n  inlay summary unet --width 16 --size 128x128x1");
  command->callback([arguments] { run_summary(*arguments); });
}
