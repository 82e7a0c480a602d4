#include <algorithm>

#include "base/fail.h"
#include "data/labelling.h"
#include "data/unknown_labels.h"

namespace inlay {
namespace {

// "0-10, 255"
std::string list_values(const std::vector<std::int16_t>& values) {
  std::vector<std::string> runs;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i] == LabelMap::kOutside) continue;
    const std::size_t first = i;
    while (i + 1 < values.size() && values[i + 1] != LabelMap::kOutside) ++i;
    runs.push_back(first == i ? fmt::format("{}", i) : fmt::format("{}-{}", first, i));
  }
  return fmt::format("{}", fmt::join(runs, ", "));
}

class Pixels {
 public:
  Pixels(const RawMask& raw, const std::filesystem::path& path) : raw_(raw), path_(path) {}

  std::string where(std::size_t i) const {
    const auto width = static_cast<std::size_t>(raw_.values.shape()[1]);
    return fmt::format("x {}, y {}", i % width, i / width);
  }

  std::string about_value(std::size_t i, std::int32_t value, const LabelMap& map) const {
    return fmt::format(
        "the mask '{}' has the value {} at {}, which is no class (values that are: {}); correct the mask, or name the "
        "value in classes.txt or dataset.toml",
        path_.string(), value, where(i), list_values(map.values));
  }

  std::string about_color(std::size_t i, std::int32_t color, const LabelMap& map) const {
    const std::string got = fmt::format("{} {} {}", color >> 16, color >> 8 & 255, color & 255);
    if (map.colors.empty())
      return fmt::format(
          "the mask '{}' is a colour picture ({} at {}) and nothing says which class a colour is; write classes.txt "
          "with lines 'index name r g b'",
          path_.string(), got, where(i));
    return fmt::format(
        "the mask '{}' has the colour {} at {}, which is no class in classes.txt or dataset.toml; correct the mask, or "
        "add the colour",
        path_.string(), got, where(i));
  }

 private:
  const RawMask& raw_;
  const std::filesystem::path& path_;
};

std::int16_t label_of_color(std::int32_t color, const LabelMap& map) {
  const auto found = map.colors.find(color);
  return found == map.colors.end() ? LabelMap::kOutside : found->second;
}

}  // namespace

bool is_grey(const RawMask& raw) {
  return std::ranges::all_of(raw.values.data<std::int32_t>(), [](std::int32_t color) {
    return (color >> 16) == (color & 255) && (color >> 8 & 255) == (color & 255);
  });
}

Mask LabelMap::apply(const RawMask& raw, const std::filesystem::path& path) const {
  Mask mask{Tensor(DType::u8, raw.values.shape())};
  auto in = raw.values.data<std::int32_t>();
  auto out = mask.labels.data<std::uint8_t>();
  // Grey in three channels is looked up by value, unless the table knows it as colours.
  const bool by_color =
      raw.kind == RawMask::Kind::rgb &&
      (!is_grey(raw) || std::ranges::all_of(in, [&](std::int32_t color) { return colors.contains(color); }));
  const std::int32_t bits = raw.kind == RawMask::Kind::rgb ? 255 : 65535;
  std::int64_t unknown = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::int16_t label = by_color ? label_of_color(in[i], *this) : values[static_cast<std::size_t>(in[i] & bits)];
    if (label == kOutside && unknown++ == 0) first = i;
    out[i] = label == kOutside ? kIgnore : static_cast<std::uint8_t>(label);
  }
  if (unknown == 0) return mask;
  const Pixels pixels(raw, path);
  throw UnknownLabels(
      by_color ? pixels.about_color(first, in[first], *this) : pixels.about_value(first, in[first] & bits, *this),
      std::move(mask), unknown);
}

}  // namespace inlay
