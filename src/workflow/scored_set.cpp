#include "workflow/scored_set.h"

#include "workflow/train_options.h"

namespace inlay::workflow {
namespace {

/// The validation images of a run must stay those that it did not train on.
TrainConfig draw_of(const EvaluateRequest& request) {
  TrainConfig config;
  const std::filesystem::path beside = request.model.parent_path() / "config.toml";
  const bool drawn = request.split == Split::train || request.split == Split::val;  // of others the draw takes nothing
  if (drawn && std::filesystem::is_regular_file(beside)) read_config(beside, config);
  config.data = request.data.string();
  config.val_last = request.val_last.value_or(config.val_last);
  config.val_fraction = request.val_fraction.value_or(config.val_fraction);
  config.split_seed = request.split_seed.value_or(config.split_seed);
  return config;
}

}  // namespace

Dataset open_scored_set(const EvaluateRequest& request) {
  Dataset dataset = open_training_data(draw_of(request));
  if (request.log)
    for (const std::string& warning : dataset.warnings()) request.log(Severity::warning, warning);
  return dataset;
}

bool same_draw(const EvaluateRequest& first, const EvaluateRequest& second) {
  const TrainConfig a = draw_of(first), b = draw_of(second);
  return a.val_last == b.val_last && a.val_fraction == b.val_fraction && a.split_seed == b.split_seed &&
         a.folds == b.folds && a.fold == b.fold && a.group_by == b.group_by;
}

Segmenter open_segmenter(const EvaluateRequest& request) {
  SegmenterOptions options;
  options.threads = request.threads;
  options.tune = request.tune;
  options.augmentation = request.augmentation;
  options.scales = request.scales;
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
