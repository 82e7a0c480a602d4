#include "workflow/scored_set.h"

namespace inlay::workflow {
namespace {

DatasetOptions draw_of(const EvaluateRequest& request) {
  TrainConfig config;
  const std::filesystem::path beside = request.model.parent_path() / "config.toml";
  const bool drawn = request.split == Split::train || request.split == Split::val;  // of others the draw takes nothing
  if (drawn && std::filesystem::is_regular_file(beside)) read_config(beside, config);
  DatasetOptions options;
  options.val_last = request.val_last.value_or(config.val_last);
  options.val_fraction = request.val_fraction.value_or(config.val_fraction);
  options.seed = request.split_seed.value_or(config.split_seed);
  return options;
}

}  // namespace

Dataset open_scored_set(const EvaluateRequest& request) {
  Dataset dataset = open_dataset(request.data, draw_of(request));
  if (request.log)
    for (const std::string& warning : dataset.warnings()) request.log(Severity::warning, warning);
  return dataset;
}

bool same_draw(const EvaluateRequest& first, const EvaluateRequest& second) {
  const DatasetOptions a = draw_of(first), b = draw_of(second);
  return a.val_last == b.val_last && a.val_fraction == b.val_fraction && a.seed == b.seed;
}

Segmenter open_segmenter(const EvaluateRequest& request) {
  SegmenterOptions options;
  options.threads = request.threads;
  options.tune = request.tune;
  options.log = request.log;
  return Segmenter(request.model, options);
}

EvaluateOptions evaluate_options(const EvaluateRequest& request) {
  EvaluateOptions options;
  options.absent = request.absent;
  options.void_pixels = request.void_pixels;
  options.metrics = request.metrics;
  options.progress = request.progress;
  return options;
}

}  // namespace inlay::workflow
