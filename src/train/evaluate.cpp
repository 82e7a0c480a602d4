#include "inlay/evaluate.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "base/fail.h"
#include "metrics/cross_entropy.h"

namespace inlay {
namespace {

std::vector<std::string> class_names(const Segmenter& segmenter) {
  std::vector<std::string> names;
  for (const ModelClass& c : segmenter.info().classes) names.push_back(c.name);
  if (static_cast<std::int64_t>(names.size()) != segmenter.classes()) names.clear();
  return names;
}

void check_classes(const Segmenter& segmenter, const Dataset& dataset, const std::vector<std::string>& names) {
  const std::vector<std::string>& found = dataset.classes().names;
  if (dataset.classes().size() == segmenter.classes()) return;
  const bool prefix = found.size() < names.size() && std::equal(found.begin(), found.end(), names.begin());
  if (!prefix)
    fail_input("the data set '{}' has {} classes ({}), the model tells {} apart ({}); give both the same classes",
               dataset.root().string(), found.size(), fmt::join(found, ", "), segmenter.classes(),
               names.empty() ? "without names" : fmt::format("{}", fmt::join(names, ", ")));
}

}  // namespace

Evaluation evaluate(Segmenter& segmenter, const Dataset& dataset, Split split, const EvaluateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t count = dataset.size(split);
  if (count == 0) fail_input("the data set '{}' has no images in '{}'", dataset.root().string(), to_string(split));
  std::vector<std::string> names = class_names(segmenter);
  check_classes(segmenter, dataset, names);
  if (!names.empty()) names.resize(dataset.classes().names.size());

  Evaluation result{ConfusionMatrix(segmenter.classes()), {}, 0, 0, 0, {}};
  NegativeLogLikelihood loss;
  const auto read = [&](std::int64_t i) {
    return std::async(std::launch::async, [&dataset, split, i] { return dataset.read(split, i); });
  };
  std::future<Sample> next = read(0);
  for (std::int64_t i = 0; i < count; ++i) {
    if (options.stop && options.stop()) break;
    const Sample sample = next.get();
    if (i + 1 < count) next = read(i + 1);
    const Tensor logits = segmenter.logits(sample.image);
    ConfusionMatrix confusion(segmenter.classes());
    confusion.add(most_likely(logits), sample.mask);
    loss = loss + negative_log_likelihood(logits, sample.mask);
    const Scores scores = score(confusion, options.absent, names);
    result.per_image.push_back({sample.name, scores.mean_iou, scores.pixel_accuracy, confusion.total()});
    result.confusion.merge(confusion);
    ++result.images;
    if (options.progress) options.progress(i + 1, count);
  }
  result.scores = score(result.confusion, options.absent, names);
  result.cross_entropy = loss.mean();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

}  // namespace inlay
