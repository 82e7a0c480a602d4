#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/threads.h"
#include "inlay/scoring.h"
#include "inlay/sheet.h"
#include "workflow/label_pictures.h"
#include "workflow/scored_set.h"

namespace inlay::workflow {
namespace {

EvaluateRequest request_of(const CompareRequest& request, const std::filesystem::path& model) {
  EvaluateRequest one = request.evaluate;
  one.model = model;
  return one;
}

/// By the first metric; those that differ most first.
std::vector<ImageDifference> image_differences(const Scorer& first, const Scorer& second) {
  std::vector<ImageDifference> images;
  for (std::int64_t i = 0; i < first.images(); ++i)
    images.push_back({first.per_image()[static_cast<std::size_t>(i)].name, first.results_of(i).front().value,
                      second.results_of(i).front().value});
  const auto apart = [](const ImageDifference& one) {
    const double distance = std::abs(one.second - one.first);
    return std::isnan(distance) ? -1.0 : distance;
  };
  std::ranges::stable_sort(images, [&](const auto& a, const auto& b) { return apart(a) > apart(b); });
  return images;
}

std::vector<std::filesystem::path> picture_files(const CompareRequest& request,
                                                 const std::vector<ImageDifference>& images) {
  std::vector<std::filesystem::path> files;
  if (request.output.empty()) return files;
  for (std::size_t i = 0; i < std::min(images.size(), static_cast<std::size_t>(request.pictures)); ++i)
    files.push_back(request.output / (images[i].name + ".png"));
  return files;
}

std::string titled(const char* name, double score) {
  return std::isnan(score) ? name : fmt::format("{} {:.4f}", name, score);
}

/// image, truth and who is right above A and B.
Image differences(const Sample& sample, const Mask& a, const Mask& b, const ClassTable& classes,
                  const ImageDifference& scores) {
  constexpr std::int64_t kLeast = 240, kMost = 800;
  const std::vector<SheetTile> tiles{{sample.image, sample.name},
                                     {colored(sample.mask, classes), "truth"},
                                     {disagreement(sample.image, sample.mask, a, b), "one is right"},
                                     {colored(a, classes), titled("A", scores.first)},
                                     {colored(b, classes), titled("B", scores.second)}};
  std::vector<SheetLegend> legend{{"A alone is right", kFirstAlone}, {"B alone is right", kSecondAlone}};
  for (std::size_t i = 0; i < classes.names.size(); ++i)
    legend.push_back(
        {classes.names[i], i < classes.colors.size() ? classes.colors[i] : voc_color(static_cast<int>(i))});
  return contact_sheet(tiles, 3, legend, std::clamp(std::max(a.height(), a.width()), kLeast, kMost));
}

void write_pictures(const CompareRequest& request, const Comparison& comparison, Segmenter& first, Segmenter& second,
                    const Dataset& dataset) {
  const std::vector<std::string> names = dataset.names(request.evaluate.split);
  for (std::size_t i = 0; i < comparison.pictures.size(); ++i) {
    const auto at = std::ranges::find(names, comparison.images[i].name) - names.begin();
    const Sample sample = dataset.read(request.evaluate.split, at);
    write_image(comparison.pictures[i], differences(sample, first(sample.image), second(sample.image),
                                                    dataset.classes(), comparison.images[i]));
  }
}

}  // namespace

Comparison compare(const CompareRequest& request) {
  const EvaluateRequest one = request_of(request, request.first), other = request_of(request, request.second);
  if (one.metrics.empty()) fail_input("a comparison needs a metric at least");
  const ThreadScope threads(one.threads);
  Segmenter first = open_segmenter(one), second = open_segmenter(other);
  const Dataset dataset = open_scored_set(one);
  if (request.evaluate.log && !same_draw(one, other))
    request.evaluate.log(Severity::warning,
                         fmt::format("'{}' was trained with another draw of validation images than '{}': it may have "
                                     "seen some that are scored here",
                                     request.second.string(), request.first.string()));
  const std::int64_t images = dataset.size(one.split);
  EvaluateOptions options = evaluate_options(one);
  options.progress = [&](std::int64_t done, std::int64_t) {
    if (one.progress) one.progress(done, 2 * images);
  };
  Comparison result{.first = inlay::evaluate(first, dataset, one.split, options),
                    .second = {.confusion = ConfusionMatrix(1)},
                    .metrics = {},
                    .images = {},
                    .pictures = {}};
  options.progress = [&](std::int64_t done, std::int64_t) {
    if (one.progress) one.progress(images + done, 2 * images);
  };
  result.second = inlay::evaluate(second, dataset, one.split, options);
  for (Evaluation* evaluation : {&result.first, &result.second}) evaluation->intervals = bootstrap(*evaluation->scorer);
  result.metrics = inlay::compare(*result.first.scorer, *result.second.scorer);
  result.images = image_differences(*result.first.scorer, *result.second.scorer);
  result.pictures = picture_files(request, result.images);
  if (request.on_scores) request.on_scores(result);
  write_pictures(request, result, first, second, dataset);
  return result;
}

}  // namespace inlay::workflow
