// Scores by name: pictures are added one by one, and any number of scores is made of what was counted in them.
//
// The counts of a score are sums over images, so that many images take little memory, and a score of other images
// (one of them, a random sample) is made of the same counts. Pixels whose truth is kIgnore count nowhere, unless
// VoidPolicy::count puts them into the scores of metrics.h. The background is the first class called background, bg,
// other, none, border, boundary, edge or membrane, else class 0 where there are no more than two; else there is none.
//
//   mean_iou, mean_dice, pixel_accuracy, mean_accuracy, frequency_weighted_iou: metrics.h, of all pixels of all images
//   image_iou, image_dice   the mean over images of the mean over the classes that an image or its prediction holds
//   cross_entropy           mean of -log p(truth) over pixels; 0 to infinity
//   boundary_f1             Csurka, Larlus and Perronnin, BMVC 2013. A pixel is on the boundary of its class when a
//   pixel
//                           that shares an edge with it has another label (void is one). Precision: share of predicted
//                           boundary pixels within 0.75 % of the image's diagonal of true ones; recall the reverse; F1
//                           = 2PR/(P+R) of a class in an image, 0 when only one side has the boundary, nothing when
//                           neither has. Mean over the classes of an image, then over images.
//   boundary_iou            Cheng, Girshick, Dollar, Berg and Kirillov, CVPR 2021: IoU of those pixels of a class that
//                           are within d of a pixel that is not of it or of the image's edge, d = 2 % of the diagonal,
//                           rounded, at least 1, counted along rows, columns and diagonals alike. All images in one
//                           count; mean over classes.
//   hausdorff95             the 95th percentile (linear interpolation) of the distances in pixels from the surface of a
//                           class, its pixels beside another label or at the image's edge, to the other's, the larger
//                           of both directions. Mean over the images that hold the class, then over classes. A class
//                           that only one side has counts the image's diagonal. 0 is best.
//   surface_distance        the mean of these distances in both directions together; otherwise the same
//   mean_average_precision  TGS salt identification challenge (2018): a mask counts 1 at a threshold that its IoU
//                           exceeds; mean over 0.50, 0.55, ... 0.95, then over images. Both empty: 1; one empty: 0. Of
//                           each class but the background, then the mean over them.
//   pq, sq, rq              Kirillov, He, Girshick, Rother and Dollar, CVPR 2019; the segments are the regions of one
//                           class that hang together by edges or corners, the background has none. A pair matches when
//                           its IoU exceeds 0.5; a prediction that is mostly void does not count. SQ is the mean IoU of
//                           matches (0 without any), RQ = TP / (TP + FP/2 + FN/2), PQ = SQ RQ; mean over the classes
//                           with a segment.
//   v_rand, v_info          Arganda-Carreras et al., Frontiers in Neuroanatomy 2015 (ISBI 2012): the background (else
//   class
//                           0) is the border, cells what hangs together by edges of all other classes. The predicted
//                           border is thinned (Zhang and Suen 1984) first; over the pixels of true cells, with p_ij the
//                           joint distribution of predicted cell i and true cell j, s_i and t_j its sums:
//                             V_rand = 2 sum p_ij^2 / (sum s_i^2 + sum t_j^2),  V_info = 2 I(S; T) / (H(S) + H(T)),
//                           each pixel of predicted border being a cell of its own. Mean over images with a cell. Of
//                           the labels.
//   v_rand_max, v_info_max  the same of the border's probability, as the challenge does it: a pixel is border where the
//                           probability is at least t, for t = 0, 0.1, ... 1; the largest of these eleven means over
//                           images. MetricResult::threshold is the t that reached it, of equal ones the nearest to 1/2.
//   pixel_error             share of pixels with the wrong class
//   warping_error           Jain et al., CVPR 2010: the truth's border is moved pixel by pixel towards the predicted
//                           one as long as its topology stays (cells by edges, border by corners; outside is border);
//                           the share of pixels that still differ. Pixels are tried in turn until none moves: an upper
//                           bound of the least error.
//   ece, mce                Guo, Pleiss, Sun and Weinberger, ICML 2017: 15 bins of equal width by the confidence in the
//                           predicted class; the mean over pixels, and the largest over bins, of |accuracy -
//                           confidence|.
// All but cross_entropy, the two distances are 0 to 1; 1 is best but for the errors. Where nothing says otherwise, a
// class that neither truth nor prediction has is left out, and a score of nothing is NaN.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "inlay/metrics.h"

