#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include "base/fail.h"
#include "inlay/summary.h"
#include "train/preparation.h"
#include "workflow/open_net.h"
#include "workflow/plan/budget.h"
#include "workflow/plan/rules.h"
#include "workflow/plan/speed.h"
#include "workflow/train_options.h"

namespace inlay::workflow {
namespace {

using Clock = std::chrono::steady_clock;

/// A run without a budget ends after so many seconds or steps, whichever comes first.
constexpr double kUsualSeconds = 600;
constexpr std::int64_t kUsualSteps = 4000;
constexpr std::int64_t kUsualWidth = 16;

class Planner {
 public:
  Planner(const TrainConfig& asked, const Dataset& dataset, bool resume, const PlanCallbacks& callbacks)
      : dataset_(dataset), resume_(resume), callbacks_(callbacks) {
    plan_.config = asked;
  }

  RunPlan make() {
    stage("reading the data");
    if (!names_model_file(config().model) && !config().channels) config().channels = dataset_.channels();
    plan_.fingerprint = measure_fingerprint(dataset_, config().channels.value_or(dataset_.channels()));
    plan_.budget = config().budget ? config().budget->seconds : 0;
    note_augmentation();
    choose_recipe();
    find_fixed();
    choose_net();
    choose_epochs();
    return std::move(plan_);
  }

 private:
  TrainConfig& config() { return plan_.config; }
  const Fingerprint& print() const { return plan_.fingerprint; }
  void stage(const std::string& what) const {
    if (callbacks_.on_stage) callbacks_.on_stage(what);
  }
  double elapsed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  void note(std::string option, std::string value, std::string why, bool asked = false) {
    plan_.choices.push_back({std::move(option), std::move(value), asked ? "asked for" : std::move(why), asked});
  }

  /// Fills an open option.
  template <class T>
  void choose(const char* name, std::optional<T>& option, const Reasoned<T>& choice) {
    const bool asked = option.has_value();
    if (!asked) option = choice.value;
    note(name, fmt::format("{}", *option), choice.why, asked);
  }

  void note_augmentation() {
    static const TrainConfig usual;
    note("augment", config().augment, "pictures have an up and a down; free is right for microscopy and from above",
         config().augment != usual.augment);
  }

  void choose_recipe();
  void find_fixed();
  void choose_net();
  void choose_epochs();
  void measure_speed(const std::vector<Candidate>& candidates);
  double time(const Candidate& candidate, std::int64_t width);
  RunTimes times(const Candidate& candidate) const;
  std::int64_t pass_steps(const Candidate& candidate) const;
  std::int64_t needed_steps(const Candidate& candidate);
  bool fits(const Candidate& candidate);
  NetChoice net(const Candidate& candidate, std::int64_t width);
  void note_net(const Candidate& candidate, bool patch_asked, bool batch_asked);
  void refuse_short_budget(const RunTimes& times) const;
  double seconds() const { return plan_.budget > 0 ? plan_.budget : kUsualSeconds; }

