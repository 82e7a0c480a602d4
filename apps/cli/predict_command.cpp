#include <fmt/format.h>

#include <algorithm>

#include "base/fail.h"
#include "base/files.h"
#include "command.h"
#include "interrupt.h"

namespace wf = inlay::workflow;

namespace {

struct Arguments {
  wf::PredictRequest request;
  std::vector<std::string> words;
  std::string model, output, memory = "2G";
  AugmentationOption augmentation;
  MachineOptions machine;
};

/// "2G", "500M", "1.5G", bytes; 0: no limit.
std::int64_t bytes_of(const std::string& text) {
  std::size_t used = 0;
  double number = -1;
  try {
    number = std::stod(text, &used);
  } catch (const std::logic_error&) {  // no number at all
  }
  const std::string unit = text.substr(used);
  const double factor = unit.empty() || unit == "B" ? 1 : unit == "K" ? 1e3 : unit == "M" ? 1e6 : unit == "G" ? 1e9 : 0;
  if (!(number >= 0) || factor == 0 || number * factor > 1e15)
    inlay::fail_input("--mem: '{}' is no size; expected a number with M or G, as 2G, or 0 for no limit", text);
  return static_cast<std::int64_t>(number * factor);
}

/// Model files are told from pictures by their extension; the first word is one in any case.
void sort_words(const Arguments& arguments, wf::PredictRequest& request) {
  request.models = {arguments.model};
  for (const std::string& word : arguments.words)
    if (std::filesystem::path(word).extension() == ".onnx")
      request.models.emplace_back(word);
    else
      request.inputs.push_back(word);
  if (request.inputs.empty())
    inlay::fail_input("no picture is named; expected pictures, folders or patterns after the models");
}

/// One picture: the tiles of it. Several: pictures, with the share of the present one.
void show_progress(CountProgress& pictures, CountProgress& tiles, CountProgress& frames,
                   const wf::PredictProgress& progress) {
  if (progress.film && progress.runs > 0) return frames(progress.runs_done, progress.runs);
  if (progress.pictures == 1 && progress.runs > 0) return tiles(progress.runs_done, progress.runs);
  const auto runs = static_cast<double>(std::max<std::int64_t>(progress.runs, 1));
  pictures(progress.done, progress.pictures, static_cast<double>(progress.runs_done) / runs);
}

/// Standard input to standard output, or to a file in the folder.
void pipe_picture(const Arguments& arguments, const wf::PredictRequest& request) {
  const std::string picture = inlay::read_file("/dev/stdin");
  if (picture.empty()) inlay::fail_input("standard input is empty; a picture was expected there");
  const std::string mask = wf::predict_bytes(request, picture);
  if (arguments.output == "-")
    std::fwrite(mask.data(), 1, mask.size(), stdout);
  else
    inlay::write_file(std::filesystem::path(arguments.output) / "stdin.png", mask);
}

void run_predict(Arguments& arguments, Program& program) {
  wf::PredictRequest& request = arguments.request;
  sort_words(arguments, request);
  request.output = arguments.output;
  arguments.augmentation.apply(request);
  request.memory = bytes_of(arguments.memory);
  request.threads = arguments.machine.threads;
  request.tune = !arguments.machine.no_tune;
  request.log = program.console.log();
  request.stop = interrupted;
  const bool piped = std::ranges::find(request.inputs, "-") != request.inputs.end();
  if ((piped || arguments.output == "-") && (!piped || request.inputs.size() > 1))
    inlay::fail_input("- stands for one picture on standard input, alone; -o - for its mask on standard output");
  if (piped) return pipe_picture(arguments, request);
  catch_interrupts("\ninlay: stopping; what is not finished leaves no file\n");
  CountProgress pictures(program.console, "labelling"), tiles(program.console, "labelling", "tiles"),
      frames(program.console, "labelling", "frames");
  request.progress = [&](const wf::PredictProgress& progress) { show_progress(pictures, tiles, frames, progress); };
  const wf::PredictResult result = wf::predict(request);
  program.console.clear_progress();
  fmt::print("{} of {} pictures labelled in {}: {}{}\n", result.masks.size(), result.images,
             duration_text(result.seconds), arguments.output,
             result.skipped > 0 ? fmt::format(" ({} were there already)", result.skipped) : "");
  for (const auto& failure : result.failures) program.console.error(failure.message);
  if (std::ssize(result.masks) + result.skipped < result.images) program.status = 1;
}

void add_outputs(CLI::App& command, Arguments& arguments) {
  wf::PredictRequest& request = arguments.request;
  const auto flag = [&](const char* name, bool& value, const char* about) {
    command.add_flag(name, value, about)->group("Output");
  };
  command
      .add_option("-o,--output", arguments.output,
                  "folder for the results; - with the input -: the mask goes to standard output")
      ->type_name("DIR")
      ->group("Output")
      ->required();
  flag("--tiff", request.tiff, "DIR/STEM.tif, tiled and compressed, instead of DIR/STEM.png");
  flag("--overlay", request.overlay, "also DIR/STEM_overlay.png: the picture under the classes' colours");
  flag("--probabilities", request.probabilities,
       "also a 16-bit grey PNG for every class, DIR/STEM_probability_NUMBER_CLASS.png, 65535 for 1");
  flag("--probabilities-npy", request.probabilities_npy, "also DIR/STEM_probabilities.npy: float32 (K, H, W)");
  flag("--probabilities-tiff", request.probabilities_tiff,
       "also DIR/STEM_probabilities.tif: float32, a band for every class");
  flag("--instances", request.instances, "also DIR/STEM_instances.png: 16-bit, the number of a pixel's object");
  flag("--geojson", request.geojson, "also DIR/STEM.geojson: a polygon for every object");
  flag("--coco", request.coco, "also DIR/coco.json: the objects of all pictures");
  flag("--rle", request.rle, "also DIR/rle.csv: run lengths as Kaggle takes them (id,rle_mask)");
  flag("--areas", request.areas, "also DIR/areas.csv: pixels, share and regions of every class");
  flag("--resume", request.resume, "leave pictures out whose files are all there");
  command
      .add_option("--samples", request.samples,
                  "run a net with dropout N times with its dropout on: labels by the mean, and how far the samples are "
                  "apart in DIR/STEM_uncertainty.png, 16-bit grey, 65535 for 1")
      ->type_name("N")
      ->group("Output");
}

void add_postprocessing(CLI::App& command, Arguments& arguments) {
  const char* group = "Post-processing";
  wf::PredictRequest& request = arguments.request;
  command.add_flag("--fill-holes", request.fill_holes, "holes of class 0 within an object become part of it")
      ->group(group);
  command
      .add_option("--min-area", request.min_area,
                  "regions of fewer pixels get the label of the neighbour with the longest border")
      ->type_name("N")
      ->group(group)
      ->check(CLI::Range(0, 1 << 30));
  command
      .add_option("--split-touching", request.seed_distance,
                  "part touching objects by a watershed; their middles are more than X pixels apart")
      ->type_name("X")
      ->group(group)
      ->check(CLI::Range(0.0, 1e6));
}

void add_labelling(CLI::App& command, Arguments& arguments) {
  const char* group = "Labelling";
  arguments.augmentation.add(command, group);
  command
      .add_option("--mem", arguments.memory,
                  "memory that may be taken, as 500M or 2G; larger pictures are labelled in tiles; 0: no limit")
      ->type_name("SIZE")
      ->group(group)
      ->default_str("2G");
  command.add_option("--tile", arguments.request.tile, "side of the tiles; 0: as large as --mem allows")
      ->type_name("N")
      ->group(group)
      ->check(CLI::Range(0, 1 << 20))
      ->default_str("0");
  command
      .add_option("--overlap", arguments.request.overlap,
                  "pixels that neighbouring tiles share; else as far as the net sees, at most half a tile")
      ->type_name("N")
      ->group(group)
      ->check(CLI::Range(0, 1 << 20));
}

}  // namespace

