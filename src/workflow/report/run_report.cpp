#include "workflow/report/run_report.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "base/grouped.h"
#include "inlay/display.h"
#include "inlay/report.h"
#include "workflow/report/origin.h"
#include "workflow/report/progress_pictures.h"
#include "workflow/report/sample_indices.h"

namespace inlay::workflow {
namespace {

constexpr std::int64_t kSamples = 6;

std::vector<ReportSample> write_samples(Segmenter& segmenter, const TrainOutcome& outcome, const Dataset& dataset,
                                        const Evaluation& evaluation) {
  std::vector<ReportSample> samples;
  for (const std::int64_t index : sample_indices(evaluation.images, kSamples)) {
    Sample sample = dataset.read(outcome.split, index);
    Mask prediction = segmenter(sample.image);
    const Image shown = displayed(sample.image);
    write_image(outcome.run / "samples" / (sample.name + "_overlay.png"),
                overlay(shown, prediction, dataset.classes().colors));
    write_mask(outcome.run / "samples" / (sample.name + ".png"), prediction, dataset.classes().colors);
    samples.push_back(
        {sample.name, shown, sample.mask, prediction, evaluation.per_image[static_cast<std::size_t>(index)].mean_iou});
  }
  return samples;
}

std::string duration(double seconds) {
  const auto whole = static_cast<std::int64_t>(seconds + 0.5);
  if (whole < 60) return fmt::format("{:.1f} s", seconds);
  return whole < 3600 ? fmt::format("{} min {} s", whole / 60, whole % 60)
                      : fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
}

std::vector<std::pair<std::string, std::string>> facts_of(const Model& model, const TrainOutcome& outcome,
                                                          const TrainConfig& config) {
  const Summary summary = inlay::summarise(model, config.size->height, config.size->width);
  double seconds = 0;
  for (const EpochReport& epoch : outcome.result.history) seconds += epoch.seconds;
  const std::string stop = outcome.result.stopped_early ? ", then no better score" : "";
  return {{"Network", model.info.architecture.empty() ? config.model : model.info.architecture},
          {"Parameters", grouped(summary.parameters)},
          {"Multiply-adds", fmt::format("{:.3g} billion for {}x{}", static_cast<double>(summary.multiply_adds) / 1e9,
                                        config.size->height, config.size->width)},
          {"Receptive field", summary.sees_everything
                                  ? "the whole picture"
                                  : fmt::format("{}x{} pixels", summary.receptive_field_h, summary.receptive_field_w)},
          {"Trained", fmt::format("{} epochs, {} steps{}", outcome.result.history.size(), outcome.result.steps, stop)},
          {"Time", duration(seconds)}};
}

Report make_report(const Model& model, const TrainOutcome& outcome, const RunPlan& plan, const Dataset& dataset) {
  const TrainConfig& config = plan.config;
  Report report;
  report.title = outcome.run.filename().string();
  report.facts = facts_of(model, outcome, config);
  for (const ConfigOption& option : list_options(config))
    if (option.value != "auto") report.settings.emplace_back(option.name, option.value);
  for (const auto& [name, value] : config.set) report.settings.emplace_back(name, value);
  report.history = outcome.result.history;
  report.best_epoch = outcome.result.best_epoch;
  report.scored =
      fmt::format("{} {} images", dataset.size(outcome.split), outcome.split == Split::val ? "validation" : "training");
  report.classes = dataset.classes();
  report.plan = plan.choices;
  report.data = plan.fingerprint;
  report.findings = dataset.warnings();
  report.frames = read_progress(outcome.run);
  return report;
}

}  // namespace

Evaluation report_run(const TrainOutcome& outcome, const RunPlan& plan, const Dataset& dataset,
                      const TrainCallbacks& callbacks) {
  const TrainConfig& config = plan.config;
  Model model = load_model(outcome.run / "best.onnx");
  Report report = make_report(model, outcome, plan, dataset);
  SegmenterOptions segmenter_options;
  segmenter_options.threads = static_cast<int>(config.threads);
  segmenter_options.tune = config.tune;
  Segmenter segmenter(std::move(model), segmenter_options);
  EvaluateOptions options;
  options.metrics = {"mean_iou", "pixel_accuracy", "mean_dice"};
  options.progress = callbacks.on_validation;
  report.evaluation = inlay::evaluate(segmenter, dataset, outcome.split, options);
  for (const MetricInterval& one : bootstrap(*report.evaluation.scorer))
    if (std::isfinite(one.value.low))
      report.intervals[one.name] = fmt::format("95 % from {:.3f} to {:.3f}", one.value.low, one.value.high);
  report.samples = write_samples(segmenter, outcome, dataset, report.evaluation);
  report.origin = origin_of(outcome.run, dataset, callbacks.command);
  write_file(outcome.run / "report.html", to_html(report));
  return report.evaluation;
}

}  // namespace inlay::workflow
