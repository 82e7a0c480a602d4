#include <algorithm>
#include <functional>
#include <future>
#include <map>

#include "base/fail.h"
#include "data/labelling.h"
#include "inlay/scoring.h"

namespace inlay::workflow {
namespace {

namespace fs = std::filesystem;

/// Stem to file. Throws InputError when two have the same.
std::map<std::string, fs::path> masks_in(const fs::path& folder) {
  if (!fs::is_directory(folder)) fail_input("'{}' is no folder; expected one with masks", folder.string());
  std::map<std::string, fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (!entry.is_regular_file() || !has_image_extension(entry.path())) continue;
    const auto [known, added] = found.emplace(entry.path().stem().string(), entry.path());
    if (!added)
      fail_input("'{}' and '{}' have the same stem; leave one of them", known->second.string(), entry.path().string());
  }
  if (found.empty()) fail_input("'{}' holds no mask; expected PNG, TIFF, BMP, PNM or WebP files", folder.string());
  return found;
}

bool holds_picture(const fs::path& folder) {
  return std::ranges::any_of(fs::directory_iterator(folder), [](const fs::directory_entry& entry) {
    return entry.is_regular_file() && has_image_extension(entry.path());
  });
}

std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kShown = 5;
  const std::vector<std::string> shown(names.begin(),
                                       names.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, names.size())));
  return fmt::format("{}{}", fmt::join(shown, ", "), names.size() > kShown ? ", ..." : "");
}

/// The files of the predictions, in the order of the names. Throws InputError when one has none.
std::vector<fs::path> find_predictions(const ScoreRequest& request, const std::vector<std::string>& names) {
  const std::map<std::string, fs::path> predicted = masks_in(request.predicted);
  std::vector<fs::path> found;
  std::vector<std::string> missing, extra;
  for (const std::string& name : names) {
    const auto entry = predicted.find(name);
    if (entry == predicted.end())
      missing.push_back(name);
    else
      found.push_back(entry->second);
  }
  for (const auto& [stem, path] : predicted)
    if (std::ranges::find(names, stem) == names.end()) extra.push_back(stem);
  if (!missing.empty())
    fail_input("{} of the {} true masks in '{}' have no prediction of the same stem in '{}': {}", missing.size(),
               names.size(), request.truth.string(), request.predicted.string(), some_of(missing));
  if (!extra.empty() && request.log)
    request.log(Severity::warning, fmt::format("{} files in '{}' have no truth and are left out: {}", extra.size(),
                                               request.predicted.string(), some_of(extra)));
  return found;
}

/// The values 0 to classes - 1.
Labelling by_number(const ClassTable& classes) {
  Labelling labelling{classes, {}, {}};
  for (std::int64_t i = 0; i < classes.size(); ++i)
    labelling.labels.values[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(i);
  labelling.labels.values[kIgnore] = kIgnore;
  return labelling;
}

std::vector<Page> pages_of(const std::vector<fs::path>& files) {
  std::vector<Page> pages;
  for (const fs::path& file : files) pages.push_back({file});
  return pages;
}

/// What is scored: masks by number of the image, in classes of one table.
struct Masks {
  std::vector<std::string> names, classes;
  std::function<Mask(std::size_t)> truth, predicted;
};

std::function<Mask(std::size_t)> reader(std::vector<fs::path> files, LabelMap labels) {
  return [files = std::move(files), labels = std::move(labels)](std::size_t i) {
    return labels.apply(read_raw_mask(files[i]), files[i]);
  };
}

void warn(const ScoreRequest& request, const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings)
    if (request.log) request.log(Severity::warning, warning);
}

Masks masks_of_folders(const ScoreRequest& request, const std::map<std::string, fs::path>& truth) {
  Masks masks;
  std::vector<fs::path> files;
  for (const auto& [stem, path] : truth) {
    masks.names.push_back(stem);
    files.push_back(path);
  }
  const std::vector<fs::path> predictions = find_predictions(request, masks.names);
  ClassFile table;
  if (!request.classes.empty()) table.entries = read_class_list(request.classes);
  const Labelling wanted = resolve_labels(table, pages_of(files));
  const Labelling got = request.numbers ? by_number(wanted.classes) : resolve_labels(table, pages_of(predictions));
  warn(request, wanted.warnings);
  masks.classes = wanted.classes.size() >= got.classes.size() ? wanted.classes.names : got.classes.names;
  masks.truth = reader(files, wanted.labels);
  masks.predicted = reader(predictions, got.labels);
  return masks;
}

Masks masks_of_dataset(const ScoreRequest& request) {
  const Dataset dataset = open_dataset(request.truth);
  warn(request, dataset.warnings());
  if (dataset.size(request.split) == 0)
    fail_input("the data set '{}' has no images in '{}'", request.truth.string(), to_string(request.split));
  Masks masks{dataset.names(request.split), dataset.classes().names, {}, {}};
  masks.truth = [dataset, split = request.split](std::size_t i) {
    return dataset.read(split, static_cast<std::int64_t>(i)).mask;
  };
  masks.predicted = reader(find_predictions(request, masks.names), by_number(dataset.classes()).labels);
  return masks;
}

Masks open_masks(const ScoreRequest& request) {
  if (!fs::is_directory(request.truth) || holds_picture(request.truth))
    return masks_of_folders(request, masks_in(request.truth));
  if (!request.classes.empty())
    fail_input("'{}' is a data set, which has its own classes; leave --classes out", request.truth.string());
  return masks_of_dataset(request);
}

struct Pair {
  Mask predicted, truth;
};

/// A void pixel of the prediction becomes a label above the classes, which is wrong wherever the truth has a class.
Pair read_pair(const Masks& masks, std::size_t i) {
  const Pair pair{masks.predicted(i), masks.truth(i)};
  if (pair.predicted.labels.shape() != pair.truth.labels.shape())
    fail_input("'{}': the prediction has {}x{} pixels and the truth {}x{} (height x width); they must be of one size",
               masks.names[i], pair.predicted.height(), pair.predicted.width(), pair.truth.height(),
               pair.truth.width());
  const auto truth = pair.truth.labels.data<std::uint8_t>();
  Mask predicted = pair.predicted;
  const auto labels = predicted.labels.data<std::uint8_t>();
  for (std::size_t p = 0; p < truth.size(); ++p)
    if (labels[p] == kIgnore && truth[p] != kIgnore) labels[p] = static_cast<std::uint8_t>(masks.classes.size());
  return pair;
}

}  // namespace

Evaluation score(const ScoreRequest& request) {
  const auto start = std::chrono::steady_clock::now();
  const Masks masks = open_masks(request);
  const auto classes = static_cast<std::int64_t>(masks.classes.size());
  if (classes > 254)
    fail_input("'{}' has {} classes; masks are scored of 254 at most", request.truth.string(), classes);
  Scorer scorer({.metrics = request.metrics,
                 .classes = masks.classes,
                 .labels = classes + 1,
                 .absent = request.absent,
                 .void_pixels = request.void_pixels});
  const auto read = [&](std::size_t i) {
    return std::async(std::launch::async, [&, i] { return read_pair(masks, i); });
  };
  std::future<Pair> next = read(0);
  for (std::size_t i = 0; i < masks.names.size(); ++i) {
    const Pair pair = next.get();
    if (i + 1 < masks.names.size()) next = read(i + 1);
    scorer.add(masks.names[i], pair.predicted, pair.truth);
    if (request.progress)
      request.progress(static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(masks.names.size()));
  }
  Evaluation result = evaluation_of(std::move(scorer));
  result.intervals = bootstrap(*result.scorer);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace inlay::workflow
