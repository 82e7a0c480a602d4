// Trains a network on a data set.
//
// A run may have a folder, which then holds
//   best.onnx           the model of the epoch with the best score
//   last.onnx           the model of the last epoch, or of the moment of an interruption
//   state.safetensors   everything that is needed to go on, bit for bit: weights, optimiser, schedule, position
//   metrics.csv         one line an epoch
//   lock                held while a process works in the folder
// Each is written under a temporary name and renamed, so a power cut leaves the old file or the new one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/augment.h"
#include "inlay/border_weights.h"
#include "inlay/dataset.h"
#include "inlay/log.h"
#include "inlay/model.h"
#include "inlay/program.h"

namespace inlay {

enum class OptimizerKind { sgd, adam, adamw };
std::string_view to_string(OptimizerKind kind);
/// Throws InputError that lists the names.
OptimizerKind parse_optimizer(std::string_view text);

/// The formulas are PyTorch's (torch.optim.SGD, Adam, AdamW). Weight decay applies to every parameter.
struct OptimizerOptions {
  OptimizerKind kind = OptimizerKind::adam;
  double momentum = 0.9;                              // sgd
  bool nesterov = true;                               // sgd: Sutskever et al., ICML 2013
  double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;  // adam: Kingma and Ba 2015; adamw: Loshchilov and Hutter 2019
  /// Added to the gradient (sgd, adam), or taken off the weights times the learning rate (adamw).
  double weight_decay = 0;
};

enum class ScheduleKind { constant, step, cosine, polynomial, plateau };
std::string_view to_string(ScheduleKind kind);
/// Throws InputError that lists the names.
ScheduleKind parse_schedule(std::string_view text);

/// How the learning rate goes down. s: steps since the warm-up, n: steps of the whole run after it.
struct ScheduleOptions {
  ScheduleKind kind = ScheduleKind::constant;
  std::int64_t warmup_steps = 0;  // the rate rises linearly from lr / warmup_steps to lr (Goyal et al. 2017)
  std::int64_t step_epochs = 30;  // step: lr * factor^floor(epoch / step_epochs)
  double factor = 0.1;            // step, plateau
  double power = 0.9;             // polynomial: lr * (1 - s / n)^power (Chen et al., DeepLab, 2018)
  double min_rate = 0;  // share of lr that is never gone below. cosine: min + (lr - min) * (1 + cos(pi s / n)) / 2
                        // (Loshchilov and Hutter 2017)
  std::int64_t plateau_epochs = 10;  // plateau: after more than this many epochs without a better score, lr * factor
};

/// median, enet: median_frequency_weights(), enet_weights() of the training images.
enum class ClassWeighting { none, median, enet };
std::string_view to_string(ClassWeighting weighting);
/// Throws InputError that lists the names.
ClassWeighting parse_class_weighting(std::string_view text);

/// border, boundary: pixel_weights() of every augmented patch, by BorderWeights::Kind gaps and boundaries.
enum class PixelWeighting { none, border, boundary };
std::string_view to_string(PixelWeighting weighting);
/// Throws InputError that lists the names.
PixelWeighting parse_pixel_weighting(std::string_view text);

/// What the run will do, said before the first step.
struct TrainPlan {
  std::int64_t height = 0, width = 0;  // of the patches
  std::int64_t train_images = 0, val_images = 0;
  std::int64_t steps_per_epoch = 0;
  std::int64_t first_epoch = 0, first_step = 0;  // not 0 when a run is resumed
  std::int64_t parameters = 0;
  std::size_t arena_bytes = 0;  // of intermediate results
  int threads = 0;
};

struct StepReport {
  std::int64_t epoch = 0, step = 0;  // of the epoch, counted from 0
  std::int64_t epochs = 0, steps_per_epoch = 0;
  double loss = 0;           // of this step
  double mean_loss = 0;      // of the epoch so far
  double gradient_norm = 0;  // before clipping
  double learning_rate = 0;
  double images_per_second = 0;  // of the epoch so far
};

/// Scores are of the validation images at their own size, NaN where there are none and in epochs that are not validated
/// (TrainOptions::validate_every).
struct EpochReport {
  std::int64_t epoch = 0;                                      // counted from 0
  double learning_rate = 0;                                    // of the last step
  double train_loss = 0;                                       // mean over the steps, of augmented patches
  double val_loss = std::numeric_limits<double>::quiet_NaN();  // cross entropy a pixel, without weights
  double val_mean_iou = std::numeric_limits<double>::quiet_NaN();
  double val_pixel_accuracy = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> val_class_iou;  // in the data set's order; empty without validation
  double seconds = 0;                 // validation included
  double images_per_second = 0;       // of the training part
  double waiting = 0;                 // share of the training part's time that was spent waiting for batches
  bool validated = false;
  bool best = false;
};

struct TrainEvent {
  /// collapse: validation tells nothing apart; recovered: back to the last good moment.
  enum class Kind { resumed, best, lower_rate, early_stop, interrupted, saved, collapse, recovered };
  Kind kind;
  std::int64_t epoch;
  std::string text;  // one line for people
};

struct TrainOptions {
  std::int64_t epochs = 50;
  /// Steps of an epoch, whatever the number of images: 250 in nnU-Net (Isensee et al. 2021). 0: one pass over them.
  std::int64_t epoch_steps = 0;
  std::int64_t batch = 8;
  /// Of the patches. 0: the side that the net's size rule prefers, else that of the largest of the first 32 images, at
  /// most 256, and the net's margins around it. Rounded to what the net takes.
  std::int64_t height = 0, width = 0;
  double learning_rate = 0;  // 0: 0.01 for sgd, 0.001 for adam and adamw
  OptimizerOptions optimizer;
  ScheduleOptions schedule;
  std::string loss = "auto";  // losses.h: make_loss
  /// Of the same loss of each output "aux/..." (Zhao et al., PSPNet, CVPR 2017). Those of deep supervision, aux/levelN,
  /// weigh 2^-N instead. 0: none of them counts.
  double aux_weight = 0.4;
  ClassWeighting class_weights = ClassWeighting::none;
  PixelWeighting pixel_weights = PixelWeighting::none;
  BorderWeights borders;       // of PixelWeighting, which sets its kind; the class weights are its w_class
  double label_smoothing = 0;  // losses.h: LossTermOptions
  double clip = 0;             // > 0: gradients are scaled down to this global norm (Pascanu, Mikolov and Bengio 2013)
  /// > 0: validation and model files take the exponential moving average of weights and running statistics, by
  /// min(ema, (1 + t) / (10 + t)) after step t; below 1.
  double ema = 0;
  /// > 0: batch norm's running statistics are worked out anew over so many batches before every validation, for the
  /// model that is validated and written alone.
  std::int64_t bn_batches = 0;
  /// How often the run may go back to the last good moment (the end of an epoch, or the start) and on with a tenth of
  /// the learning rate: when the loss, the gradient or the validation loss is not finite, or when three validations in
  /// a row find one class everywhere (or fall below what a guess scores) while the training loss does not fall. After
  /// that it is an Error. 0: never; what is not finite is an Error at once, a collapse is only told.
  std::int64_t recoveries = 3;
  std::int64_t accumulate = 1;  // batches whose gradients are averaged for one step
  std::int64_t patience = 0;    // > 0: stop after this many epochs without a better score
  /// Epochs from one validation to the next; the last epoch is always validated. Only then can an epoch be the best,
  /// and only then are model files written.
  std::int64_t validate_every = 1;
  AugmentOptions augment;
  std::uint64_t seed = 0;
  int threads = 0;                                   // 0: all cores
  int workers = 1;                                   // threads that prepare batches
  std::int64_t cache_bytes = std::int64_t{1} << 30;  // of decoded images kept in memory
  bool tune = true;                                  // as in ProgramOptions
  MemoryUse memory = MemoryUse::usual;

