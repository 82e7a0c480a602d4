// Scores from one confusion matrix over a whole data set: counts first, ratios after.
//
// n_ij = pixels of class i that were predicted as class j, t_i = sum_j n_ij, p_i = sum_j n_ji, K classes
// (Long, Shelhamer, Darrell, CVPR 2015, section 5):
//   pixel accuracy           sum_i n_ii / sum_i t_i
//   mean accuracy            1/K sum_i n_ii / t_i
//   IoU of class i           n_ii / (t_i + p_i - n_ii)            (Everingham et al., IJCV 2010, section 4.1.2)
//   frequency-weighted IoU   sum_i t_i IoU_i / sum_i t_i
//   Dice of class i          2 n_ii / (t_i + p_i)                 (Dice, Ecology 1945)
// All of them are 0 to 1, 1 is best. Scores of other kinds are in scorer.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/image.h"

namespace inlay {

/// What a prediction says where the truth is kIgnore: nothing that counts, or a pixel too many of the class that it
/// names (in p_i, and so in IoU and Dice).
enum class VoidPolicy { ignore, count };
/// "ignore" or "count"; anything else throws InputError.
VoidPolicy parse_void_policy(std::string_view text);

class ConfusionMatrix {
 public:
  /// 1 to 255 classes, else InputError.
  explicit ConfusionMatrix(std::int64_t classes);

  /// Counts every pixel whose truth is not kIgnore, and the others by `void_pixels`, where a prediction of kIgnore
  /// names no class. Throws InputError when the sizes differ, the truth holds a value that is no class, or the
  /// prediction does so where it counts.
  void add(const Mask& prediction, const Mask& truth, VoidPolicy void_pixels = VoidPolicy::ignore);
  void add(std::span<const std::uint8_t> prediction, std::span<const std::uint8_t> truth,
           VoidPolicy void_pixels = VoidPolicy::ignore);
  /// Adds the other's counts; throws InputError when it has another number of classes.
  void merge(const ConfusionMatrix& other);

  std::int64_t classes() const { return classes_; }
  /// Pixels of class `truth` that were predicted as class `prediction`.
  std::int64_t count(std::int64_t truth, std::int64_t prediction) const;
  std::int64_t truth_pixels(std::int64_t index) const;
  /// With those on void pixels, where they count.
  std::int64_t predicted_pixels(std::int64_t index) const;
  /// All pixels with a class in the truth.
  std::int64_t total() const;

 private:
  std::int64_t classes_;
  std::vector<std::int64_t> counts_;   // (truth, prediction)
  std::vector<std::int64_t> on_void_;  // (prediction)
};

/// What the scores of a class are made of: n_ii, t_i and p_i.
struct ClassCounts {
  std::int64_t hits = 0, truth = 0, predicted = 0;
};
/// Of the first `classes` classes.
std::vector<ClassCounts> class_counts(const ConfusionMatrix& confusion, std::int64_t classes);

/// What a class without a pixel in truth and prediction contributes to the means.
enum class AbsentPolicy { skip, zero, one };
/// "skip", "0" or "1" (also "zero", "one"); anything else throws InputError.
AbsentPolicy parse_absent_policy(std::string_view text);

/// A ratio 0/0 is NaN in the per-class scores with AbsentPolicy::skip, else the policy's value.
struct ClassScores {
  std::string name;
  double iou = 0.0, accuracy = 0.0, dice = 0.0;
  std::int64_t pixels = 0;  // in the truth
};

/// A class that only the prediction has counts with IoU 0 and Dice 0 in the means; it has no accuracy, so mean accuracy
/// skips it (or takes the policy's value). A matrix without any pixel scores NaN throughout (with skip).
struct Scores {
  double pixel_accuracy = 0.0, mean_accuracy = 0.0, mean_iou = 0.0, frequency_weighted_iou = 0.0, mean_dice = 0.0;
  std::vector<ClassScores> classes;
  std::vector<std::string> absent;  // names of the classes without any pixel in truth and prediction
};

/// `names` may be empty: "class 0", "class 1", ... then. Where they are fewer than the matrix's classes, the first ones
/// alone are scored, and to predict another is wrong. Throws InputError when they are more.
Scores score(const ConfusionMatrix& confusion, AbsentPolicy policy = AbsentPolicy::skip,
             const std::vector<std::string>& names = {});
/// The same from the counts of the classes to score, with a name each.
Scores score(std::span<const ClassCounts> counts, AbsentPolicy policy, const std::vector<std::string>& names);

}  // namespace inlay
