// One run of train(): its parts and the loop over them.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>

#include "inlay/evaluate.h"
#include "inlay/loader.h"
#include "inlay/program.h"
#include "inlay/train.h"
#include "train/averages.h"
#include "train/checkpoint.h"
#include "train/gradients.h"
#include "train/optimizer.h"
#include "train/preparation.h"
#include "train/run_directory.h"
#include "train/training_graph.h"

namespace inlay {

class Trainer {
 public:
  /// Everything that can be refused is refused here.
  Trainer(const Model& model, const Dataset& dataset, const TrainOptions& options);

  TrainResult run();
  /// What was published last; after run() the model as it is then.
  const Model& model() const { return *published_; }

 private:
  void start();
  void note_changes() const;
  void bind_model();
  void make_program();
  void make_loader();
  LoaderOptions loader_options() const;
  void announce();
  std::map<std::string, Tensor> state_tensors() const;

  // train_epoch.cpp, validation.cpp
  enum class End { done, stopped, went_back };
  End train_epoch();
  End finish_epoch();
  End score_epoch(EpochReport& report);
  /// False: went back.
  bool step();
  void report_step(double loss, double gradient_norm) const;
  double run_batches(std::int64_t count);
  /// Nothing when it was stopped, in this and the next.
  std::optional<Evaluation> validate();
  /// Makes the model that is validated and written: the weights, or their averages; `exact` with batch norm's
  /// statistics worked out anew. False: stopped.
  bool publish(bool exact);
  void note_score(EpochReport& report);
  bool out_of_patience() const;
  void replan(const EpochReport& report);
  bool validation_due() const;

  // recovery.cpp
  double recovery_factor() const;
  std::string not_finite(std::string_view what, double value) const;
  void note_health(const Evaluation& evaluation, const EpochReport& report);
  bool collapsed() const;
  bool diverging(const EpochReport& report) const;
  void remember();
  bool at_good_moment() const;
  void go_back(const std::string& trouble);
  [[noreturn]] void give_up(const std::string& trouble) const;

  // run_files.cpp
  void describe_training(std::int64_t epochs);
  void save_epoch(const EpochReport& report);
  void save_interrupted();
  void save_state();
  void say(TrainEvent::Kind kind, std::string text) const;
  bool asked_to_stop() const { return options_.stop && options_.stop(); }
  double epoch_seconds() const;

  using Clock = std::chrono::steady_clock;

  const Dataset& dataset_;
  TrainOptions options_;
  double base_rate_;
  PatchSize patch_;
  Settings settings_;
  std::optional<RunDirectory> directory_;
  Model model_;  // its parameters lie in weights_
  TrainingGraph graph_;
  Arena weights_;
  std::optional<Arena> gradient_sum_;  // with accumulation
  Optimizer optimizer_;
  std::optional<Averages> averages_;
  Progress progress_;
  std::optional<Moment> good_;      // to go back to
  std::optional<Model> published_;  // shares memory with model_ or averages_
  std::optional<Program> program_;
  std::optional<Gradients> gradients_;
  std::span<float> images_, pixel_weights_;  // the latter empty without border weights
  std::span<std::uint8_t> labels_;
  const float* loss_ = nullptr;
  std::unique_ptr<Loader> loader_;
  std::int64_t pass_batches_ = 0, steps_per_epoch_ = 0;  // batches of a pass over the images
  Clock::time_point epoch_start_{}, last_save_{};
  double earlier_seconds_ = 0;        // of this epoch, before it was interrupted
  std::int64_t images_in_epoch_ = 0;  // since epoch_start_
  double waited_before_ = 0;          // for batches, until then
};

/// The table of metrics.csv; no number where there is none.
std::string metrics_csv(std::span<const EpochReport> history);

}  // namespace inlay
