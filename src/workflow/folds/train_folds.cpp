#include <chrono>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/workflow.h"
#include "workflow/folds/folds_report.h"
#include "workflow/train_options.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

fs::path folder_of(const fs::path& run, std::int64_t fold) { return run / fmt::format("fold-{}", fold); }

/// What the first fold chose, for the others; how long each trains is its own affair where a budget decides it.
TrainConfig like_the_first(const TrainConfig& asked, const fs::path& first) {
  TrainConfig config;
  read_config(first / "config.toml", config);
  config.output = asked.output;
  if (config.replanned.empty()) return config;
  config.epochs = asked.epochs;
  config.epoch_steps = asked.epoch_steps;
  config.warmup = asked.warmup;
  config.replanned.clear();
  return config;
}

Evaluation score_again(const TrainConfig& config, const fs::path& run, const TrainCallbacks& callbacks) {
  EvaluateRequest request{.model = run / "best.onnx", .data = config.data};
  request.threads = static_cast<int>(config.threads);
  request.tune = config.tune;
  request.progress = callbacks.on_validation;
  return evaluate(request);
}

/// One table over all images.
Evaluation together(std::span<const FoldResult> folds, const ClassTable& classes) {
  Evaluation all{.confusion = ConfusionMatrix(folds.front().evaluation.confusion.classes())};
  double loss = 0, pixels = 0;
  for (const FoldResult& fold : folds) {
    const Evaluation& one = fold.evaluation;
    all.confusion.merge(one.confusion);
    all.images += one.images;
    all.seconds += one.seconds;
    all.per_image.insert(all.per_image.end(), one.per_image.begin(), one.per_image.end());
    const auto counted = static_cast<double>(one.confusion.total());
    if (std::isfinite(one.cross_entropy)) loss += counted * one.cross_entropy;
    pixels += counted;
  }
  all.scores = inlay::score(all.confusion, AbsentPolicy::skip, classes.names);
  all.cross_entropy = loss / pixels;
  return all;
}

class Folds {
 public:
  Folds(const TrainConfig& asked, bool resume, const FoldsCallbacks& callbacks)
      : asked_(asked), resume_(resume), callbacks_(callbacks) {
    outcome_.run = run_folder(asked);
    outcome_.budget = asked.budget ? asked.budget->seconds : 0;
  }

  FoldsOutcome run() {
    for (std::int64_t fold = 0; fold < asked_.folds && !outcome_.interrupted; ++fold) {
      if (callbacks_.on_fold) callbacks_.on_fold(fold, asked_.folds);
      train_one(fold);
      if (!outcome_.interrupted && callbacks_.on_result) callbacks_.on_result(outcome_.folds.back());
    }
    if (!outcome_.interrupted) report();
    outcome_.seconds = seconds();
    return std::move(outcome_);
  }

 private:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begin_).count(); }

  TrainConfig config_of(std::int64_t fold) const {
    TrainConfig config = fold == 0 ? asked_ : like_the_first(asked_, folder_of(outcome_.run, 0));
    config.fold = fold;
    config.output = folder_of(outcome_.run, fold).string();
    if (asked_.budget)
      config.budget = TimeSpan{std::max(1.0, (outcome_.budget - seconds()) / static_cast<double>(asked_.folds - fold))};
    return config;
  }

  void train_one(std::int64_t fold) {
    const fs::path folder = folder_of(outcome_.run, fold);
    const bool begun = resume_ && fs::exists(folder / "state.safetensors");
    TrainConfig config = config_of(fold);
    if (begun) {
      config = {};
      read_config(folder / "config.toml", config);
      config.output = folder.string();
    }
    FoldResult result{.fold = fold};
    if (begun && fs::exists(folder / "report.html")) {
      result.earlier = true;
      result.evaluation = score_again(config, folder, callbacks_.train);
    } else {
      const TrainOutcome trained = train(config, begun, callbacks_.train);
      outcome_.interrupted = trained.result.interrupted;
      if (outcome_.interrupted) return;
      result.evaluation = *trained.evaluation;
      result.best_epoch = trained.result.best_epoch;
      result.seconds = trained.seconds;
    }
    result.images = result.evaluation.images;
    outcome_.folds.push_back(std::move(result));
  }

  void report() {
    const ClassTable classes = open_dataset(asked_.data, dataset_options(asked_)).classes();
    outcome_.evaluation = together(outcome_.folds, classes);
    write_file(outcome_.run / "folds.csv", folds_csv(outcome_.folds));
    write_file(outcome_.run / "report.html", folds_html(outcome_, classes));
  }

  const TrainConfig& asked_;
  bool resume_;
  const FoldsCallbacks& callbacks_;
  Clock::time_point begin_ = Clock::now();
  FoldsOutcome outcome_;
};

void check_folder(const fs::path& run, bool resume) {
  std::error_code code;
  if (resume || !fs::is_directory(run, code) || fs::is_empty(run, code)) return;
  fail_input("the folder '{}' is not empty; go on with the folds in it by --resume, or choose another with -o",
             run.string());
}

}  // namespace

FoldsOutcome train_folds(const TrainConfig& config, bool resume, const FoldsCallbacks& callbacks) {
  check(config);
  if (config.folds < 2) fail_input("folds is {}; expected 2 or more", config.folds);
  check_folder(run_folder(config), resume);
  return Folds(config, resume, callbacks).run();
}

Spread spread(std::span<const double> values) {
  double sum = 0, count = 0, squares = 0;
  for (const double value : values)
    if (std::isfinite(value)) {
      sum += value;
      ++count;
    }
  Spread result{.mean = sum / count};
  for (const double value : values)
    if (std::isfinite(value)) squares += (value - result.mean) * (value - result.mean);
  result.deviation = count > 1 ? std::sqrt(squares / (count - 1)) : NAN;
  if (count == 0) result.mean = NAN;
  return result;
}

}  // namespace inlay::workflow
