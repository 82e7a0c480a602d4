#include "workflow/plan/rules.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/fail.h"

namespace inlay::workflow {
namespace {

/// The class with the fewest pixels among those that there are.
const Fingerprint::Class* rarest(const Fingerprint& print) {
  const Fingerprint::Class* found = nullptr;
  for (const Fingerprint::Class& entry : print.classes)
    if (entry.share > 0 && (found == nullptr || entry.share < found->share)) found = &entry;
  return found;
}

std::string percent(double share) { return fmt::format("{:.2g} %", 100 * share); }

}  // namespace

Reasoned<std::string> choose_loss(const Fingerprint& print) {
  constexpr double kRare = 0.1;
  const Fingerprint::Class* least = rarest(print);
  if (least == nullptr || least->share >= kRare) return {"cross_entropy", "no class is rare"};
  return {"cross_entropy+dice",
          fmt::format("'{}' has {} of the pixels: Dice counts classes alike", least->name, percent(least->share))};
}

Reasoned<std::string> choose_class_weights(const Fingerprint& print) {
  const double rare =
      std::ranges::count_if(print.classes, [](const auto& one) { return one.share > 0; }) > 2 ? 0.01 : 0.002;
  const Fingerprint::Class* least = rarest(print);
  if (least == nullptr || least->share >= rare)
    return {"none", "no class is below " + percent(rare) + " of the pixels"};
  return {"enet", fmt::format("'{}' has only {} of the pixels", least->name, percent(least->share))};
}

Reasoned<double> choose_weight_decay(const std::string& optimizer) {
  if (optimizer == "adamw") return {0.01, "usual with adamw (Loshchilov and Hutter 2019)"};
  return {0, fmt::format("{} does without", optimizer)};
}

Reasoned<double> choose_learning_rate(const std::string& optimizer) {
  if (optimizer == "sgd") return {0.01, "usual with sgd"};
  return {0.001, fmt::format("usual with {} (Kingma and Ba 2015)", optimizer)};
}

Reasoned<std::int64_t> choose_warmup(std::int64_t steps) {
  return {std::clamp<std::int64_t>(steps / 20, 0, 500), "a twentieth of all steps (Goyal et al. 2017)"};
}

Reasoned<double> choose_average(std::int64_t steps) {
  constexpr std::int64_t kShort = 10, kLong = 1000;
  const auto window = static_cast<double>(std::clamp<std::int64_t>(steps / 50, kShort, kLong));
  return {std::round(1000 * (1 - 1 / window)) / 1000,
          "averages over a fiftieth of all steps (Polyak and Juditsky 1992)"};
}

Reasoned<std::int64_t> choose_statistics(std::int64_t epoch_steps) {
  constexpr std::int64_t kMost = 10, kShare = 16;
  return {std::min(kMost, epoch_steps / kShare), "the averaged weights' own; a sixteenth of an epoch at most"};
}

ImageSize largest_patch(const Fingerprint& print) {
  constexpr std::int64_t kLargest = 512;
  return {std::min(print.median.height, kLargest), std::min(print.median.width, kLargest)};
}

std::int64_t smallest_side(const Fingerprint& print) {
  constexpr std::int64_t kSmallest = 64;
  std::vector<double> sides;
  for (const Fingerprint::Class& entry : print.classes)
    if (entry.objects > 0) sides.push_back(entry.object_side);
  if (sides.empty()) return kSmallest;
  std::ranges::sort(sides);
  return std::max(kSmallest, static_cast<std::int64_t>(2 * sides[sides.size() / 2]));
}

ImageSize fit_patch(const ImageSize& wanted, const SizeRule& rule) {
  const auto side = [&](std::int64_t length) {
    const std::int64_t larger = rule.fit(length), smaller = larger - rule.multiple;
    const bool good = larger > length && smaller >= rule.least && rule.fit(smaller) == smaller;
    return good && 8 * (length - smaller) < length ? smaller : larger;
  };
  return {side(wanted.height), side(wanted.width)};
}

std::int64_t choose_depth(const ImageSize& patch) {
  constexpr std::int64_t kLowest = 8, kDeepest = 5;
  std::int64_t depth = 1;
  while (depth < kDeepest && std::min(patch.height, patch.width) >> (depth + 1) >= kLowest) ++depth;
  return depth;
}

std::int64_t largest_batch(const ImageSize& patch, std::int64_t images) {
  constexpr double kPixels = 10 * 256 * 256;
  const auto by_pixels = std::lround(kPixels / static_cast<double>(patch.height * patch.width));
  const std::int64_t by_images = std::min(images, std::max<std::int64_t>(2, images / 4));
  return std::clamp<std::int64_t>(std::min<std::int64_t>(by_pixels, by_images), std::min<std::int64_t>(2, images), 16);
}

std::vector<Candidate> list_candidates(const Fingerprint& print, const Fixed& fixed) {
  constexpr std::array<std::int64_t, 5> kWide{64, 48, 32, 24, 16};
  constexpr std::array<std::int64_t, 2> kNarrow{12, 8};
  const std::int64_t least = smallest_side(print);
  std::vector<ImageSize> patches;
  if (fixed.patch)
    patches = {*fixed.patch};
  else
    for (ImageSize size = largest_patch(print); patches.empty() || (size.height >= least && size.width >= least);
         size = {size.height / 2, size.width / 2})
      patches.push_back(size);
  std::vector<Candidate> list;
  const auto add = [&](std::span<const std::int64_t> widths) {
    for (const ImageSize& patch : patches)
      for (const bool small : {false, true})
        for (const std::int64_t width : widths) {
          Candidate one{.patch = patch};
          SizeRule rule = fixed.rule;
          if (fixed.unet) {
            one.depth = fixed.depth.value_or(choose_depth(patch));
            one.width = fixed.width.value_or(width);
            rule = {.multiple = std::int64_t{1} << one.depth};
          }
          if (!fixed.patch) one.patch = fit_patch(patch, rule);
          const std::int64_t most = largest_batch(one.patch, print.train_images);
          one.batch = fixed.batch.value_or(small ? std::min<std::int64_t>(4, most) : most);
          if (std::ranges::find(list, one) == list.end()) list.push_back(one);
        }
  };
  add(kWide);
  add(kNarrow);
  return list;
}

double Speed::at(double width) const {
  constexpr double kPower = 1.6;
  const Point& a = points.front();
  if (width == a.width || a.width == 0) return a.seconds;
  const Point& b = points.back();
  const double power = b.width == a.width ? kPower : std::log(b.seconds / a.seconds) / std::log(b.width / a.width);
  return a.seconds * std::pow(width / a.width, std::clamp(power, 0.5, 2.0));
}

double Speed::step(const Candidate& candidate) const {
  const auto pixels = static_cast<double>(candidate.batch * candidate.patch.height * candidate.patch.width);
  return pixels * at(static_cast<double>(candidate.width));
}

std::int64_t enough_steps(std::int64_t images, std::int64_t batch) {
  constexpr std::int64_t kPasses = 20, kFewest = 1000, kMost = 5000;
  return std::clamp(kPasses * images / batch, kFewest, kMost);
}

Candidate choose_candidate(std::span<const Candidate> candidates, const Speed& speed, double seconds,
                           const std::function<std::int64_t(const Candidate&)>& needed,
                           const std::function<bool(const Candidate&)>& fits) {
  Candidate best = candidates.back();
  double nearest = 0;
  for (const Candidate& one : candidates) {
    const double share = seconds / speed.step(one) / static_cast<double>(needed(one));
    if (share <= nearest || !fits(one)) continue;
    if (share >= 1) return one;
    best = one;
    nearest = share;
  }
  return best;
}

}  // namespace inlay::workflow
