// All settings of `inlay train` as data: the long options of the command line, the keys of its TOML files and what a
// run's config.toml holds are one list, and the list is here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inlay {

struct ImageSize {
  std::int64_t height = 0, width = 0;
  bool operator==(const ImageSize&) const = default;
};
/// "128x96" (height first), or "128" for a square. Throws InputError.
ImageSize parse_image_size(std::string_view text);

struct ByteCount {
  std::int64_t bytes = 0;
};
/// "500M", "4G" or a plain number of bytes; K, M, G and T are powers of 1024. Throws InputError.
ByteCount parse_byte_count(std::string_view text);

/// Written "90s", "20m", "1.5h".
struct TimeSpan {
  double seconds = 0;
};
/// Throws InputError for anything but a number above 0 with s, m or h behind it.
TimeSpan parse_time_span(std::string_view text);
/// "90s", "20m", "1h": the largest unit in which the number is whole.
std::string to_string(const TimeSpan& span);

/// An empty optional: chosen from the data and the machine's speed (plan.h), or the network's own default.
struct TrainConfig {
  std::string data, output;  // output empty: runs/DATA-MODEL

  std::string model = "unet";
  std::optional<double> width;
  std::optional<std::int64_t> depth;
  std::optional<std::string> up;
  std::map<std::string, std::string> set;  // further settings of the network
  std::string init;                        // model file to copy weights from; empty: none

  std::optional<TimeSpan> budget;
  std::optional<std::int64_t> epochs, epoch_steps;
  std::string replanned;  // what re-planning did to `epochs`: see parse_replanned()
  std::optional<std::int64_t> batch;
  std::optional<ImageSize> size;
  std::optional<std::string> optimizer, schedule, loss, class_weights;
  std::string pixel_weights = "none";
  double border_weight = 10, border_sigma = 5;
  double aux_weight = 0.4, label_smoothing = 0;
  std::optional<double> ema;
  std::optional<std::int64_t> bn_batches;
  std::optional<double> lr;
  double momentum = 0.9, clip = 0;
  std::optional<double> weight_decay;
  bool nesterov = true;
  std::optional<std::int64_t> warmup;
  std::int64_t step_epochs = 30, plateau_epochs = 10, accumulate = 1, patience = 0, validate_every = 1, recover = 3;
  double factor = 0.1, power = 0.9, min_lr = 0;

  std::string augment = "upright";
  std::map<std::string, std::string> augment_set;  // fields of AugmentOptions that differ from the policy's
  std::optional<std::int64_t> channels;
  std::int64_t val_last = 0;
  double val_fraction = 0.2;
  std::uint64_t split_seed = 0;
  std::int64_t folds = 0;
  std::optional<std::int64_t> fold;
  std::string group_by;

  std::uint64_t seed = 0;
  std::int64_t threads = 0, workers = 1, save_every = 1;
  ByteCount mem{std::int64_t{1} << 30};
  double save_minutes = 10;
  std::string memory = "usual";
  bool tune = true, tensorboard = false;

