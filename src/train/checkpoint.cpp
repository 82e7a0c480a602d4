#include "train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/fail.h"
#include "tensor/safetensors.h"

namespace inlay {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kFormat = "1";
constexpr std::string_view kGood = "good/";  // in front of the tensors of the moment to go back to

// JSON knows no NaN: the library writes null.
double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

Json to_json(const EpochReport& report) {
  return {{"epoch", report.epoch},
          {"learning_rate", report.learning_rate},
          {"train_loss", report.train_loss},
          {"val_loss", report.val_loss},
          {"val_mean_iou", report.val_mean_iou},
          {"val_pixel_accuracy", report.val_pixel_accuracy},
          {"val_class_iou", report.val_class_iou},
          {"seconds", report.seconds},
          {"images_per_second", report.images_per_second},
          {"waiting", report.waiting},
          {"validated", report.validated},
          {"best", report.best}};
}

EpochReport report_from(const Json& json) {
  EpochReport report;
  report.epoch = json.at("epoch");
  report.learning_rate = number(json.at("learning_rate"));
  report.train_loss = number(json.at("train_loss"));
  report.val_loss = number(json.at("val_loss"));
  report.val_mean_iou = number(json.at("val_mean_iou"));
  report.val_pixel_accuracy = number(json.at("val_pixel_accuracy"));
  if (json.contains("val_class_iou"))
    for (const Json& iou : json.at("val_class_iou")) report.val_class_iou.push_back(number(iou));
  report.seconds = number(json.at("seconds"));
  report.images_per_second = number(json.at("images_per_second"));
  report.waiting = json.value("waiting", 0.0);
  report.validated = json.value("validated", true);
  report.best = json.at("best");
  return report;
}

Json to_json(const Progress& progress) {
  Json history = Json::array();
  for (const EpochReport& report : progress.history) history.push_back(to_json(report));
  Json json = {{"epoch", progress.epoch},
               {"step", progress.step},
               {"total_steps", progress.total_steps},
               {"loss_sum", progress.loss_sum},
               {"first_loss", progress.first_loss},
               {"seconds", progress.seconds},
               {"last_rate", progress.last_rate},
               {"epochs", progress.epochs},
               {"replanned", progress.replanned},
               {"asked_epochs", progress.asked_epochs},
               {"threads", progress.threads},
               {"plateau_factor", progress.plateau.factor},
               {"plateau_bad_epochs", progress.plateau.bad_epochs},
               {"scored_epoch", progress.scored_epoch},
               {"recoveries", progress.recoveries},
               {"trivial_validations", progress.trivial_validations},
               {"stale_validations", progress.stale_validations},
               {"best_epoch", progress.best_epoch},
               {"best_score", progress.best_score},
               {"history", std::move(history)},
               {"mean", progress.mean},
               {"stddev", progress.stddev},
               {"class_weights", progress.class_weights}};
  if (std::isfinite(progress.plateau.best)) json["plateau_best"] = progress.plateau.best;
  return json;
}

Progress progress_from(const Json& json) {
  Progress progress;
  progress.epoch = json.at("epoch");
  progress.step = json.at("step");
  progress.total_steps = json.at("total_steps");
  progress.loss_sum = number(json.at("loss_sum"));
  progress.first_loss = number(json.value("first_loss", Json()));
  progress.seconds = number(json.at("seconds"));
  progress.last_rate = number(json.at("last_rate"));
  progress.epochs = json.at("epochs");
  progress.replanned = json.value("replanned", std::int64_t{-1});
  progress.asked_epochs = json.value("asked_epochs", progress.epochs);
  progress.threads = json.at("threads");
  progress.plateau.factor = json.at("plateau_factor");
  progress.plateau.bad_epochs = json.at("plateau_bad_epochs");
  if (json.contains("plateau_best")) progress.plateau.best = json.at("plateau_best");
  progress.scored_epoch = json.value("scored_epoch", progress.epoch - 1);
  progress.recoveries = json.value("recoveries", std::int64_t{0});
  progress.trivial_validations = json.value("trivial_validations", std::int64_t{0});
  progress.stale_validations = json.value("stale_validations", std::int64_t{0});
  progress.best_epoch = json.at("best_epoch");
  progress.best_score = number(json.at("best_score"));
  for (const Json& report : json.at("history")) progress.history.push_back(report_from(report));
  progress.mean = json.at("mean").get<std::vector<double>>();
  progress.stddev = json.at("stddev").get<std::vector<double>>();
  progress.class_weights = json.at("class_weights").get<std::vector<float>>();
  return progress;
}

/// Takes the moment to go back to out of the file.
std::optional<Moment> good_from(TensorFile& file) {
  const auto progress = file.metadata.find("good");
  if (progress == file.metadata.end()) return std::nullopt;
  Moment good{progress_from(Json::parse(progress->second)), {}};
  std::erase_if(file.tensors, [&](const auto& entry) {
    if (!entry.first.starts_with(kGood)) return false;
    good.tensors.emplace(entry.first.substr(kGood.size()), entry.second);
    return true;
  });
  return good;
}

}  // namespace

