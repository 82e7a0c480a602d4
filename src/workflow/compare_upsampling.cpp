#include "inlay/compare_upsampling.h"

#include <algorithm>
#include <set>

#include "base/fail.h"
#include "base/files.h"
#include "base/nearest_name.h"
#include "models/unet.h"
#include "workflow/checkerboards.h"
#include "workflow/tile_sheet.h"
#include "workflow/train_options.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

void check(const UpsamplingRequest& request, const std::vector<std::string>& chosen) {
  if (request.recipe.model != "unet")
    fail_input("up-sampling is compared in the network unet, and '{}' was asked for", request.recipe.model);
  const auto known = enum_names(UpSampler{});
  std::set<std::string> seen;
  for (const std::string& up : chosen) {
    if (std::ranges::find(known, up) == known.end())
      fail_input("unknown up-sampler '{}', expected some of {}{}", up, fmt::join(known, ", "), suggestion(up, known));
    if (!seen.insert(up).second) fail_input("the up-sampler '{}' was named twice", up);
  }
  std::error_code code;
  if (request.resume && !fs::exists(request.output / "config.toml", code))
    fail_input("there is nothing to resume in '{}': it has no config.toml", request.output.string());
  if (!request.resume && fs::is_directory(request.output, code) && !fs::is_empty(request.output))
    fail_input("the folder '{}' is not empty; go on with the comparison in it by --resume, or choose another with -o",
               request.output.string());
}

/// The middle of the first held-out picture, in which details can be seen.
struct Window {
  static constexpr std::int64_t kSide = 96;
  std::int64_t top, left, height, width;

  explicit Window(const Image& image)
      : top(std::max<std::int64_t>(0, (image.height() - kSide) / 2)),
        left(std::max<std::int64_t>(0, (image.width() - kSide) / 2)),
        height(std::min(kSide, image.height())),
        width(std::min(kSide, image.width())) {}

  std::vector<float> of(const Tensor& planes, std::int64_t channel) const {
    std::vector<float> part;
    const std::int64_t rows = planes.shape()[1], columns = planes.shape()[2];
    for (std::int64_t y = top; y < top + height; ++y) {
      const auto row = planes.data<float>().subspan(static_cast<std::size_t>((channel * rows + y) * columns + left),
                                                    static_cast<std::size_t>(width));
      part.insert(part.end(), row.begin(), row.end());
    }
    return part;
  }
};

/// What is the same for all runs, and the pictures that become compare.svg.
class Sheet {
 public:
  explicit Sheet(const Sample& sample) : sample_(sample), window_(sample.image) {
    const Mask truth = crop(sample.mask, window_.top, window_.left, window_.height, window_.width);
    std::array<std::int64_t, 256> counts{};
    for (const std::uint8_t label : std::as_const(truth.labels).data<std::uint8_t>()) ++counts[label];
    label_ = std::distance(counts.begin(), std::max_element(counts.begin() + 1, counts.begin() + kIgnore));
    Image inside{Tensor(DType::u8, {window_.height, window_.width, 1})};
    std::ranges::transform(std::as_const(truth.labels).data<std::uint8_t>(), inside.pixels.data<std::uint8_t>().begin(),
                           [&](std::uint8_t x) { return static_cast<std::uint8_t>(x == label_ ? 255 : 0); });
    tiles_.push_back(
        {"picture", sample.name, crop(sample.image, window_.top, window_.left, window_.height, window_.width)});
    tiles_.push_back({"truth", "", inside});
  }

  void add(Segmenter& segmenter, const UpsamplingResult& result) {
    const Tensor logits = segmenter.logits(sample_.image);
    const std::int64_t channel = logits.shape()[0] == 1 ? 0 : label_;
    tiles_.push_back({result.up, fmt::format("mIoU {:.3f}, checkerboard {:.1e}", result.mean_iou, result.checkerboard),
                      grey_tile(window_.of(logits, channel), window_.height, window_.width)});
  }

  std::string svg() const { return tile_sheet(tiles_); }

 private:
  Sample sample_;
  Window window_;
  std::int64_t label_ = 1;  // the class whose logits are shown: the most frequent one but the first
  std::vector<Tile> tiles_;
};

void add_cost(const fs::path& model, const TrainConfig& recipe, const ImageSize& size, UpsamplingResult& result) {
  BenchRequest request{.net = {.name = model.string()}, .size = size};
  request.threads = static_cast<int>(recipe.threads);
  request.tune = recipe.tune;
  const BenchResult cost = bench(request);
  result.milliseconds = cost.median_ms;
  result.multiply_adds = cost.multiply_adds;
  result.memory_mb = cost.arena_mb + cost.packed_mb;
}

