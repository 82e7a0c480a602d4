#include "base/fail.h"
#include "inlay/workflow.h"

namespace inlay::workflow {
namespace {

/// The validation images of a run must stay those that it did not train on.
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

Evaluation evaluate(const EvaluateRequest& request) {
  SegmenterOptions segmenter_options;
  segmenter_options.threads = request.threads;
  segmenter_options.tune = request.tune;
  segmenter_options.log = request.log;
  Segmenter segmenter(request.model, segmenter_options);
  const Dataset dataset = open_dataset(request.data, draw_of(request));
  if (request.log)
    for (const std::string& warning : dataset.warnings()) request.log(Severity::warning, warning);
  EvaluateOptions options;
  options.absent = request.absent;
  options.progress = request.progress;
  return inlay::evaluate(segmenter, dataset, request.split, options);
}

}  // namespace inlay::workflow
