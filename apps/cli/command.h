// The commands of the program. Each add_...() puts one on the parser; running it throws inlay::Error.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "console.h"
#include "inlay/workflow.h"

struct Program {
  Console console;
  std::string command_line;  // as it was typed, for reports
  int status = 0;            // of a command that ended without an error: 1 and 2 as in main.cpp
};

void add_train(CLI::App& app, Program& program);
void add_evaluate(CLI::App& app, Program& program);
void add_score(CLI::App& app, Program& program);
void add_compare(CLI::App& app, Program& program);
void add_predict(CLI::App& app, Program& program);
void add_inspect(CLI::App& app, Program& program);
void add_summary(CLI::App& app, Program& program);
void add_data(CLI::App& app, Program& program);
void add_convert(CLI::App& app, Program& program);
void add_bench(CLI::App& app, Program& program);
void add_compare_upsampling(CLI::App& app, Program& program);
void add_tune(CLI::App& app, Program& program);
void add_models(CLI::App& app, Program& program);
void add_explain(CLI::App& app, Program& program);

/// --width, --depth, --up, --classes, --set and --seed of a network that a command makes.
class NetOptions {
 public:
  void add(CLI::App& command, bool with_channels);
  /// Throws InputError for what cannot be understood.
  inlay::workflow::NetChoice choice(const std::string& name) const;

 private:
  std::string width_, depth_, up_;
  std::vector<std::string> settings_;
  std::int64_t channels_ = 0, classes_ = 0;
  std::uint64_t seed_ = 0;
};

/// --json FILE, - for standard output.
class JsonOption {
 public:
  void add(CLI::App& command);
  /// Standard output belongs to the JSON text.
  bool on_stdout() const { return target_ == "-"; }
  bool wanted() const { return !target_.empty(); }
  void write(const nlohmann::ordered_json& json) const;

 private:
  std::string target_;
};

/// --threads and --no-tune.
struct MachineOptions {
  int threads = 0;
  bool no_tune = false;
  void add(CLI::App& command);
};

/// --tta: flips, d4, scales, or one of the first two with the last.
struct AugmentationOption {
  std::string list = "none";
  void add(CLI::App& command, const char* group);
  /// To a PredictRequest or an EvaluateRequest. Throws InputError for what cannot be understood.
  void apply(auto& request) const {
    request.augmentation = turns();
    request.scales = scales();
  }

 private:
  inlay::TestAugmentation turns() const;
  std::vector<double> scales() const;
};

/// --val-last, --val-fraction and --split-seed.
struct SplitOptions {
  std::optional<std::int64_t> val_last;
  std::optional<double> val_fraction;
  std::optional<std::uint64_t> split_seed;
  void add(CLI::App& command);
  inlay::DatasetOptions dataset_options() const;
  void apply(inlay::workflow::EvaluateRequest& request) const;
};

/// --metrics, --absent and --void.
class MetricOptions {
 public:
  /// `logits`: whether a net says how sure it is.
  void add(CLI::App& command, bool logits);
  /// Throw InputError for what cannot be understood.
  std::vector<std::string> names(bool logits) const { return inlay::parse_metrics(metrics_, logits); }
  inlay::AbsentPolicy absent_policy() const { return inlay::parse_absent_policy(absent_); }
  inlay::VoidPolicy void_policy() const { return inlay::parse_void_policy(void_); }

 private:
  std::string metrics_ = "default", absent_ = "skip", void_ = "ignore";
};
