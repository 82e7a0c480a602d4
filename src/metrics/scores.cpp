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

ClassScores score_class(const ConfusionMatrix& confusion, std::int64_t i, double absent) {
  const std::int64_t hit = confusion.count(i, i), truth = confusion.truth_pixels(i),
                     predicted = confusion.predicted_pixels(i);
  return {.name = {},
          .iou = ratio(hit, truth + predicted - hit, absent),
          .accuracy = ratio(hit, truth, absent),
          .dice = ratio(2 * hit, truth + predicted, absent),
          .pixels = truth};
}

}  // namespace

AbsentPolicy parse_absent_policy(std::string_view text) {
  if (text == "skip") return AbsentPolicy::skip;
  if (text == "0" || text == "zero") return AbsentPolicy::zero;
  if (text == "1" || text == "one") return AbsentPolicy::one;
  fail_input("'{}' does not say what an absent class counts; expected skip, 0 or 1", text);
}

Scores score(const ConfusionMatrix& confusion, AbsentPolicy policy, const std::vector<std::string>& names) {
  const std::int64_t scored = names.empty() ? confusion.classes() : static_cast<std::int64_t>(names.size());
  if (scored > confusion.classes())
    fail_input("{} class names were given for {} classes", names.size(), confusion.classes());
  const double absent = absent_value(policy);
  Scores out;
  Mean iou, accuracy, dice;
  std::int64_t hits = 0;
  double weighted = 0.0;
  for (std::int64_t i = 0; i < scored; ++i) {
    ClassScores one = score_class(confusion, i, absent);
    one.name = names.empty() ? fmt::format("class {}", i) : names[static_cast<std::size_t>(i)];
    if (one.pixels == 0 && confusion.predicted_pixels(i) == 0) out.absent.push_back(one.name);
    iou.add(one.iou);
    accuracy.add(one.accuracy);
    dice.add(one.dice);
    hits += confusion.count(i, i);
    if (one.pixels > 0) weighted += static_cast<double>(one.pixels) * one.iou;
    out.classes.push_back(std::move(one));
  }
  const std::int64_t total = confusion.total();
  out.pixel_accuracy = ratio(hits, total, absent);
  out.frequency_weighted_iou = total == 0 ? absent : weighted / static_cast<double>(total);
  out.mean_iou = iou.value();
  out.mean_accuracy = accuracy.value();
  out.mean_dice = dice.value();
  return out;
}

}  // namespace inlay
