#include "data/dataset_toml.h"

#include <toml++/toml.h>

#include <algorithm>

#include "base/fail.h"
#include "base/files.h"

namespace inlay {
namespace {

// Reads the keys of one table; what it was not asked for is an error in the end.
class Keys {
 public:
  Keys(const toml::table& table, std::string where) : table_(table), where_(std::move(where)) {}

  std::string text(std::string_view key, std::string otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) return otherwise;
    const auto value = node->value_exact<std::string>();
    if (!value) bad(key, "a text in quotes");
    return *value;
  }

  std::optional<int> number(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    return whole(*node, key, 65535);
  }

  std::optional<std::vector<int>> numbers(std::string_view key, int most) {
    const toml::node* node = find(key);
    if (node == nullptr) return std::nullopt;
    const toml::array* array = node->as_array();
    if (array == nullptr) bad(key, "a list of whole numbers");
    std::vector<int> out;
    for (const toml::node& item : *array) out.push_back(whole(item, key, most));
    return out;
  }

  const toml::array* tables(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (!node->is_array_of_tables()) bad(key, "tables, each under [[classes]]");
    return node->as_array();
  }

  void finish() const {
    for (const auto& [key, node] : table_)
      if (std::ranges::find(known_, key.str()) == known_.end())
        fail_input("{}: the key '{}' is unknown; known here: {}", where_, key.str(), fmt::join(known_, ", "));
  }

 private:
  const toml::node* find(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
  }

  int whole(const toml::node& node, std::string_view key, int most) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < 0 || *value > most) bad(key, fmt::format("whole numbers from 0 to {}", most));
    return static_cast<int>(*value);
  }

  [[noreturn]] void bad(std::string_view key, std::string_view expected) const {
    fail_input("{}: '{}' is not as expected: {}", where_, key, expected);
  }

  const toml::table& table_;
  std::string where_;
  std::vector<std::string> known_;
};

ClassEntry parse_class(const toml::table& table, std::size_t place, const std::string& where) {
  Keys keys(table, where);
  ClassEntry entry;
  entry.name = keys.text("name", fmt::format("class {}", place));
  const auto value = keys.number("value");
  const auto values = keys.numbers("values", 65535);
  if (value && values) fail_input("{}: give either 'value' or 'values'", where);
  if (values)
    entry.values = *values;
  else
    entry.values = {value.value_or(static_cast<int>(place))};
  if (const auto color = keys.numbers("color", 255)) {
    if (color->size() != 3) fail_input("{}: 'color' has {} numbers, expected red, green, blue", where, color->size());
    entry.color.emplace();
    std::ranges::transform(*color, entry.color->begin(), [](int v) { return static_cast<std::uint8_t>(v); });
  }
  keys.finish();
  entry.ignored = is_ignored_name(entry.name);
  return entry;
}

toml::table parse(const std::filesystem::path& path) {
  try {
    return toml::parse(read_file(path), path.string());
  } catch (const toml::parse_error& error) {
    fail_input("'{}', line {}: {}", path.string(), error.source().begin.line, error.description());
  }
}

}  // namespace

ClassFile parse_dataset_toml(const std::filesystem::path& path) {
  const toml::table table = parse(path);
  const std::string where = fmt::format("'{}'", path.string());
  Keys keys(table, where);
  ClassFile file;
  file.images = keys.text("images", file.images);
  file.masks = keys.text("masks", file.masks);
  file.image_suffix = keys.text("image_suffix", {});
  file.mask_suffix = keys.text("mask_suffix", {});
  file.threshold = keys.number("threshold");
  file.ignore = keys.numbers("ignore", 65535).value_or(std::vector<int>{});
  if (const toml::array* classes = keys.tables("classes"))
    for (const toml::node& node : *classes)
      file.entries.push_back(
          parse_class(*node.as_table(), file.entries.size(), fmt::format("{}, class {}", where, file.entries.size())));
  keys.finish();
  return file;
}

}  // namespace inlay