void add_predict(CLI::App& app, Program& program) {
  CLI::App* command = app.add_subcommand(
      "predict",
      "Labels every pixel of pictures of any size. DIR/STEM.png is an index PNG: its values are the classes' numbers, "
      "shown in their colours. Several models are an ensemble: the mean of their probabilities counts.");
  const auto arguments = std::make_shared<Arguments>();
  command->add_option("MODEL", arguments->model, "model file, as runs/NAME/best.onnx; more of them may follow")
      ->type_name("")
      ->required();
  command
      ->add_option("INPUT", arguments->words,
                   "pictures, folders of pictures, patterns as 'scan/*.png', @FILE with one of these a line, films, "
                   "camera:0, or - for a picture on standard input")
      ->type_name("")
      ->required()
      ->expected(1, -1);
  add_outputs(*command, *arguments);
  add_postprocessing(*command, *arguments);
  add_labelling(*command, *arguments);
  arguments->machine.add(*command);
  command->footer(
      "A picture that cannot be read is left out and named; the exit code is 1 then.\n\nExamples:\n"
      "  inlay predict runs/cells-unet/best.onnx cells/test/images -o labels --overlay\n"
      "  inlay predict a.onnx b.onnx slide.tif -o labels --tta flips,scales --mem 4G");
  command->callback([arguments, &program] { run_predict(*arguments, program); });
}
