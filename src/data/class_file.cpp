#include "data/class_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <sstream>

#include "base/fail.h"
#include "base/files.h"
#include "base/utf8.h"
#include "data/dataset_toml.h"

namespace inlay {
namespace {

constexpr int kMaxValue = 65535;

std::optional<int> parse_number(const std::string& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream in(line.substr(0, line.find('#')));
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// Takes `r g b` off the end of the words.
std::optional<Color> take_color(std::vector<std::string>& words, const std::string& where) {
  if (words.size() < 4) return std::nullopt;
  Color color{};
  for (std::size_t c = 0; c < 3; ++c) {
    const auto value = parse_number(words[words.size() - 3 + c]);
    if (!value) return std::nullopt;
    if (*value < 0 || *value > 255) fail_input("{}: the colour value {} is not in 0..255", where, *value);
    color[c] = static_cast<std::uint8_t>(*value);
  }
  words.resize(words.size() - 3);
  return color;
}

// `place` counts the classes before this one, for lists that hold names alone.
ClassEntry parse_line(std::vector<std::string> words, std::size_t place, const std::string& where) {
  ClassEntry entry;
  const auto index = parse_number(words.front());
  if (index && words.size() > 1)
    words.erase(words.begin());
  else if (index)
    fail_input("{}: expected 'index name [r g b]', found the index {} alone", where, *index);
  entry.values = {index.value_or(static_cast<int>(place))};
  if (entry.values[0] < 0 || entry.values[0] > kMaxValue)
    fail_input("{}: the index {} is not in 0..{}", where, entry.values[0], kMaxValue);
  entry.color = take_color(words, where);
  entry.name = fmt::format("{}", fmt::join(words, " "));
  entry.ignored = is_ignored_name(entry.name);
  return entry;
}

std::vector<ClassEntry> read_classes_txt(const std::filesystem::path& path) {
  std::vector<ClassEntry> entries;
  std::istringstream in(read_file(path));
  int number = 0;
  for (std::string line; std::getline(in, line);) {
    ++number;
    if (!is_utf8(line))
      fail_input("'{}', line {}: the text is not in UTF-8; save the file as UTF-8", path.string(), number);
    if (auto words = words_of(line); !words.empty())
      entries.push_back(
          parse_line(std::move(words), entries.size(), fmt::format("'{}', line {}", path.string(), number)));
  }
  std::ranges::stable_sort(entries, {}, [](const ClassEntry& entry) { return entry.values[0]; });
  return entries;
}

void check(const ClassFile& file, const std::filesystem::path& root) {
  std::set<int> values;
  std::set<std::string> names;
  std::set<Color> colors;
  std::int64_t classes = 0;
  for (const ClassEntry& entry : file.entries) {
    for (int value : entry.values)
      if (!values.insert(value).second)
        fail_input("'{}': the mask value {} is given to two classes", root.string(), value);
    if (entry.ignored) continue;
    ++classes;
    if (!names.insert(entry.name).second) fail_input("'{}': two classes are named '{}'", root.string(), entry.name);
    if (entry.color && !colors.insert(*entry.color).second)
      fail_input("'{}': the class '{}' has the colour of another class", root.string(), entry.name);
  }
  if (!file.entries.empty() && classes == 0) fail_input("'{}': every class in its list is ignored", root.string());
  if (classes > 255) fail_input("'{}': {} classes are listed, at most 255 are possible", root.string(), classes);
  if (file.threshold && classes != 0 && classes != 2)
    fail_input("'{}': a threshold makes two classes, {} are listed", root.string(), classes);
}

}  // namespace

bool is_ignored_name(std::string_view name) {
  std::string lower(name);
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  constexpr std::array<std::string_view, 5> kNames{"void", "ignore", "ignored", "unlabelled", "unlabeled"};
  return std::ranges::find(kNames, lower) != kNames.end();
}

ClassFile read_class_file(const std::filesystem::path& root) {
  ClassFile file;
  if (std::filesystem::exists(root / "dataset.toml")) file = parse_dataset_toml(root / "dataset.toml");
  if (file.entries.empty() && std::filesystem::exists(root / "classes.txt"))
    file.entries = read_classes_txt(root / "classes.txt");
  check(file, root);
  return file;
}

std::vector<ClassEntry> read_class_list(const std::filesystem::path& path) {
  ClassFile file;
  if (path.extension() == ".toml")
    file = parse_dataset_toml(path);
  else
    file.entries = read_classes_txt(path);
  check(file, path);
  if (file.entries.empty()) fail_input("'{}' names no class", path.string());
  return file.entries;
}

}  // namespace inlay
