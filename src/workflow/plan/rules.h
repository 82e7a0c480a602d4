// The rules by which settings are chosen. Each is a function of what it is given alone, and gives its reason.
//
// Patch, depth and batch follow nnU-Net (Isensee, Jaeger, Kohl, Petersen and Maier-Hein, Nature Methods 18, 2021,
// "Rule-based parameters"): patches as large as the median image and memory allow, halvings as long as the lowest map
// stays large enough, the smaller the patches the more of them a step. There the limit is a GPU's memory, here it is
// the time that a processor needs.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "inlay/model.h"
#include "inlay/plan.h"

namespace inlay::workflow {

template <class T>
struct Reasoned {
  T value;
  std::string why;
};

/// cross_entropy, with Dice where a class is rare (nnU-Net adds it always; Milletari, Navab and Ahmadi 2016).
Reasoned<std::string> choose_loss(const Fingerprint& print);
/// enet where a class is so rare that Dice alone may leave it out: below 1 % of the pixels, of two classes below 0.2 %.
Reasoned<std::string> choose_class_weights(const Fingerprint& print);
/// Of the optimiser by name.
Reasoned<double> choose_weight_decay(const std::string& optimizer);
Reasoned<double> choose_learning_rate(const std::string& optimizer);
/// Steps, of so many in all.
Reasoned<std::int64_t> choose_warmup(std::int64_t steps);
/// The decay of the weights' average, of a run of so many steps.
Reasoned<double> choose_average(std::int64_t steps);
/// Batches for batch norm's statistics before a validation, in epochs of so many steps.
Reasoned<std::int64_t> choose_statistics(std::int64_t epoch_steps);

/// The median image, at most 512x512, before the net's own rule of sizes.
ImageSize largest_patch(const Fingerprint& print);
/// No patch is cut smaller than this: 64 pixels, and twice the side of an object of the middle class by size.
std::int64_t smallest_side(const Fingerprint& print);
/// The sides that the net takes: the next smaller one where that loses less than an eighth, else the next larger.
ImageSize fit_patch(const ImageSize& wanted, const SizeRule& rule);
/// Halvings of a U-Net: as many as leave 8 pixels a side, 1 to 5 (nnU-Net stops at 4).
std::int64_t choose_depth(const ImageSize& patch);
/// About 650,000 pixels a step, 2 to 16 patches, and no more than a quarter of the images.
std::int64_t largest_batch(const ImageSize& patch, std::int64_t images);

/// What trains: a point of the search.
struct Candidate {
  ImageSize patch;
  std::int64_t batch = 1;
  std::int64_t depth = 0, width = 0;  // of a U-Net; 0 for another net
  bool operator==(const Candidate&) const = default;
};

/// What the user or the net has fixed.
struct Fixed {
  std::optional<ImageSize> patch;
  std::optional<std::int64_t> batch, depth, width;
  bool unet = false;  // width and depth are to be chosen where they are not fixed
  SizeRule rule;      // of a net whose depth is not chosen
};

/// In the order in which they are preferred: large patches, large batches, wide nets first; nets narrower than 16 come
/// last.
std::vector<Candidate> list_candidates(const Fingerprint& print, const Fixed& fixed);

/// Seconds that a training step takes for a pixel of the batch, by the width of the net.
struct Speed {
  struct Point {
    double width, seconds;
  };
  std::vector<Point> points;  // one or two

  /// A power of the width through both points; through one alone, width^1.6.
  double at(double width) const;
  double step(const Candidate& candidate) const;
};

/// Steps that a candidate has to get: every image 20 times, but 1000 to 5000 steps.
std::int64_t enough_steps(std::int64_t images, std::int64_t batch);

/// The first candidate that gets its steps in `seconds` and fits into memory; where none does, the one that comes
/// nearest. `needed`: steps of a candidate, as enough_steps(). `fits`: whether there is memory for it.
Candidate choose_candidate(std::span<const Candidate> candidates, const Speed& speed, double seconds,
                           const std::function<std::int64_t(const Candidate&)>& needed,
                           const std::function<bool(const Candidate&)>& fits);

}  // namespace inlay::workflow