namespace inlay {

struct MetricInfo {
  std::string_view name;       // as above
  std::string_view about;      // a few words
  std::string_view class_key;  // what the score of one class is called; "": there is none
  bool higher_is_better = true;
  bool needs_logits = false;
};

/// All of them, in the order above.
const std::vector<MetricInfo>& metric_infos();
/// Throws InputError, with the nearest name, when there is no such metric.
const MetricInfo& metric_info(std::string_view name);
/// The names in a list such as "mean_iou,pq"; "default" and "all" stand for several, "miou" for mean_iou and "map" for
/// mean_average_precision. `logits`: whether there will be some; without, "default" and "all" are what needs none, and
/// to ask for another throws InputError. So does an unknown name.
std::vector<std::string> parse_metrics(std::string_view list, bool logits);

struct ScorerOptions {
  std::vector<std::string> metrics;  // names as above
  std::vector<std::string> classes;  // names of those that the truth may hold
  std::int64_t labels = 0;           // that a prediction may hold, from 0; 0: as many as there are classes
  AbsentPolicy absent = AbsentPolicy::skip;
  VoidPolicy void_pixels = VoidPolicy::ignore;
};

struct MetricResult {
  std::string name;
  double value = 0;                   // NaN: none
  std::vector<double> classes;        // in the order of the names; empty for a metric that has none by class
  std::optional<double> threshold{};  // of a probability, where the value is the best over several
};

struct ImageScore {
  std::string name;  // the stem
  double mean_iou = 0, pixel_accuracy = 0;
  std::int64_t pixels = 0;  // that count
};

struct ImageMaterial;
class MetricFamily;

class Scorer {
 public:
  /// Throws InputError for an unknown metric, and for no class or more than 255.
  explicit Scorer(ScorerOptions options);
  ~Scorer();
  Scorer(Scorer&&) noexcept;
  Scorer& operator=(Scorer&&) noexcept;

  /// Counts an image. `logits` (K, H, W), K labels, or 1 for two: what the net says before softmax or sigmoid. Throws
  /// InputError as ConfusionMatrix::add(), and when a metric needs logits and there are none.
  const ImageScore& add(std::string name, const Mask& prediction, const Mask& truth, const Tensor* logits = nullptr);

  const ScorerOptions& options() const { return options_; }
  std::int64_t images() const { return static_cast<std::int64_t>(per_image_.size()); }
  const std::vector<ImageScore>& per_image() const { return per_image_; }
  const ConfusionMatrix& confusion() const { return confusion_; }
  /// Of all images; NaN without logits.
  double cross_entropy() const;

  /// In the order of options().metrics.
  std::vector<MetricResult> results() const;
  /// Of images that are taken as often as `times` says, one number for each.
  std::vector<MetricResult> results(std::span<const double> times) const;
  /// Of one image.
  std::vector<MetricResult> results_of(std::int64_t image) const;

  /// Sums of the counts, a list for each family of metrics: what results_of_sums() makes scores of.
  using Sums = std::vector<std::vector<double>>;
  const Sums& counts(std::int64_t image) const { return counts_.at(static_cast<std::size_t>(image)); }
  std::vector<MetricResult> results_of_sums(const Sums& sums) const;

 private:
  struct Family;
  ScorerOptions options_;
  std::vector<Family> families_;
  std::vector<Sums> counts_;  // by image
  std::vector<ImageScore> per_image_;
  ConfusionMatrix confusion_;
  double loss_ = 0;
  std::int64_t loss_pixels_ = 0;
};

}  // namespace inlay
