// Where in a data set the pixels of each class are.
#pragma once

#include "base/rng.h"
#include "data/augment/warp.h"

namespace inlay {

/// Some pixels of every class of every image, drawn once. Reads every mask.
class ClassPlaces {
 public:
  ClassPlaces(const Dataset& dataset, Split split, std::uint64_t seed);

  struct Place {
    std::int64_t image = 0;
    Focus focus;
  };
  /// Every class that an image holds is as likely as the others, and of a class every image that holds it.
  Place draw(Rng& rng) const { return draw_of(present_[static_cast<std::size_t>(below(present_, rng))], rng); }

  /// A rare class has less than half of the pixels that it would have if all had as many.
  bool has_rare() const { return !rare_.empty(); }
  std::uint8_t draw_rare(Rng& rng) const { return rare_[static_cast<std::size_t>(below(rare_, rng))]; }
  Place draw_of(std::uint8_t label, Rng& rng) const;

 private:
  struct Pixels {
    std::int64_t image;
    std::vector<Focus> some;
  };
  template <class Range>
  static std::int64_t below(const Range& range, Rng& rng) {
    return rng.below(static_cast<std::int64_t>(range.size()));
  }

  std::vector<std::vector<Pixels>> classes_;
  std::vector<std::uint8_t> present_, rare_;
};

}  // namespace inlay
