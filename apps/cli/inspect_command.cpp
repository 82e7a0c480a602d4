#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "command.h"
#include "inlay/inspection.h"
#include "interrupt.h"

namespace wf = inlay::workflow;
using Json = nlohmann::ordered_json;

namespace {

struct Arguments {
  wf::InspectRequest request;
  std::string model, image, output, pixel;
  MachineOptions machine;
  JsonOption json;
};

/// "12,40"
inlay::PixelPosition read_pixel(const std::string& text) {
  inlay::PixelPosition pixel;
  const char* end = text.data() + text.size();
  const auto row = std::from_chars(text.data(), end, pixel.row);
  const bool comma = row.ec == std::errc{} && row.ptr != end && *row.ptr == ',';
  const auto column = comma ? std::from_chars(row.ptr + 1, end, pixel.column) : row;
  if (!comma || column.ec != std::errc{} || column.ptr != end)
    inlay::fail_input("--pixel {}: expected ROW,COLUMN, as 12,40", text);
  return pixel;
}

/// null where it is infinite.
Json pair_of(double h, double w) {
  const auto number = [](double value) { return std::isfinite(value) ? Json(value) : Json(); };
  return {number(h), number(w)};
}

Json to_json(const wf::Inspection& inspection, const std::string& folder) {
  Json json{{"folder", folder},
            {"page", inspection.page},
            {"height", inspection.height},
            {"width", inspection.width},
            {"picture", inspection.picture},
            {"labels", inspection.labels},
            {"overlay", inspection.overlay},
            {"entropy", inspection.entropy},
            {"mean_entropy", inspection.mean_entropy},
            {"margin", inspection.margin},
            {"mean_margin", inspection.mean_margin},
            {"classes", Json::array()},
            {"layers", Json::array()},
            {"seconds", inspection.seconds}};
  for (const auto& entry : inspection.classes)
    json["classes"].push_back({{"index", entry.index},
                               {"name", entry.name},
                               {"share", entry.share},
                               {"mean_probability", entry.mean_probability},
                               {"logit", entry.logit},
                               {"probability", entry.probability},
                               {"saliency", entry.saliency}});
  for (const auto& layer : inspection.layers) {
    Json channels = Json::array();
    for (const auto& channel : layer.shown)
      channels.push_back({{"index", channel.index}, {"variance", channel.variance}});
    json["layers"].push_back({{"name", layer.name},
                              {"op", layer.op},
                              {"shape", {layer.channels, layer.height, layer.width}},
                              {"sees", pair_of(layer.sees_h, layer.sees_w)},
                              {"step", pair_of(layer.step_h, layer.step_w)},
                              {"channels", channels},
                              {"sheet", layer.sheet}});
  }
  return json;
}

std::string side_text(double pixels) { return std::isfinite(pixels) ? fmt::format("{:.4g}", pixels) : "all"; }

/// The end of a name, which says more than its beginning.
std::string shortened(const std::string& name) {
  constexpr std::size_t kColumns = 34;
  return name.size() <= kColumns ? name : "..." + name.substr(name.size() - kColumns + 3);
}

void print_layers(const wf::Inspection& inspection) {
  fmt::print("{:<34} {:>8} {:>11} {:>9} {:>13}\n", "layer", "channels", "size", "step", "sees");
  for (const auto& layer : inspection.layers)
    fmt::print("{:<34} {:>8} {:>11} {:>9} {:>13}\n", shortened(layer.name), layer.channels,
               fmt::format("{}x{}", layer.height, layer.width),
               fmt::format("{}x{}", side_text(layer.step_h), side_text(layer.step_w)),
               fmt::format("{}x{}", side_text(layer.sees_h), side_text(layer.sees_w)));
}

void run_inspect(Arguments& arguments, Program& program) {
  wf::InspectRequest& request = arguments.request;
  request.model = arguments.model;
  request.image = arguments.image;
  request.output = arguments.output;
  if (!arguments.pixel.empty()) request.pixel = read_pixel(arguments.pixel);
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  request.stop = interrupted;
  catch_interrupts("\ninlay: stopping after this layer\n");
  CountProgress progress(program.console, "inspecting", "layers");
  request.progress = [&](std::int64_t done, std::int64_t count) { progress(done, count); };
  const wf::Inspection inspection = wf::inspect(request);
  program.console.clear_progress();
  if (inspection.interrupted) {
    program.console.error("interrupted: there is no page");
    program.status = 1;
    return;
  }
  if (!arguments.json.on_stdout()) {
    print_layers(inspection);
    fmt::print("\n{} layers in {}: {}\n", inspection.layers.size(), duration_text(inspection.seconds),
               (request.output / inspection.page).string());
  }
  arguments.json.write(to_json(inspection, arguments.output));
}

}  // namespace

void add_inspect(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand("inspect",
                                         "Shows what a model sees in a picture: the maps of its layers, what speaks "
                                         "for each class, which pixels that hangs "
                                         "on, and where it is unsure. DIR/index.html shows it all.");
  const auto arguments = std::make_shared<Arguments>();
  wf::InspectRequest& request = arguments->request;
  command->add_option("MODEL", arguments->model, "model file, as runs/NAME/best.onnx")->type_name("")->required();
  command->add_option("IMAGE", arguments->image, "picture of any size")->type_name("")->required();
  command->add_option("-o,--output", arguments->output, "folder for the page and its pictures")
      ->type_name("DIR")
      ->group("Output")
      ->required();
  command->add_flag("--overwrite", request.overwrite, "write into a folder that holds files")->group("Output");
  const char* group = "What to show";
  command->add_option("--layers", request.layers, "layers by name, with * ? [], as 'down/*'; else the ends of blocks")
      ->type_name("PATTERN")
      ->group(group);
  command->add_option("--channels", request.channels, "of a layer: those that differ most from place to place")
      ->type_name("N")
      ->group(group)
      ->default_str("16");
  command->add_option("--class", request.classes, "a class by name or number; may be repeated; else those that occur")
      ->type_name("CLASS")
      ->group(group)
      ->allow_extra_args(false);
  command->add_option("--pixel", arguments->pixel, "what the result at this pixel hangs on, not that of whole classes")
      ->type_name("Y,X")
      ->group(group);
  arguments->machine.add(*command);
  arguments->json.add(*command);
  command->footer(
      "Example:\n  inlay inspect runs/cells-unet/best.onnx cells/test/images/0100.png -o seen\n"
      "  inlay inspect best.onnx scan.png -o seen --layers 'merge/*' --pixel 64,80");
  command->callback([arguments, &program] { run_inspect(*arguments, program); });
}
