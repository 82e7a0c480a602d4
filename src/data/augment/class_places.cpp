#include "data/augment/class_places.h"

#include "base/fail.h"
#include "data/parallel.h"

namespace inlay {
namespace {

struct ClassPixels {
  std::int64_t count = 0;
  std::vector<Focus> some;  // each pixel of the class as likely (Vitter 1985, algorithm R)
};

std::vector<ClassPixels> look_at(const Mask& mask, std::int64_t classes, std::uint64_t key) {
  constexpr std::int64_t kKept = 32;
  std::vector<ClassPixels> out(static_cast<std::size_t>(classes));
  Rng rng(key);
  const std::uint8_t* label = mask.labels.data<std::uint8_t>().data();
  for (std::int64_t y = 0; y < mask.height(); ++y)
    for (std::int64_t x = 0; x < mask.width(); ++x, ++label) {
      if (*label == kIgnore) continue;
      ClassPixels& pixels = out[*label];
      if (++pixels.count <= kKept) {
        pixels.some.push_back({y, x});
        continue;
      }
      const std::int64_t place = rng.below(pixels.count);
      if (place < kKept) pixels.some[static_cast<std::size_t>(place)] = {y, x};
    }
  return out;
}

}  // namespace

ClassPlaces::ClassPlaces(const Dataset& dataset, Split split, std::uint64_t seed) {
  const std::int64_t images = dataset.size(split), count = dataset.classes().size();
  std::vector<std::vector<ClassPixels>> all(static_cast<std::size_t>(images));
  for_each_parallel(images, [&](std::int64_t i) {
    all[static_cast<std::size_t>(i)] =
        look_at(dataset.read_mask(split, i), count, mix_keys(seed, static_cast<std::uint64_t>(i)));
  });
  classes_.resize(static_cast<std::size_t>(count));
  std::vector<std::int64_t> pixels(classes_.size());
  std::int64_t total = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (std::size_t c = 0; c < classes_.size(); ++c) {
      ClassPixels& found = all[i][c];
      if (found.count == 0) continue;
      pixels[c] += found.count;
      total += found.count;
      classes_[c].push_back({static_cast<std::int64_t>(i), std::move(found.some)});
    }
  for (std::size_t c = 0; c < classes_.size(); ++c) {
    if (pixels[c] == 0) continue;
    present_.push_back(static_cast<std::uint8_t>(c));
    if (2 * pixels[c] * count < total) rare_.push_back(static_cast<std::uint8_t>(c));
  }
  if (present_.empty())
    fail_input("the masks of '{}' hold ignored pixels only; there is no class to draw patches of",
               dataset.root().string());
}

ClassPlaces::Place ClassPlaces::draw_of(std::uint8_t label, Rng& rng) const {
  const auto& images = classes_[label];
  const Pixels& pixels = images[static_cast<std::size_t>(below(images, rng))];
  return {pixels.image, pixels.some[static_cast<std::size_t>(below(pixels.some, rng))]};
}

}  // namespace inlay
