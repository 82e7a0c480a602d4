#include <algorithm>

#include "base/fail.h"
#include "data/labelling.h"

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

  [[noreturn]] void fail_value(std::size_t i, std::int32_t value, const LabelMap& map) const {
    fail_input(
        "the mask '{}' has the value {} at {}, which is no class (values that are: {}); correct the mask, or name the "
        "value in "
        "classes.txt or dataset.toml",
        path_.string(), value, where(i), list_values(map.values));
  }

  [[noreturn]] void fail_color(std::size_t i, std::int32_t color, const LabelMap& map) const {
    const std::string got = fmt::format("{} {} {}", color >> 16, color >> 8 & 255, color & 255);
    if (map.colors.empty())
      fail_input(
          "the mask '{}' is a colour picture ({} at {}) and nothing says which class a colour is; write classes.txt "
          "with "
          "lines 'index name r g b'",
          path_.string(), got, where(i));
    fail_input(
        "the mask '{}' has the colour {} at {}, which is no class in classes.txt or dataset.toml; correct the mask, or "
        "add "
        "the colour",
        path_.string(), got, where(i));
  }

 private:
  const RawMask& raw_;
  const std::filesystem::path& path_;
};

}  // namespace

bool is_grey(const RawMask& raw) {
  return std::ranges::all_of(raw.values.data<std::int32_t>(), [](std::int32_t color) {
    return (color >> 16) == (color & 255) && (color >> 8 & 255) == (color & 255);
  });
}

Mask LabelMap::apply(const RawMask& raw, const std::filesystem::path& path) const {
  const Pixels pixels(raw, path);
  Mask mask{Tensor(DType::u8, raw.values.shape())};
  auto in = raw.values.data<std::int32_t>();
  auto out = mask.labels.data<std::uint8_t>();
  bool by_color = raw.kind == RawMask::Kind::rgb;
  if (by_color) {
    const auto unknown = std::ranges::find_if(in, [&](std::int32_t color) { return !colors.contains(color); });
    by_color = unknown == in.end();
    if (!by_color && !is_grey(raw)) pixels.fail_color(static_cast<std::size_t>(unknown - in.begin()), *unknown, *this);
  }
  const std::int32_t bits = raw.kind == RawMask::Kind::rgb ? 255 : 65535;
  for (std::size_t i = 0; i < in.size(); ++i) {
    const std::int16_t label = by_color ? colors.at(in[i]) : values[static_cast<std::size_t>(in[i] & bits)];
    if (label == kOutside) pixels.fail_value(i, in[i] & bits, *this);
    out[i] = static_cast<std::uint8_t>(label);
  }
  return mask;
}

}  // namespace inlay