  /// field(group, name, value, what it is)
  static void visit(auto& self, auto&& field) {
    constexpr const char *network = "Network", *training = "Training", *rate = "Learning rate", *data = "Data",
                         *run = "Run";
    field(network, "model", self.model, "network by name (see 'inlay models'), or a model file to start from");
    field(network, "width", self.width, "channels of the first level, or what all channels are multiplied by");
    field(network, "depth", self.depth, "how often the size is halved");
    field(network, "up", self.up, "up-sampling: transposed, nearest, bilinear, bicubic, unpool, nails or resize_conv");
    field(network, "init", self.init, "model file to copy weights from: all that agree in name and shape");
    field(training, "budget", self.budget, "time for the whole run, as 90s, 20m or 1.5h; auto: about ten minutes");
    field(training, "epochs", self.epochs, "how often it trains and validates; auto: as many as fit into the budget");
    field(training, "epoch-steps", self.epoch_steps,
          "steps of an epoch; 0: one pass over the training images; auto: 0 where epochs are given");
    field(
        training, "replanned", self.replanned,
        "written by a run: the epochs planned first and, as EPOCH:EPOCHS, what that was changed to after which epoch");
    field(training, "batch", self.batch, "images a step; auto: by the size of the patches and the number of images");
    field(training, "size", self.size, "HxW of the patches; auto: the images' size, at most 512x512");
    field(training, "loss", self.loss,
          "cross_entropy, bce, dice, focal, tversky, lovasz, ohem or a sum as bce+0.5*dice; parameters behind a colon: "
          "focal:gamma=3; auto: cross_entropy, with dice where a class is rare");
    field(training, "label-smoothing", self.label_smoothing,
          "of cross_entropy, bce, focal and ohem: share of the target that all classes get");
    field(training, "class-weights", self.class_weights,
          "none, median or enet: rare classes count more; auto: enet where one is rare");
    field(training, "pixel-weights", self.pixel_weights,
          "none; border: the gaps between cells that nearly touch weigh more; boundary: the pixels near another class");
    field(training, "border-weight", self.border_weight,
          "of border and boundary: what a pixel weighs at most, beside the class weight");
    field(training, "border-sigma", self.border_sigma,
          "of border and boundary: pixels; at a distance of twice this it weighs a seventh of it");
    field(training, "aux-weight", self.aux_weight, "of the loss of a net's auxiliary outputs");
    field(training, "optimizer", self.optimizer, "sgd, adam or adamw; auto: adamw");
    field(training, "momentum", self.momentum, "of sgd");
    field(training, "nesterov", self.nesterov, "of sgd: true or false");
    field(training, "weight-decay", self.weight_decay, "pulls the weights towards 0; auto: 0.01 with adamw, else 0");
    field(training, "clip", self.clip, "largest norm of the gradient; 0: no limit");
    field(training, "ema", self.ema,
          "decay of the moving average of the weights that is validated and kept; 0: none; auto: by the steps");
    field(training, "bn-batches", self.bn_batches,
          "batches over which batch norm's statistics are worked out anew for that; 0: none; auto: 10 in long epochs");
    field(training, "recover", self.recover,
          "how often a run that diverges or collapses goes back and on with a tenth of the rate; 0: never");
    field(training, "accumulate", self.accumulate, "batches that make one step");
    field(training, "patience", self.patience, "stop after this many epochs without a better score; 0: never");
    field(training, "validate-every", self.validate_every, "epochs from one validation to the next");
    field(rate, "lr", self.lr, "learning rate; auto: 0.001, 0.01 for sgd");
    field(rate, "schedule", self.schedule, "constant, step, cosine, polynomial or plateau; auto: cosine");
    field(rate, "warmup", self.warmup, "steps in which the rate rises from 0; auto: a twentieth of them, at most 500");
    field(rate, "min-lr", self.min_lr, "share of the rate that is never gone below");
    field(rate, "step-epochs", self.step_epochs, "of step: epochs from one drop to the next");
    field(rate, "plateau-epochs", self.plateau_epochs, "of plateau: epochs to wait for a better score");
    field(rate, "factor", self.factor, "of step and plateau: what the rate is multiplied by");
    field(rate, "power", self.power, "of polynomial");
    field(data, "augment", self.augment,
          "none; upright: mirror, shift, light; free: also turns, flips and elastic, for pictures without up and down");
    field(data, "channels", self.channels, "1 (grey), 3 (RGB) or as many as the pictures have; auto: these");
    field(data, "val-last", self.val_last, "validate on the last N images by name; 0: on a draw");
    field(data, "val-fraction", self.val_fraction, "share of the images to validate on, where the data set names none");
    field(data, "split-seed", self.split_seed, "of that draw");
    field(data, "folds", self.folds,
          "cross-validation: so many models, each validated on a part of the images; 0: none");
    field(data, "fold", self.fold, "of folds: train this one alone, counted from 0; auto: all of them");
    field(data, "group-by", self.group_by,
          "of folds: images in whose names this regular expression finds the same text stay in one fold");
    field(run, "seed", self.seed, "of first weights, order and augmentation: the same seed gives the same model");
    field(run, "threads", self.threads, "0: all cores");
    field(run, "workers", self.workers, "threads that load and augment images");
    field(run, "mem", self.mem, "memory for decoded images, as 500M or 4G; the others are read again every epoch");
    field(run, "memory", self.memory,
          "usual; low: a step computes cheap results again instead of keeping them: less memory, a little more time");
    field(run, "save-every", self.save_every, "epochs from one saved state to the next");
    field(run, "save-minutes", self.save_minutes, "within an epoch the state is saved this often; 0: never");
    field(run, "tune", self.tune, "choose the fastest algorithms by timing: true or false");
    field(run, "tensorboard", self.tensorboard, "write losses, scores and pictures to RUN/tensorboard as it goes on");
  }
};

/// Any name of the list, or "data" and "output". Throws InputError, which names the option, for an unknown name (with
/// the nearest one) and a value of the wrong kind.
void set_option(TrainConfig& config, std::string_view name, std::string_view text);

/// Takes over what the TOML file says; the networks' settings stand in a table [set]; `augment` is a policy's name or a
/// table [augment] with the key `policy` and the fields that differ from it. Throws InputError that names file
/// and line.
void read_config(const std::filesystem::path& path, TrainConfig& config);

/// A TOML file that read_config() reads back. `output` is left out: two runs do not share a folder. `why` says of
/// options by name why they were chosen: a comment behind each.
std::string to_toml(const TrainConfig& config, const std::map<std::string, std::string>& why = {});

struct ConfigOption {
  std::string group, name, kind, help,
      value;  // kind: "N", "X", "HxW", "TIME", "NAME", "true|false"; value: "auto" where it is left open
};
std::vector<ConfigOption> list_options(const TrainConfig& config = {});

/// What re-planning a run by its budget did: epoch (counted from 0, none for the first plan) and the number of epochs
/// that the run was to have from then on. "40 12:43 20:41": planned for 40, after 12 epochs for 43, after 20 for 41.
struct Replanned {
  std::int64_t first = 0;
  std::vector<std::pair<std::int64_t, std::int64_t>> changes;  // epochs done, and then
};
/// Throws InputError; an empty text gives nothing.
std::optional<Replanned> parse_replanned(std::string_view text);
std::string to_string(const Replanned& replanned);

/// "key=value" into `settings`. Throws InputError, which names `option`, when it has no '='.
void add_setting(std::map<std::string, std::string>& settings, std::string_view text,
                 std::string_view option = "--set");

}  // namespace inlay
