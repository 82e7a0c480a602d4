#include "inlay/split.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <regex>

#include "base/fail.h"
#include "base/rng.h"
#include "data/parallel.h"

namespace inlay {
namespace {

// Samples that stay together.
struct Group {
  std::vector<std::size_t> samples;
  std::vector<std::int64_t> images;  // per class: how many of the samples hold it
};

std::string group_name(const std::string& name, const std::regex& expression, const std::string& text) {
  std::smatch match;
  if (!std::regex_search(name, match, expression))
    fail_input("the expression '{}' that groups the samples finds nothing in the name '{}'", text, name);
  return match.size() > 1 ? match[1].str() : match[0].str();
}

std::vector<std::vector<std::size_t>> together(const std::vector<std::string>& names, const std::string& group_by) {
  std::vector<std::vector<std::size_t>> groups;
  if (group_by.empty()) {
    for (std::size_t i = 0; i < names.size(); ++i) groups.push_back({i});
    return groups;
  }
  std::map<std::string, std::vector<std::size_t>> by_name;
  try {
    const std::regex expression(group_by);
    for (std::size_t i = 0; i < names.size(); ++i) by_name[group_name(names[i], expression, group_by)].push_back(i);
  } catch (const std::regex_error& error) {
    fail_input("the expression '{}' that groups the samples cannot be understood: {}", group_by, error.what());
  }
  for (auto& [name, samples] : by_name) groups.push_back(std::move(samples));
  return groups;
}

// Per sample and class: 1 where the mask holds it.
std::vector<std::vector<std::int64_t>> classes_held(const Dataset& dataset, std::int64_t count) {
  std::vector<std::vector<std::int64_t>> held(static_cast<std::size_t>(count));
  for_each_parallel(count, [&](std::int64_t i) {
    auto& classes = held[static_cast<std::size_t>(i)];
    classes.resize(static_cast<std::size_t>(dataset.classes().size()));
    const Mask mask = dataset.read_mask(Split::all, i);
    for (std::uint8_t label : mask.labels.data<std::uint8_t>())
      if (label != kIgnore) classes[label] = 1;
  });
  return held;
}

std::vector<Group> groups_of(const Dataset& dataset, std::int64_t count, const DealOptions& options) {
  const auto held = classes_held(dataset, count);
  std::vector<std::string> names = dataset.names(Split::all);
  names.resize(static_cast<std::size_t>(count));
  std::vector<Group> groups;
  for (auto& samples : together(names, options.group_by)) {
    Group group{std::move(samples), std::vector<std::int64_t>(static_cast<std::size_t>(dataset.classes().size()))};
    for (std::size_t sample : group.samples)
      for (std::size_t c = 0; c < group.images.size(); ++c) group.images[c] += held[sample][c];
    groups.push_back(std::move(group));
  }
  Rng rng(options.seed);
  shuffle(groups, rng);
  std::ranges::stable_sort(groups, std::greater<>(), [](const Group& group) { return group.samples.size(); });
  return groups;
}

// How much each part still lacks, and what it got.
class Dealer {
 public:
  Dealer(const std::vector<Group>& groups, const std::vector<double>& shares)
      : groups_(groups), part_(groups.size(), -1), samples_(shares.size()), parts_(shares.size()) {
    std::vector<double> all(groups.front().images.size());
    double samples = 0;
    for (const Group& group : groups) {
      samples += static_cast<double>(group.samples.size());
      for (std::size_t c = 0; c < all.size(); ++c) all[c] += static_cast<double>(group.images[c]);
    }
    for (std::size_t p = 0; p < shares.size(); ++p) {
      samples_[p] = shares[p] * samples;
      images_.emplace_back();
      for (double images : all) images_[p].push_back(shares[p] * images);
    }
  }

  std::vector<int> deal() {
    for (std::size_t c = rarest(); c != kNone; c = rarest())
      for (std::size_t g = 0; g < groups_.size(); ++g)
        if (part_[g] < 0 && groups_[g].images[c] > 0) give(g, neediest(c));
    for (std::size_t g = 0; g < groups_.size(); ++g)
      if (part_[g] < 0) give(g, neediest(kNone));
    fill_empty();
    return part_;
  }

 private:
  static constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

  // The class that the fewest images hold of those that are left.
  std::size_t rarest() const {
    std::size_t best = kNone;
    std::int64_t fewest = std::numeric_limits<std::int64_t>::max();
    for (std::size_t c = 0; c < groups_.front().images.size(); ++c) {
      std::int64_t images = 0;
      for (std::size_t g = 0; g < groups_.size(); ++g)
        if (part_[g] < 0) images += groups_[g].images[c];
      if (images > 0 && images < fewest) {
        fewest = images;
        best = c;
      }
    }
    return best;
  }

