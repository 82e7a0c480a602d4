#include "data/labelling.h"

#include <algorithm>
#include <map>

#include "base/fail.h"
#include "data/parallel.h"

namespace inlay {
namespace {

constexpr std::array<int, 2> kWhite{255, 65535};

bool is_white(int value) { return value == kWhite[0] || value == kWhite[1]; }

struct Scan {
  std::map<int, std::int64_t> grey;     // value -> pixels, over the grey masks
  std::map<int, std::int64_t> indexed;  // over the index masks
  std::map<int, std::size_t> first;     // value -> the first mask that holds it
};

// Values of a grey or index mask; an RGB mask counts as grey when it has no colour, else not at all, or throws when
// there is no table to give its colours a meaning.
std::map<int, std::int64_t> count_values(const RawMask& raw, const std::filesystem::path& path, bool has_table) {
  if (raw.kind == RawMask::Kind::rgb && !is_grey(raw)) {
    if (!has_table) LabelMap{}.apply(raw, path);
    return {};
  }
  const std::int32_t bits = raw.kind == RawMask::Kind::rgb ? 255 : 65535;
  std::vector<std::int64_t> counts(65536);
  for (std::int32_t value : raw.values.data<std::int32_t>()) ++counts[static_cast<std::size_t>(value & bits)];
  std::map<int, std::int64_t> out;
  for (int value = 0; value < 65536; ++value)
    if (counts[static_cast<std::size_t>(value)] > 0) out[value] = counts[static_cast<std::size_t>(value)];
  return out;
}

Scan scan_masks(const std::vector<Page>& masks, bool has_table) {
  struct One {
    std::map<int, std::int64_t> counts;
    bool indexed = false;
  };
  std::vector<One> all(masks.size());
  for_each_parallel(static_cast<std::int64_t>(masks.size()), [&](std::int64_t i) {
    const Page& page = masks[static_cast<std::size_t>(i)];
    const RawMask raw = read_raw_mask_page(page);
    all[static_cast<std::size_t>(i)] = {count_values(raw, page.file, has_table), raw.kind == RawMask::Kind::indexed};
  });
  Scan scan;
  for (std::size_t i = 0; i < all.size(); ++i)
    for (const auto& [value, pixels] : all[i].counts) {
      (all[i].indexed ? scan.indexed : scan.grey)[value] += pixels;
      scan.first.emplace(value, i);
    }
  return scan;
}

// stray: black and white but for a few pixels that are neither, so most likely damage.
enum class Binary { no, exact, smooth, stray };

// Grey values over a mask set, as rule 2 of inlay/dataset.h needs them.
struct Shades {
  std::int64_t total = 0, black = 0, white = 0, dark = 0, light = 0;  // pixels; dark < 32, light > 223
  std::int64_t between = 0;  // different values that are neither black nor white
  int largest = 0;           // of those
};

bool is_ignored(const ClassFile& file, int value) { return std::ranges::find(file.ignore, value) != file.ignore.end(); }

// Without the values that the file ignores.
Shades count_shades(const Scan& scan, const ClassFile& file) {
  Shades out;
  for (const auto& [value, pixels] : scan.grey) {
    if (is_ignored(file, value)) continue;
    out.total += pixels;
    if (value < 32) out.dark += pixels;
    if (value > 223) out.light += pixels;
    if (value == 0) out.black += pixels;
    if (is_white(value)) out.white += pixels;
    if (value == 0 || is_white(value)) continue;
    ++out.between;
    out.largest = value;
  }
  return out;
}

Binary looks_binary(const Scan& scan, const ClassFile& file) {
  const Shades shades = count_shades(scan, file);
  const auto most = [&](std::int64_t pixels) { return 5 * pixels >= 4 * shades.total; };
  if (!scan.indexed.empty()) return Binary::no;
  if (shades.white > 0 && shades.between == 0) return Binary::exact;
  const bool wide = shades.between >= 64 && shades.largest >= 192 && shades.largest < 255;
  if (wide && 100 * shades.light >= shades.total && most(shades.dark + shades.light)) return Binary::smooth;
  // Class indices are mostly used without gaps; 0, 7 and 255 are not class indices.
  const bool gaps = 2 * shades.between < shades.largest;
  return shades.white > 0 && most(shades.black + shades.white) && gaps ? Binary::stray : Binary::no;
}

void set_black_and_white(LabelMap& labels) {
  labels.values[0] = 0;
  for (int white : kWhite) labels.values[static_cast<std::size_t>(white)] = 1;
}

void set_threshold(LabelMap& labels, int threshold) {
  for (int value = 0; value < 65536; ++value) labels.values[static_cast<std::size_t>(value)] = value > threshold;
}

// True when rule 2 applied.
bool resolve_binary(const Scan& scan, const std::vector<Page>& masks, const ClassFile& file, Stray stray,
                    Labelling& out) {
  switch (looks_binary(scan, file)) {
    case Binary::no:
      return false;
    case Binary::exact:
      set_black_and_white(out.labels);
      return true;
    case Binary::smooth:
      set_threshold(out.labels, 127);
      out.warnings.emplace_back(
          "the masks are black and white with values in between (smooth edges): values above 127 are class 1, the "
          "others class 0; "
          "say 'threshold = 127' in dataset.toml to confirm that");
      return true;
    case Binary::stray:
      if (!file.entries.empty()) return false;
      set_black_and_white(out.labels);
      if (stray == Stray::left) return true;
      for (int value : file.ignore) out.labels.values[static_cast<std::size_t>(value)] = kIgnore;
      for (const auto& [value, mask] : scan.first)
        if (value != 0 && !is_white(value) && !is_ignored(file, value))
          out.labels.apply(read_raw_mask_page(masks[mask]), masks[mask].file);
  }
  throw std::logic_error("a mask changed while it was read");
}

void resolve_indices(const Scan& scan, const std::vector<Page>& masks, const ClassFile& file, Labelling& out) {
  int largest = 0;
  std::size_t mask = 0;
  for (const auto& [value, first] : scan.first) {
    if (is_white(value) || is_ignored(file, value)) continue;
    largest = value;
    mask = first;
  }
  if (largest > 254)
    fail_input(
        "the mask '{}' has the value {}; without classes.txt the values are class indices from 0 to 254 (are these "
        "instance numbers?)",
        masks[mask].file.string(), largest);
  if (largest == 0) out.warnings.emplace_back("no mask holds another class than 0; two classes are assumed");
  if (2 * static_cast<int>(scan.first.size()) < largest)
    out.warnings.push_back(fmt::format(
        "the masks hold few of the values 0 to {}, and {} classes are assumed; name the real ones in classes.txt",
        largest, largest + 1));
  for (int value = 0; value <= std::max(largest, 1); ++value)
    out.labels.values[static_cast<std::size_t>(value)] = static_cast<std::int16_t>(value);
}

void set_entries(const ClassFile& file, Labelling& out) {
  const bool has_colors = std::ranges::any_of(file.entries, [](const ClassEntry& e) { return e.color.has_value(); });
  for (const ClassEntry& entry : file.entries) {
    const auto label = static_cast<std::int16_t>(entry.ignored ? kIgnore : out.classes.size());
    for (int value : entry.values) out.labels.values[static_cast<std::size_t>(value)] = label;
    const Color color = entry.color.value_or(voc_color(entry.values.empty() ? 0 : entry.values[0]));
    const std::int32_t packed = color[0] << 16 | color[1] << 8 | color[2];
    if (entry.color || !has_colors) {
      const auto [known, added] = out.labels.colors.emplace(packed, label);
      // A class that shares its colour with an ignored one gets it.
      if (!added && !entry.ignored) known->second = label;
    }
    if (entry.ignored) continue;
    out.classes.names.push_back(entry.name);
    out.classes.colors.push_back(color);
  }
}

void name_by_index(Labelling& out) {
  std::int16_t count = 0;
  for (std::int16_t label : out.labels.values)
    count = std::max(count, static_cast<std::int16_t>(label == kIgnore ? 0 : label + 1));
  for (std::int16_t i = 0; i < count; ++i) {
    out.classes.names.push_back(fmt::format("class {}", i));
    out.classes.colors.push_back(voc_color(i));
  }
}

bool names_white(const ClassFile& file) {
  const auto has_white = [](const std::vector<int>& values) { return std::ranges::any_of(values, is_white); };
  return has_white(file.ignore) ||
         std::ranges::any_of(file.entries, [&](const ClassEntry& e) { return has_white(e.values); });
}

}  // namespace

Labelling resolve_labels(const ClassFile& file, const std::vector<Page>& masks, Stray stray) {
  Labelling out;
  for (int white : kWhite) out.labels.values[static_cast<std::size_t>(white)] = kIgnore;
  set_entries(file, out);
  const bool has_table = !file.entries.empty();
  if (file.threshold) {
    set_threshold(out.labels, *file.threshold);
  } else if (!has_table || (file.entries.size() == 2 && out.classes.size() == 2 && !names_white(file))) {
    const Scan scan = scan_masks(masks, has_table);
    const bool binary = !names_white(file) && resolve_binary(scan, masks, file, stray, out);
    if (!binary && !has_table) resolve_indices(scan, masks, file, out);
  }
  for (int value : file.ignore) out.labels.values[static_cast<std::size_t>(value)] = kIgnore;
  if (!has_table) name_by_index(out);
  return out;
}

}  // namespace inlay
