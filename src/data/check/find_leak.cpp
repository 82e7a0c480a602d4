// Does the image show its own mask?
#include <algorithm>
#include <cmath>
#include <map>

#include "base/fail.h"
#include "data/check/survey.h"

namespace inlay {
namespace {

constexpr std::int64_t kMostChannels = 16;

/// Every so many-th pixel, as floats.
struct Grid {
  std::vector<std::vector<float>> channels;
  std::vector<std::uint8_t> labels;
};

template <class T>
Grid thinned(const Image& image, const Mask& mask) {
  constexpr std::int64_t kLookedAt = 1 << 15;
  Grid grid;
  const std::int64_t pixels = mask.height() * mask.width(), step = 1 + pixels / kLookedAt;
  const std::int64_t channels = image.channels(), looked_at = std::min(channels, kMostChannels);
  grid.channels.resize(static_cast<std::size_t>(looked_at));
  const T* values = image.pixels.data<T>().data();
  const std::uint8_t* labels = mask.labels.data<std::uint8_t>().data();
  for (std::int64_t i = 0; i < pixels; i += step) {
    if (labels[i] == kIgnore) continue;
    grid.labels.push_back(labels[i]);
    for (std::int64_t c = 0; c < looked_at; ++c)
      grid.channels[static_cast<std::size_t>(c)].push_back(static_cast<float>(values[i * channels + c]));
  }
  return grid;
}

/// Pearson's, of values and "has this label".
double correlation(const std::vector<float>& values, const std::vector<std::uint8_t>& labels, std::uint8_t label) {
  const auto n = static_cast<double>(values.size());
  double sum = 0.0, squares = 0.0, inside = 0.0, count = 0.0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto value = static_cast<double>(values[i]);
    sum += value;
    squares += value * value;
    if (labels[i] != label) continue;
    inside += value;
    count += 1.0;
  }
  const double variance = squares - sum * sum / n, spread = count - count * count / n;
  // Fewer pixels than this prove nothing.
  if (count < 32.0 || n - count < 32.0 || variance <= 1e-9 * squares) return 0.0;
  return (inside - count * sum / n) / std::sqrt(variance * spread);
}

std::vector<float> difference(const std::vector<float>& a, const std::vector<float>& b) {
  std::vector<float> out(a.size());
  std::ranges::transform(a, b, out.begin(), std::minus<>());
  return out;
}

void consider(const std::vector<float>& values, const Grid& grid, const std::string& what, const ClassTable& classes,
              Leak& leak) {
  for (std::size_t c = 0; c < classes.names.size(); ++c) {
    const double found = std::abs(correlation(values, grid.labels, static_cast<std::uint8_t>(c)));
    if (found <= leak.correlation) continue;
    leak = {found, fmt::format("{} is class '{}' (correlation {:.3f})", what, classes.names[c], found)};
  }
}

/// The pixels of a class that touch another one have one strong colour, which is rare elsewhere: an outline was drawn.
std::string drawn_outline(const Image& image, const Mask& mask, const ClassTable& classes) {
  if (image.channels() != 3 || image.pixels.type() != DType::u8) return "";
  const std::int64_t height = mask.height(), width = mask.width();
  const std::uint8_t* label = mask.labels.data<std::uint8_t>().data();
  const std::uint8_t* rgb = image.pixels.data<std::uint8_t>().data();
  struct Counts {
    std::int64_t border = 0, elsewhere = 0;
  };
  std::map<std::pair<std::uint8_t, int>, Counts> colours;  // label and colour in steps of 16
  std::map<std::uint8_t, Counts> all;
  for (std::int64_t y = 1; y + 1 < height; ++y)
    for (std::int64_t x = 1; x + 1 < width; ++x) {
      const std::int64_t i = y * width + x;
      if (label[i] == kIgnore) continue;
      const bool border = label[i - 1] != label[i] || label[i + 1] != label[i] || label[i - width] != label[i] ||
                          label[i + width] != label[i];
      const auto [least, most] = std::minmax({rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]});
      ++(border ? all[label[i]].border : all[label[i]].elsewhere);
      if (most - least < 80) continue;
      const int colour = rgb[3 * i] / 16 << 8 | rgb[3 * i + 1] / 16 << 4 | rgb[3 * i + 2] / 16;
      Counts& counts = colours[{label[i], colour}];
      ++(border ? counts.border : counts.elsewhere);
    }
  for (const auto& [key, counts] : colours) {
    const Counts& whole = all[key.first];
    if (whole.border < 64 || whole.elsewhere < 64) continue;
    if (5 * counts.border > 3 * whole.border && 20 * counts.elsewhere < whole.elsewhere)
      return fmt::format("the outline of class '{}' is drawn in one colour", classes.names[key.first]);
  }
  return "";
}

}  // namespace

Leak find_leak(const Image& image, const Mask& mask, const ClassTable& classes) {
  const Grid grid = image.pixels.type() == DType::u8 ? thinned<std::uint8_t>(image, mask) : thinned<float>(image, mask);
  Leak leak;
  for (std::size_t c = 0; c < grid.channels.size(); ++c) {
    consider(grid.channels[c], grid, fmt::format("channel {} of the image", c + 1), classes, leak);
    for (std::size_t other = 0; other < c && grid.channels.size() <= 4; ++other)
      consider(difference(grid.channels[c], grid.channels[other]), grid,
               fmt::format("the difference of channels {} and {}", other + 1, c + 1), classes, leak);
  }
  if (leak.correlation >= kLeakCorrelation) return leak;
  if (const std::string outline = drawn_outline(image, mask, classes); !outline.empty()) return {1.0, outline};
  return {leak.correlation, ""};
}

}  // namespace inlay