  std::filesystem::path directory;  // of the run; empty: no files are written
  bool resume = false;              // go on from the state in `directory`
  std::int64_t save_every = 1;      // epochs from one saved state to the next
  double save_minutes = 10;         // within an epoch the state is saved this often; 0: never

  std::function<bool()> stop;  // asked after every step and before every validation image; true: save and return
  std::function<void(const TrainPlan&)> on_start;
  std::function<void(const StepReport&)> on_step;
  std::function<void(std::int64_t done, std::int64_t images)> on_validation;
  std::function<void(const EpochReport&)> on_epoch;
  /// Asked once after the training part of every epoch, before it is validated, with what is known of it: how many
  /// epochs the whole run is to have. Fewer than there were already make this the last one. Schedules that depend on
  /// the number of epochs stretch to it. The state remembers the answer, so that a resumed run is the same run; it
  /// holds as long as `epochs` is what it was.
  std::function<std::int64_t(const EpochReport&)> replan;
  std::function<void(const TrainEvent&)> on_event;
  LogSink log;
};

struct TrainResult {
  std::vector<EpochReport> history;  // from the first epoch on, also of a resumed run
  std::int64_t steps = 0;            // in all
  std::int64_t best_epoch = -1;      // -1: no epoch was finished
  /// Val mIoU, or minus the training loss without validation images.
  double best_score = std::numeric_limits<double>::quiet_NaN();
  bool interrupted = false;     // `stop` said so; resume goes on from there
  bool stopped_early = false;   // `patience` ran out
  std::int64_t recoveries = 0;  // how often it went back
  double seconds = 0;           // of this call
};

/// Trains the model on the train split; it holds the last weights afterwards, and keeps its old ones when an error is
/// thrown. The classes come from the data set, and so does the normalisation of a model that has none (or was never
/// trained and has 0 and 1). Same options, machine and number of threads: same bits, also when the run was interrupted
/// and resumed in between.
///
/// Throws InputError when an option is out of range, the data set has no training image or other classes or channels
/// than the model, the folder holds files already (without `resume`) or no state (with it), another process works in
/// it, or the state was made with other options, which the message names. Throws Error when the run goes wrong more
/// often than TrainOptions::recoveries; the files of the last good moment stay.
TrainResult train(Model& model, const Dataset& dataset, const TrainOptions& options = {});

}  // namespace inlay