void save_checkpoint(const std::filesystem::path& path, const Progress& progress, const Settings& settings,
                     const std::map<std::string, Tensor>& tensors, const Moment* good) {
  TensorFile file;
  file.tensors = tensors;
  if (good) {
    for (const auto& [name, tensor] : good->tensors) file.tensors.emplace(std::string(kGood) + name, tensor);
    file.metadata["good"] = to_json(good->progress).dump();
  }
  file.metadata["inlay.state"] = kFormat;
  file.metadata["progress"] = to_json(progress).dump();
  file.metadata["settings"] = Json(settings).dump();
  write_safetensors(path, file);
}

Checkpoint load_checkpoint(const std::filesystem::path& path) {
  TensorFile file = read_safetensors(path);
  const auto format = file.metadata.find("inlay.state");
  if (format == file.metadata.end()) fail_input("'{}' is no state of a training run", path.string());
  if (format->second != kFormat)
    fail_input("'{}' is a state of format {}, this program reads format {}", path.string(), format->second, kFormat);
  try {
    std::optional<Moment> good = good_from(file);
    return {progress_from(Json::parse(file.metadata["progress"])),
            Json::parse(file.metadata["settings"]).get<Settings>(), std::move(file.tensors), std::move(good)};
  } catch (const Json::exception& error) {
    fail_input("'{}' is damaged: {}", path.string(), error.what());
  }
}

void restore_tensors(const Checkpoint& checkpoint, const std::map<std::string, Tensor>& targets,
                     const std::filesystem::path& path) {
  for (const auto& [name, target] : targets) {
    const auto found = checkpoint.tensors.find(name);
    if (found == checkpoint.tensors.end()) fail_input("'{}' lacks the tensor '{}'", path.string(), name);
    const Tensor& saved = found->second;
    if (saved.shape() != target.shape() || saved.type() != target.type())
      fail_input("'{}': the tensor '{}' has shape {}, the net's has {}", path.string(), name, to_string(saved.shape()),
                 to_string(target.shape()));
    Tensor to = target;
    std::copy_n(saved.raw(), saved.bytes(), to.raw());
  }
}

void check_settings(const Settings& saved, const Settings& wanted, const std::filesystem::path& path) {
  const auto value = [](const Settings& settings, const std::string& name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::string("(none)") : found->second;
  };
  Settings names = saved;
  names.insert(wanted.begin(), wanted.end());
  for (const auto& [name, unused] : names) {
    const std::string before = value(saved, name), now = value(wanted, name);
    if (before != now)
      fail_input(
          "'{}' was made with {} = {}, now it is {}; a resumed run must keep its settings: give the old value, or "
          "start "
          "a new run in another folder",
          path.string(), name, before, now);
  }
}

}  // namespace inlay
