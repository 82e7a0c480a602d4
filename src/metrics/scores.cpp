#include <limits>
#include <stdexcept>

#include "base/fail.h"
#include "inlay/metrics.h"

namespace inlay {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

double ratio(std::int64_t part, std::int64_t whole, double otherwise) {
  return whole == 0 ? otherwise : static_cast<double>(part) / static_cast<double>(whole);
}

class Mean {
 public:
  void add(double value) {
    if (value != value) return;
    sum_ += value;
    ++count_;
  }
  double value() const { return count_ == 0 ? kNone : sum_ / count_; }

 private:
  double sum_ = 0.0;
  int count_ = 0;
};

double absent_value(AbsentPolicy policy) {
  switch (policy) {
    case AbsentPolicy::skip:
      return kNone;
    case AbsentPolicy::zero:
      return 0.0;
    case AbsentPolicy::one:
      return 1.0;
  }
  throw std::logic_error("unknown AbsentPolicy");
}

ClassScores score_class(const ClassCounts& n, double absent) {
  return {.name = {},
          .iou = ratio(n.hits, n.truth + n.predicted - n.hits, absent),
          .accuracy = ratio(n.hits, n.truth, absent),
          .dice = ratio(2 * n.hits, n.truth + n.predicted, absent),
          .pixels = n.truth};
}

}  // namespace

AbsentPolicy parse_absent_policy(std::string_view text) {
  if (text == "skip") return AbsentPolicy::skip;
  if (text == "0" || text == "zero") return AbsentPolicy::zero;
  if (text == "1" || text == "one") return AbsentPolicy::one;
  fail_input("'{}' does not say what an absent class counts; expected skip, 0 or 1", text);
}

VoidPolicy parse_void_policy(std::string_view text) {
  if (text == "ignore") return VoidPolicy::ignore;
  if (text == "count") return VoidPolicy::count;
  fail_input("'{}' does not say what predictions on void pixels are; expected ignore or count", text);
}

std::vector<ClassCounts> class_counts(const ConfusionMatrix& confusion, std::int64_t classes) {
  std::vector<ClassCounts> counts;
  for (std::int64_t i = 0; i < classes; ++i)
    counts.push_back({confusion.count(i, i), confusion.truth_pixels(i), confusion.predicted_pixels(i)});
  return counts;
}

Scores score(std::span<const ClassCounts> counts, AbsentPolicy policy, const std::vector<std::string>& names) {
  const double absent = absent_value(policy);
  Scores out;
  Mean iou, accuracy, dice;
  std::int64_t hits = 0, total = 0;
  double weighted = 0.0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    ClassScores one = score_class(counts[i], absent);
    one.name = names[i];
    if (counts[i].truth == 0 && counts[i].predicted == 0) out.absent.push_back(one.name);
    iou.add(one.iou);
    accuracy.add(one.accuracy);
    dice.add(one.dice);
    hits += counts[i].hits;
    total += counts[i].truth;
    if (one.pixels > 0) weighted += static_cast<double>(one.pixels) * one.iou;
    out.classes.push_back(std::move(one));
  }
  out.pixel_accuracy = ratio(hits, total, absent);
  out.frequency_weighted_iou = total == 0 ? absent : weighted / static_cast<double>(total);
  out.mean_iou = iou.value();
  out.mean_accuracy = accuracy.value();
  out.mean_dice = dice.value();
  return out;
}

Scores score(const ConfusionMatrix& confusion, AbsentPolicy policy, const std::vector<std::string>& names) {
  if (static_cast<std::int64_t>(names.size()) > confusion.classes())
    fail_input("{} class names were given for {} classes", names.size(), confusion.classes());
  std::vector<std::string> scored = names;
  for (std::int64_t i = 0; names.empty() && i < confusion.classes(); ++i) scored.push_back(fmt::format("class {}", i));
  return score(class_counts(confusion, static_cast<std::int64_t>(scored.size())), policy, scored);
}

}  // namespace inlay