std::string csv(const UpsamplingComparison& comparison) {
  std::string text =
      "up,mean_iou,pixel_accuracy,best_epoch,parameters,multiply_adds,milliseconds,memory_mb,checkerboard,"
      "truth_checkerboard,train_seconds\n";
  for (const UpsamplingResult& r : comparison.results)
    text += fmt::format("{},{:.6f},{:.6f},{},{},{},{:.4f},{:.3f},{:.6e},{:.6e},{:.2f}\n", r.up, r.mean_iou,
                        r.pixel_accuracy, r.best_epoch + 1, r.parameters, r.multiply_adds, r.milliseconds, r.memory_mb,
                        r.checkerboard, comparison.truth_checkerboard, r.train_seconds);
  return text;
}

UpsamplingResult trained(const std::string& up, const TrainOutcome& outcome) {
  UpsamplingResult result{.up = up};
  result.mean_iou = outcome.evaluation->scores.mean_iou;
  result.pixel_accuracy = outcome.evaluation->scores.pixel_accuracy;
  result.best_epoch = outcome.result.best_epoch;
  for (const EpochReport& epoch : outcome.result.history) result.train_seconds += epoch.seconds;
  return result;
}

/// Everything but the score. Adds its tile to the sheet.
void measure(const fs::path& file, const TrainConfig& recipe, const Dataset& dataset, Sheet& sheet,
             UpsamplingComparison& comparison, UpsamplingResult& result) {
  Model model = load_model(file);
  const Image first = dataset.read_image(comparison.split, 0);
  comparison.size = {model.info.size.fit(first.height()), model.info.size.fit(first.width())};
  result.parameters = inlay::summarise(model.graph).parameters;
  add_cost(file, recipe, comparison.size, result);
  Segmenter segmenter(std::move(model), {.threads = static_cast<int>(recipe.threads), .tune = recipe.tune});
  const Checkerboards found = measure_checkerboards(segmenter, dataset, comparison.split);
  result.checkerboard = found.logits;
  comparison.truth_checkerboard = found.truth;
  sheet.add(segmenter, result);
}

}  // namespace

std::vector<std::string> list_upsamplers() {
  const auto names = enum_names(UpSampler{});
  return {names.begin(), names.end()};
}

std::int64_t epochs_of(const UpsamplingRequest& request) {
  constexpr std::int64_t kUsual = 50;
  return request.recipe.epochs.value_or(kUsual);
}

TrainConfig quick_upsampling_recipe() {
  TrainConfig recipe;
  recipe.epochs = 30;
  recipe.width = 8;
  recipe.size = ImageSize{128, 128};
  return recipe;
}

UpsamplingComparison compare_upsampling(const UpsamplingRequest& request) {
  const std::vector<std::string> chosen = request.up.empty() ? list_upsamplers() : request.up;
  check(request, chosen);
  TrainConfig recipe = request.recipe;
  recipe.epochs = epochs_of(request);
  const Dataset dataset = open_dataset(recipe.data, dataset_options(recipe));
  UpsamplingComparison comparison;
  comparison.split = dataset.size(Split::val) > 0 ? Split::val : Split::train;
  comparison.images = dataset.size(comparison.split);
  if (comparison.images == 0) fail_input("'{}' has no image to train on", recipe.data);
  Sheet sheet(dataset.read(comparison.split, 0));
  write_file(request.output / "config.toml", to_toml(recipe));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (request.on_run) request.on_run(i, chosen.size(), chosen[i]);
    TrainConfig config = recipe;
    config.up = chosen[i];
    config.output = (request.output / chosen[i]).string();
    const bool begun = fs::exists(request.output / chosen[i] / "state.safetensors");
    const TrainOutcome outcome = train(config, request.resume && begun, request.callbacks);
    comparison.interrupted = outcome.result.interrupted;
    if (comparison.interrupted) break;
    UpsamplingResult result = trained(chosen[i], outcome);
    measure(outcome.run / "best.onnx", recipe, dataset, sheet, comparison, result);
    comparison.results.push_back(result);
    write_file(request.output / "compare.csv", csv(comparison));
    write_file(request.output / "compare.svg", sheet.svg());
    if (request.on_result) request.on_result(result);
  }
  return comparison;
}

}  // namespace inlay::workflow