  // Of the class, then of samples in all; the first of equals.
  std::size_t neediest(std::size_t c) const {
    std::size_t best = 0;
    const auto need = [&](std::size_t p) { return std::pair(c == kNone ? 0.0 : images_[p][c], samples_[p]); };
    for (std::size_t p = 1; p < samples_.size(); ++p)
      if (need(p) > need(best)) best = p;
    return best;
  }

  void give(std::size_t g, std::size_t p) {
    part_[g] = static_cast<int>(p);
    ++parts_[p];
    samples_[p] -= static_cast<double>(groups_[g].samples.size());
    for (std::size_t c = 0; c < images_[p].size(); ++c) images_[p][c] -= static_cast<double>(groups_[g].images[c]);
  }

  // A small share of few groups may have got none: it takes the smallest of the part with the most groups.
  void fill_empty() {
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      if (parts_[p] > 0) continue;
      const auto richest = std::ranges::max_element(parts_) - parts_.begin();
      for (std::size_t g = groups_.size(); g-- > 0;)
        if (part_[g] == richest) {
          --parts_[static_cast<std::size_t>(richest)];
          give(g, p);
          break;
        }
    }
  }

  const std::vector<Group>& groups_;
  std::vector<int> part_;                    // of each group; -1: not dealt yet
  std::vector<double> samples_;              // that each part still lacks
  std::vector<std::vector<double>> images_;  // per part and class: images that it still lacks
  std::vector<std::int64_t> parts_;          // groups that each part has
};

// The part of each of the first `count` samples of the whole set.
std::vector<int> deal(const Dataset& dataset, std::int64_t count, const std::vector<double>& shares,
                      const DealOptions& options) {
  if (count < std::ssize(shares))
    fail_input("'{}' has {} samples to deal out, which is too few for {} parts", dataset.root().string(), count,
               shares.size());
  const std::vector<Group> groups = groups_of(dataset, count, options);
  if (groups.size() < shares.size())
    fail_input("the samples of '{}' make {} groups by '{}', which is too few for {} parts", dataset.root().string(),
               groups.size(), options.group_by, shares.size());
  const std::vector<int> parts = Dealer(groups, shares).deal();
  std::vector<int> out(static_cast<std::size_t>(count));
  for (std::size_t g = 0; g < groups.size(); ++g)
    for (std::size_t sample : groups[g].samples) out[sample] = parts[g];
  return out;
}

}  // namespace

std::vector<int> assign_folds(const Dataset& dataset, std::int64_t folds, const DealOptions& options) {
  if (folds < 2) fail_input("{} folds were asked for, expected 2 or more", folds);
  if (folds > dataset.size(Split::all))
    fail_input("'{}' has {} samples, which is too few for {} folds", dataset.root().string(), dataset.size(Split::all),
               folds);
  const std::vector<double> shares(static_cast<std::size_t>(folds), 1.0 / static_cast<double>(folds));
  std::vector<int> out = deal(dataset, dataset.size(Split::train) + dataset.size(Split::val), shares, options);
  out.resize(static_cast<std::size_t>(dataset.size(Split::all)), -1);
  return out;
}

std::vector<Split> fold_parts(const std::vector<int>& folds, int fold) {
  std::vector<Split> parts;
  for (int one : folds) parts.push_back(one < 0 ? Split::test : one == fold ? Split::val : Split::train);
  return parts;
}

std::vector<Split> assign_parts(const Dataset& dataset, const Shares& shares, const DealOptions& options) {
  if (!(shares.val >= 0 && shares.test >= 0 && shares.val + shares.test < 1))
    fail_input("the shares of val and test are {} and {}; expected 0 or more, and below 1 together", shares.val,
               shares.test);
  std::vector<Split> splits{Split::train};
  std::vector<double> wanted{1 - shares.val - shares.test};
  for (const auto& [split, share] : {std::pair(Split::val, shares.val), std::pair(Split::test, shares.test)})
    if (share > 0) {
      splits.push_back(split);
      wanted.push_back(share);
    }
  std::vector<Split> out;
  for (int part : deal(dataset, dataset.size(Split::all), wanted, options))
    out.push_back(splits[static_cast<std::size_t>(part)]);
  return out;
}

}  // namespace inlay
