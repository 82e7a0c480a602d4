// One function per user action: the program `inlay` parses its command line, calls one of these and prints the result.
// They read and write files, and print nothing. Errors: those of the functions they are made of, and the ones named
// here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/evaluate.h"
#include "inlay/model.h"
#include "inlay/peak.h"
#include "inlay/plan.h"
#include "inlay/predict.h"
#include "inlay/program.h"
#include "inlay/summary.h"
#include "inlay/train.h"
#include "inlay/train_config.h"

namespace inlay::workflow {

/// A network by name, or a model file.
struct NetChoice {
  std::string name;                             // "unet", or a path
  std::map<std::string, std::string> settings;  // of a network; a file takes none
  std::optional<std::int64_t> channels;         // of the input; 3, or the file's
  std::optional<std::int64_t> classes;          // channels of the output; 1 (two classes), or the file's
  std::uint64_t seed = 0;
  std::filesystem::path init{};  // of a network: model file to copy weights from (transfer.h); empty: none
};

/// True for a path: of a file that exists, that ends in .onnx, or with a folder in it.
bool names_model_file(const std::string& name);

/// What `init` brought is said to the log. Throws InputError when a file is given with settings, with `init` or with
/// other channels than it has, and when nothing in `init` fits.
Model open_net(const NetChoice& choice, const LogSink& log = {});

/// Throws InputError, with the nearest size that fits, when the net does not take pictures of that size.
void check_size(const std::string& net, const SizeRule& rule, const ImageSize& size);

struct TrainCallbacks {
  std::function<bool()> stop;
  std::function<void(const std::string& what)> on_stage;               // what is being measured before the plan is made
  std::function<void(const RunPlan&)> on_plan;                         // before anything is trained or written
  std::function<void(const TrainPlan&, const TrainConfig&)> on_start;  // with everything that was left open filled in
  std::function<void(double seconds)>
      on_estimate;  // once, after the first few steps: time that the rest of the run will take
  std::function<void(const StepReport&)> on_step;
  std::function<void(std::int64_t done, std::int64_t images)> on_validation;
  std::function<void(const EpochReport&)> on_epoch;
  std::function<void(const TrainEvent&)> on_event;
  LogSink log;
  std::string command;  // as it was typed: the report shows it
};

struct TrainOutcome {
  std::filesystem::path run;
  TrainResult result;
  std::optional<Evaluation> evaluation;  // of the best model on `split`; none when the run was interrupted
  Split split = Split::val;              // train when there are no validation images
  double seconds = 0;                    // of the whole call, planning and report included
  double budget = 0;                     // that were given for it; 0: no limit
};

struct TrainCommandLine {
  std::filesystem::path config;  // empty: none
  bool resume = false;
  std::vector<std::pair<std::string, std::string>> options;  // name and text
  std::vector<std::string> settings;                         // key=value, of the network
  std::vector<std::string> augmentation;                     // key=value, what differs from the policy
};

/// The usual settings; over them the config file's, or when a run is resumed without one its own config.toml; over
/// these what the command line says. Throws InputError when the data set is missing or an option cannot be understood
/// ("--epochs: ...").
TrainConfig train_config(const TrainCommandLine& line);

/// The folder of the run that the config describes.
std::filesystem::path run_folder(const TrainConfig& config);

/// Trains in run_folder() and leaves there, beside the files of train.h, config.toml, report.html and samples/.
/// `resume` goes on with the run that is there. Throws InputError when the folder holds files and `resume` is off.
TrainOutcome train(const TrainConfig& config, bool resume = false, const TrainCallbacks& callbacks = {});

/// One model of a cross-validation. Scores are of its own validation images.
struct FoldResult {
  std::int64_t fold = 0, images = 0, best_epoch = 0;  // fold and epoch counted from 0
  Evaluation evaluation{.confusion = ConfusionMatrix(1)};
  double seconds = 0;
  bool earlier = false;  // was there already
};

struct FoldsOutcome {
  std::filesystem::path run;
  std::vector<FoldResult> folds;  // that are finished
  /// Of all images, each labelled by the model that did not learn from it.
  std::optional<Evaluation> evaluation;  // none when it was interrupted
  bool interrupted = false;
  double seconds = 0, budget = 0;
};

struct FoldsCallbacks {
  TrainCallbacks train;  // of every fold
  std::function<void(std::int64_t fold, std::int64_t folds)> on_fold;
  std::function<void(const FoldResult&)> on_result;
};

/// Trains config.folds models in RUN/fold-0, ...; training and validation images are dealt out as split.h says. A
/// budget is shared by the folds that are left; the network chosen for the first is that of all. `resume`: finished
/// folds are skipped, and one that was interrupted is gone on with. Leaves RUN/folds.csv and RUN/report.html. Throws
/// InputError when there are fewer than two folds, or fewer images than folds.
FoldsOutcome train_folds(const TrainConfig& config, bool resume = false, const FoldsCallbacks& callbacks = {});

struct Spread {
  double mean = 0, deviation = 0;  // of the sample, with n - 1; NaN where there is none
};
/// Of values that are numbers.
Spread spread(std::span<const double> values);

struct EvaluateRequest {
  std::filesystem::path model, data;
  Split split = Split::val;
  AbsentPolicy absent = AbsentPolicy::skip;
  VoidPolicy void_pixels = VoidPolicy::ignore;
  std::vector<std::string> metrics;  // as in scorer.h; with intervals
  TestAugmentation augmentation = TestAugmentation::none;
  std::vector<double> scales{1.0};  // as in SegmenterOptions
  std::filesystem::path report;     // not empty: a page of the scores is written there
  std::string command;              // the command line that the report shows
  /// How to draw the validation images; what is empty is taken from the config.toml beside the model, else the usual.
  std::optional<std::int64_t> val_last;
  std::optional<double> val_fraction;
  std::optional<std::uint64_t> split_seed;
  int threads = 0;
  bool tune = true;
  std::function<void(std::int64_t done, std::int64_t images)> progress;
  std::function<void(const Evaluation&)> on_scores;  // before the report is written, which may fail
  LogSink log;
};
Evaluation evaluate(const EvaluateRequest& request);

struct SummaryRequest {
  NetChoice net;
  std::optional<ImageSize> size;  // 128x128, or what the file was built for
};
Summary summarise(const SummaryRequest& request);

/// Writes the network, as open_net() makes it, by write_model() of weights.h. Returns the number of trained parameters.
std::int64_t convert(const NetChoice& net, const std::filesystem::path& output, const LogSink& log = {});

enum class BenchMode { infer, train };

struct BenchRequest {
  NetChoice net;
  ImageSize size = {256, 256};
  std::int64_t batch = 1;
  BenchMode mode = BenchMode::infer;  // train: forward, loss, backward and Adam's update
  int threads = 0;
  int runs = 0;  // timed; 0: as many as about two seconds take, 5 to 200
  bool tune = true;
  MemoryUse memory = MemoryUse::usual;                    // of training steps
  std::vector<std::string> skip_passes, skip_algorithms;  // as in ProgramOptions
  bool profile = false;
  std::filesystem::path trace;  // not empty: the profiled runs are written there for chrome://tracing and Perfetto
  bool dump_graph = false;
  LogSink log;
};

/// All steps of one operator.
struct OperatorProfile {
  std::string op;
  int steps = 0;
  double seconds = 0;
  std::int64_t multiply_adds = 0, bytes = 0;
  double least_seconds = 0;  // at the peaks, step by step
};

struct BenchResult {
  double median_ms = 0, min_ms = 0, images_per_s = 0;
  double gflops = 0;  // effective: twice the multiply-adds of the graph over the median, whatever the algorithm
  std::int64_t multiply_adds = 0;
  double peak_rss_mb = 0;  // of the process, 10^6 bytes
  double arena_mb = 0, packed_mb = 0;
  int threads = 0, runs = 0;
  std::map<std::string, int> algorithms;
  Peak peak;                               // measured for a profile
  std::vector<StepProfile> profile;        // slowest first, seconds of one run
  std::vector<OperatorProfile> operators;  // of the profile, slowest first
  std::string graph;                       // as text, after all passes, when asked for
};
BenchResult bench(const BenchRequest& request);

/// How much the net `sliding_window` gains by sharing what patches have in common.
struct SharingResult {
  std::int64_t patch = 0;                         // side of a patch
  std::int64_t patches = 0, patches_at_once = 0;  // one for every pixel
  std::int64_t height = 0, width = 0;             // of the picture with its margins, which dense form reads
  double patch_s = 0;  // all patches one by one: the median over runs of patches_at_once, times their number
  double dense_s = 0;  // all of them in one pass
  std::int64_t patch_multiply_adds = 0, dense_multiply_adds = 0;
  double difference = 0;  // between the scores of the two, as a share of the largest
  int threads = 0;
};
/// request.size is the picture that is labelled; its batch is 1 and its mode infer. Throws InputError for another net.
SharingResult bench_sharing(const BenchRequest& request);

/// The same with 1, 2, 4, ... and all of request.threads threads.
std::vector<BenchResult> bench_scaling(const BenchRequest& request);

/// machine -> shape -> algorithm -> milliseconds. A machine is a processor with a number of threads.
using Timings = std::map<std::string, std::map<std::string, std::map<std::string, double>>>;

struct Tuning {
  std::filesystem::path file;  // empty where there is no home for it
  std::string processor;       // this machine's
  Timings timings;
};
/// What was measured to choose algorithms by, and is remembered.
Tuning tuning();
/// Forgets what is known of this machine's processor, or of all machines. Returns the number of shapes. Throws Error
/// when the file cannot be written.
std::int64_t clear_tuning(bool all);

}  // namespace inlay::workflow
