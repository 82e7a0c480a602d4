// A training run that needs no settings: they are chosen from the data and from the speed of the machine.
//
// What the user has set is never changed. What was left open is chosen by rules, each of which gives its reason; the
// result is a TrainConfig with everything filled in, which repeats the run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "inlay/dataset.h"
#include "inlay/log.h"
#include "inlay/train_config.h"

namespace inlay {

/// What a set of training images is like.
struct Fingerprint {
  struct Class {
    std::string name;
    double share = 0;          // of the pixels that count
    double image_share = 0;    // of the images: those that hold the class
    std::int64_t objects = 0;  // connected regions, of neighbours by edges
    double object_side = 0;    // square root of their median number of pixels; 0 without objects
  };

  std::int64_t train_images = 0, val_images = 0;
  std::int64_t read = 0;                // training images looked at: all, or so many spread evenly
  ImageSize smallest, median, largest;  // height and width each for itself
  std::int64_t channels = 1;
  std::vector<double> mean, stddev;  // per channel, of values in 0..1
  std::vector<Class> classes;
  double ignored = 0;       // share of all pixels
  double read_seconds = 0;  // an image took to read and look at, with all threads
  std::string key;          // of the images' names, sizes in bytes and times: another set has another
};

/// Looks at the training images, at most `most` of them. Throws InputError when there are none, or one cannot be read.
Fingerprint measure_fingerprint(const Dataset& dataset, std::int64_t channels, std::int64_t most = 256);
/// The key alone: reads no picture.
std::string fingerprint_key(const Dataset& dataset);

std::string to_json(const Fingerprint& fingerprint);
/// Throws InputError for a text that to_json() did not write.
Fingerprint fingerprint_from_json(std::string_view text);

/// One line of "what was chosen and why".
struct PlanChoice {
  std::string option, value, why;
  bool asked = false;  // the user's own
};

struct RunPlan {
  TrainConfig config;  // with everything filled in
  std::vector<PlanChoice> choices;
  Fingerprint fingerprint;
  std::int64_t steps_per_epoch = 0;
  bool replan = false;             // the number of epochs follows the budget while the run goes on
  double budget = 0;               // seconds for the whole run; 0: no limit
  std::optional<double> expected;  // seconds that the run will take from now on; none: nothing was timed
};

/// By option, for to_toml().
std::map<std::string, std::string> reasons(const RunPlan& plan);

namespace workflow {

struct PlanCallbacks {
  std::function<void(const std::string& what)> on_stage;  // what is being measured
  LogSink log;
};

/// Reads the data, times a few training steps where the choice depends on them, and chooses. With `resume` nothing is
/// timed, and the network is left as it is. Throws InputError when the budget is too short for so much data.
RunPlan plan(const TrainConfig& config, const Dataset& dataset, bool resume = false,
             const PlanCallbacks& callbacks = {});

/// Of the data set that the config names.
RunPlan plan(const TrainConfig& config, const PlanCallbacks& callbacks = {});

}  // namespace workflow

}  // namespace inlay
