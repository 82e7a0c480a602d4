#include "inlay/evaluate.h"

#include <algorithm>
#include <chrono>
#include <future>

#include "base/fail.h"

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

/// Names of the data set's classes: the model's, or "class 0", ... where it has none.
std::vector<std::string> scored_classes(const Segmenter& segmenter, const Dataset& dataset) {
  std::vector<std::string> names = class_names(segmenter);
  check_classes(segmenter, dataset, names);
  for (std::int64_t i = 0; names.size() < dataset.classes().names.size(); ++i)
    names.push_back(fmt::format("class {}", i));
  names.resize(dataset.classes().names.size());
  return names;
}

}  // namespace

Evaluation evaluate(Segmenter& segmenter, const Dataset& dataset, Split split, const EvaluateOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const std::int64_t count = dataset.size(split);
  if (count == 0) fail_input("the data set '{}' has no images in '{}'", dataset.root().string(), to_string(split));
  Scorer scorer({.metrics = options.metrics,
                 .classes = scored_classes(segmenter, dataset),
                 .labels = segmenter.classes(),
                 .absent = options.absent,
                 .void_pixels = options.void_pixels});
  const auto read = [&](std::int64_t i) {
    return std::async(std::launch::async, [&dataset, split, i] { return dataset.read(split, i); });
  };
  std::future<Sample> next = read(0);
  for (std::int64_t i = 0; i < count; ++i) {
    if (options.stop && options.stop()) break;
    const Sample sample = next.get();
    if (i + 1 < count) next = read(i + 1);
    const Tensor logits = segmenter.logits(sample.image);
    const Mask prediction = most_likely(logits);
    scorer.add(sample.name, prediction, sample.mask, &logits);
    if (options.on_image) options.on_image(sample, prediction, logits);
    if (options.progress) options.progress(i + 1, count);
  }
  Evaluation result = evaluation_of(std::move(scorer));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return result;
}

Evaluation evaluation_of(Scorer scorer) {
  Evaluation result{scorer.confusion(),
                    score(scorer.confusion(), scorer.options().absent, scorer.options().classes),
                    scorer.cross_entropy(),
                    scorer.images(),
                    0,
                    scorer.per_image(),
                    scorer.results()};
  result.scorer = std::make_shared<const Scorer>(std::move(scorer));
  return result;
}

}  // namespace inlay