  const Dataset& dataset_;
  bool resume_;
  const PlanCallbacks& callbacks_;
  Clock::time_point start_ = Clock::now();
  RunPlan plan_;
  Fixed fixed_;
  Candidate chosen_;
  std::optional<Speed> speed_;
};

void Planner::choose_recipe() {
  Reasoned<std::string> loss = choose_loss(print());
  if (names_model_file(config().model) && open_net(net_choice(config(), dataset_)).out_channels() == 1)
    loss.value.replace(0, std::string_view("cross_entropy").size(), "bce");
  choose("loss", config().loss, loss);
  const bool weighs = std::ranges::any_of(std::array{"cross_entropy", "bce", "focal", "ohem"}, [&](const char* term) {
    return config().loss->find(term) != std::string::npos;
  });
  choose("class-weights", config().class_weights,
         weighs ? choose_class_weights(print()) : Reasoned<std::string>{"none", "the loss takes none"});
  choose<std::string>("optimizer", config().optimizer, {"adamw", "its steps need no tuning by hand"});
  choose("weight-decay", config().weight_decay, choose_weight_decay(*config().optimizer));
  choose("lr", config().lr, choose_learning_rate(*config().optimizer));
  choose<std::string>("schedule", config().schedule,
                      {"cosine", "down to 0 at the end of the run (Loshchilov and Hutter 2017)"});
}

/// What is not to be chosen: by the user's word, or since the network has its own.
void Planner::find_fixed() {
  const std::map<std::string, std::string>& set = config().set;
  fixed_.unet = config().model == "unet" && !set.contains("encoder") && !resume_;
  const Model model = open_graph(net_choice(config(), dataset_));
  fixed_.patch = config().size;
  fixed_.batch = config().batch;
  const auto setting = [&](const char* name) -> std::optional<std::int64_t> {
    const auto found = set.find(name);
    if (found == set.end()) return std::nullopt;
    TrainConfig read;
    set_option(read, "epochs", found->second);
    return read.epochs;
  };
  if (fixed_.unet) {
    fixed_.depth = config().depth ? config().depth : setting("depth");
    fixed_.width = config().width ? std::optional<std::int64_t>(std::llround(*config().width)) : setting("width");
    return;
  }
  fixed_.rule = model.info.size;
  if (!fixed_.patch && (fixed_.rule.patch > 0 || fixed_.rule.margin > 0)) {
    const PatchSize own = choose_patch({}, model, dataset_);
    fixed_.patch = ImageSize{own.height, own.width};
  }
}

NetChoice Planner::net(const Candidate& candidate, std::int64_t width) {
  NetChoice choice = net_choice(config(), dataset_);
  if (fixed_.unet) {
    choice.settings["width"] = fmt::format("{}", width);
    choice.settings["depth"] = fmt::format("{}", candidate.depth);
  }
  choice.init.clear();
  return choice;
}

double Planner::time(const Candidate& candidate, std::int64_t width) {
  constexpr std::int64_t kShort = 128;
  constexpr double kShortBudget = 60;
  ImageSize size = candidate.patch;
  const Model model = open_net(net(candidate, width));
  if (seconds() <= kShortBudget && model.info.size.patch == 0 && model.info.size.margin == 0)
    size = fit_patch({std::min(size.height, kShort), std::min(size.width, kShort)}, model.info.size);
  return time_training(model, {model.info.size.fit(size.height), model.info.size.fit(size.width)}, config());
}

/// At one width, or two where it is open: wider where time is plenty, narrower where it is short.
void Planner::measure_speed(const std::vector<Candidate>& candidates) {
  constexpr double kShortBudget = 60;
  stage("timing training steps");
  const Candidate& first = candidates.front();
  if (!fixed_.unet || fixed_.width) {
    const auto width = static_cast<double>(fixed_.width.value_or(0));
    speed_ = Speed{{{width, time(first, fixed_.width.value_or(0))}}};
    return;
  }
  speed_ = Speed{{{kUsualWidth, time(first, kUsualWidth)}}};
  if (seconds() <= kShortBudget) return;
  Candidate usual = first;
  usual.width = kUsualWidth;
  const bool plenty = speed_->step(usual) * static_cast<double>(needed_steps(usual)) < seconds();
  const std::int64_t second = plenty ? 2 * kUsualWidth : kUsualWidth / 2;
  speed_->points.push_back({static_cast<double>(second), time(first, second)});
}

std::int64_t Planner::pass_steps(const Candidate& candidate) const {
  const std::int64_t batches = (print().train_images + candidate.batch - 1) / candidate.batch;
  return (batches + plan_.config.accumulate - 1) / plan_.config.accumulate;
}

std::int64_t Planner::needed_steps(const Candidate& candidate) {
  if (!config().epochs) return enough_steps(print().train_images, candidate.batch);
  const std::int64_t epoch = config().epoch_steps.value_or(0);
  return *config().epochs * (epoch > 0 ? epoch : pass_steps(candidate));
}

/// In half of the memory that is free: the pictures that are kept decoded need some, too.
bool Planner::fits(const Candidate& candidate) {
  const Model model = open_graph(net(candidate, candidate.width));
  const ImageSize size{model.info.size.fit(candidate.patch.height), model.info.size.fit(candidate.patch.width)};
  const Graph graph =
      instantiate(model.graph, {{"image", {candidate.batch, model.in_channels(), size.height, size.width}}}, true);
  return summarise(graph).training_bytes < free_memory() / 2;
}

RunTimes Planner::times(const Candidate& candidate) const {
  // Inference on a picture costs about a third of a training step on it; reading goes on beside it.
  constexpr double kInference = 1.0 / 3, kReport = 0.7;
  RunTimes times;
  times.step = speed_->step(candidate) * static_cast<double>(plan_.config.accumulate);
  const auto pixels = static_cast<double>(print().val_images * print().median.height * print().median.width);
  times.validation = pixels * speed_->at(static_cast<double>(candidate.width)) * kInference;
  times.start = print().read_seconds * static_cast<double>(print().train_images + print().val_images);
  times.end = times.validation + kReport;
  return times;
}

void Planner::refuse_short_budget(const RunTimes& times) const {
  const double fixed = elapsed() + times.start + times.validation + times.end;
  if (plan_.budget == 0 || fixed < 0.8 * plan_.budget) return;
  fail_input(
      "budget: {} is too short: reading the data, one validation and the report take about {:.0f} s of it; give it "
      "{:.0f}s "
      "or more, or validate on fewer images",
      to_string(*plan_.config.budget), fixed, std::ceil(2 * fixed));
}

void Planner::choose_net() {
  const bool timed = !resume_ && (!config().epochs || (plan_.budget > 0 && fixed_.unet && !fixed_.width));
  const bool patch_asked = config().size.has_value(), batch_asked = config().batch.has_value();
  if (!timed && fixed_.unet && !fixed_.width) fixed_.width = kUsualWidth;
  const std::vector<Candidate> candidates = list_candidates(print(), fixed_);
  if (timed) measure_speed(candidates);
  const Speed no_matter{{{0, 0x1p-60}}};
  const Speed& speed = timed ? *speed_ : no_matter;
  double left = seconds();
  if (timed) {
    const RunTimes fixed = times(candidates.back());
    left -= elapsed() + fixed.start + fixed.end;
  }
  chosen_ = choose_candidate(
      candidates, speed, std::max(left, 1e-3), [&](const Candidate& one) { return needed_steps(one); },
      [&](const Candidate& one) { return fits(one); });
  note_net(chosen_, patch_asked, batch_asked);
}

void Planner::note_net(const Candidate& candidate, bool patch_asked, bool batch_asked) {
  const ImageSize most = largest_patch(print());
  const bool whole = 8 * candidate.patch.height > 7 * most.height && 8 * candidate.patch.width > 7 * most.width;
  std::string why =
      whole ? fmt::format("the pictures are {}x{}; 512x512 at most", print().median.height, print().median.width)
            : "cut smaller, so that there is time for enough steps";
  if (!fixed_.unet && fixed_.patch) why = "what the network prefers";
  config().size = candidate.patch;
  config().batch = candidate.batch;
  note("size", fmt::format("{}x{}", candidate.patch.height, candidate.patch.width), why, patch_asked);
  note("batch", fmt::format("{}", candidate.batch), "about 650,000 pixels a step, 16 patches at most", batch_asked);
  if (!fixed_.unet) return;
  const bool depth_asked = fixed_.depth.has_value();
  if (!depth_asked) config().depth = candidate.depth;
  note("depth", fmt::format("{}", candidate.depth),
       fmt::format("the lowest map has {}x{} pixels", candidate.patch.height >> candidate.depth,
                   candidate.patch.width >> candidate.depth),
       depth_asked);
  const bool width_asked = config().width || config().set.contains("width");
  if (!width_asked) config().width = static_cast<double>(candidate.width);
  note("width", fmt::format("{}", candidate.width),
       speed_ ? fmt::format("the widest of 8 to 64 that gets about {} steps in the time", needed_steps(candidate))
              : "usual; with --budget it is chosen by this machine's speed",
       width_asked);
}

void Planner::choose_epochs() {
  const std::int64_t pass = pass_steps(chosen_);
  EpochPlan epochs{config().epochs.value_or(1), config().epoch_steps.value_or(0)};
  const bool open = !config().epochs;
  if (open && !speed_) fail_input("epochs is missing in the settings of the run that is resumed; give --epochs");
  if (open) {
    const RunTimes t = times(chosen_);
    refuse_short_budget(t);
    double seconds = this->seconds() - elapsed();
    if (plan_.budget == 0)
      seconds = std::min(seconds, t.start + t.end + 1.15 * t.step * static_cast<double>(kUsualSteps));
    epochs = plan_epochs(seconds, t, config().epoch_steps.value_or(0) > 0 ? *config().epoch_steps : pass);
    // An epoch of a given length is not changed; the number of them is.
    if (config().epoch_steps) {
      const auto length = static_cast<double>(*config().epoch_steps > 0 ? *config().epoch_steps : pass);
      epochs = {std::max<std::int64_t>(1, std::lround((seconds - t.start - t.end) / (length * t.step + t.validation))),
                *config().epoch_steps};
    }
    config().epochs = epochs.epochs;
    if (plan_.budget > 0) {
      plan_.replan = true;
      config().replanned = to_string(Replanned{epochs.epochs, {}});
    }
  }
  plan_.steps_per_epoch = epochs.epoch_steps > 0 ? epochs.epoch_steps : pass;
  const bool length_asked = config().epoch_steps.has_value();
  config().epoch_steps = epochs.epoch_steps;
  if (speed_) plan_.expected = expected_seconds(epochs, times(chosen_), pass);
  note("epochs", fmt::format("{}", epochs.epochs),
       speed_ ? fmt::format("a step takes about {:.2g} s here{}", times(chosen_).step,
                            plan_.budget > 0 ? "; counted again after every epoch" : "")
              : "",
       !open);
  note("epoch-steps", fmt::format("{}", epochs.epoch_steps > 0 ? epochs.epoch_steps : pass),
       epochs.epoch_steps > 0 ? "validating costs an eighth of the time at most"
                              : fmt::format("one pass over the {} images", print().train_images),
       length_asked);
  const std::int64_t steps = epochs.epochs * plan_.steps_per_epoch;
  choose("warmup", config().warmup, choose_warmup(steps));
  choose("ema", config().ema, choose_average(steps));
  choose("bn-batches", config().bn_batches, choose_statistics(plan_.steps_per_epoch));
}

}  // namespace

RunPlan plan(const TrainConfig& config, const Dataset& dataset, bool resume, const PlanCallbacks& callbacks) {
  check(config);
  return Planner(config, dataset, resume, callbacks).make();
}

RunPlan plan(const TrainConfig& config, const PlanCallbacks& callbacks) {
  return plan(config, open_training_data(config), false, callbacks);
}

}  // namespace inlay::workflow

namespace inlay {

std::map<std::string, std::string> reasons(const RunPlan& plan) {
  std::map<std::string, std::string> why;
  for (const PlanChoice& choice : plan.choices)
    if (!choice.asked) why[choice.option] = choice.why;
  return why;
}

}  // namespace inlay
