// A model's scores as one HTML file that needs nothing else, and the parts that it is made of.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "inlay/calibration.h"
#include "inlay/report.h"
#include "inlay/workflow.h"

namespace inlay {

/// What the scores depend on, collected image by image.
class ReportMaterial {
 public:
  /// Objects are the regions of all classes but the background (inlay/scorer.h).
  explicit ReportMaterial(const std::vector<std::string>& classes);

  /// logits (K, H, W).
  void add(const Mask& truth, const Mask& prediction, const Tensor& logits);

  /// A sum over things of one kind, and their number.
  struct Bin {
    double sum = 0, count = 0;
  };
  static constexpr std::size_t kSizes = 9;      // 1 to 3 pixels, 4 to 15, 16 to 63, ... by powers of four
  static constexpr std::size_t kDistances = 8;  // up to 1 pixel, 2, 4, ... 64, and beyond

  /// By the size of an object, the share of its pixels that was given its class.
  const std::array<Bin, kSizes>& sizes() const { return sizes_; }
  /// By the distance to the nearest pixel of another label, the pixels that were right.
  const std::array<Bin, kDistances>& distances() const { return distances_; }
  const Calibration& calibration() const { return calibration_; }

 private:
  void add_objects(const Mask& truth, const Mask& prediction);
  void add_distances(const Mask& truth, const Mask& prediction);

  std::optional<std::uint8_t> background_;
  std::array<Bin, kSizes> sizes_{};
  std::array<Bin, kDistances> distances_{};
  Calibration calibration_;
};

/// SVG pictures with a caption each; "" when nothing was collected.
std::string size_chart(const ReportMaterial& material);
std::string distance_chart(const ReportMaterial& material);
std::string calibration_chart(const Calibration& calibration);

/// IoU of every class with its interval, accuracy, Dice, pixels, and the further scores by class.
std::string interval_table(const Evaluation& evaluation, const ClassTable& classes);
/// All scores with interval and meaning.
std::string metric_table(const Evaluation& evaluation);

struct EvaluationReport {
  std::string title;
  std::vector<std::pair<std::string, std::string>> facts;
  Evaluation evaluation;
  ClassTable classes;
  std::vector<ReportSample> worst, best;
};
std::string to_html(const EvaluationReport& report, const ReportMaterial& material);

namespace workflow {

/// Writes request.report, with the images of the lowest and the highest mean IoU.
void write_evaluation_report(const EvaluateRequest& request, const Evaluation& evaluation,
                             const ReportMaterial& material, Segmenter& segmenter, const Dataset& dataset);

}  // namespace workflow
}  // namespace inlay
