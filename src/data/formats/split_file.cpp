// split.toml, which `inlay data split` writes:
//   data = "../camvid"        # the data set, relative to this file's folder
//   train = ["a", "b"]        # names of its samples; those not listed are left out
//   val = ["c"]
//   test = []
// A name that stands for two samples, in train and in val say, is written with its part: "val/c".
#include <toml++/toml.h>

#include <array>

#include "base/fail.h"
#include "base/files.h"
#include "data/formats/formats.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "inlay/split.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSplits{Split::train, Split::val, Split::test};

bool has_split_file(const fs::path& root) {
  std::error_code code;
  return fs::exists(root / "split.toml", code);
}

toml::table parse(const fs::path& file) {
  try {
    return toml::parse(read_file(file), file.string());
  } catch (const toml::parse_error& error) {
    fail_input("'{}', line {}: {}", file.string(), error.source().begin.line, error.description());
  }
}

using Index = std::map<std::string, const SampleSource*>;  // nullptr: the name stands for several

// Every sample by its name, and by its part and name.
Index index_of(const FoundSet& found) {
  Index index;
  for (std::size_t i = 0; i < kSplits.size(); ++i)
    for (const SampleSource& sample : found.splits[i]) {
      const std::string& name = sample.paths.name;
      if (const auto [known, added] = index.emplace(name, &sample); !added) known->second = nullptr;
      index.emplace(fmt::format("{}/{}", to_string(kSplits[i]), name), &sample);
    }
  return index;
}

const SampleSource& sample_of(const toml::node& node, const Index& index, const std::string& where) {
  const auto name = node.value_exact<std::string>();
  if (!name) fail_input("{}: expected names in quotes", where);
  const auto found = index.find(*name);
  if (found == index.end()) fail_input("{}: the data set has no sample '{}'", where, *name);
  if (found->second == nullptr)
    fail_input("{}: the data set has several samples '{}'; write 'train/{}', 'val/{}' or 'test/{}'", where, *name,
               *name, *name, *name);
  return *found->second;
}

FoundSet open_split(const fs::path& root) {
  const fs::path file = root / "split.toml";
  const toml::table table = parse(file);
  const auto data = table["data"].value_exact<std::string>();
  if (!data) fail_input("'{}': there is no 'data', the data set's folder in quotes", file.string());
  const fs::path inner = (root / *data).lexically_normal();
  std::error_code code;
  if (!fs::exists(inner, code))
    fail_input("'{}': the data set '{}' is not there; 'data' is relative to the file's folder", file.string(),
               inner.string());
  if (has_split_file(inner)) fail_input("'{}': '{}' is a split of a data set itself", file.string(), inner.string());
  FoundSet whole = format_of(inner).open(inner);
  const Index index = index_of(whole);
  FoundSet found{whole.classes, {}, whole.warnings};
  std::map<const SampleSource*, std::string> used;
  for (const auto& [key, node] : table) {
    if (key == "data") continue;
    const std::string where = fmt::format("'{}', {}", file.string(), key.str());
    const Split split = parse_split(key.str());
    const toml::array* names = node.as_array();
    if (split == Split::all || names == nullptr)
      fail_input("{}: expected train, val or test, each a list of names", where);
    for (const toml::node& name : *names) {
      const SampleSource& sample = sample_of(name, index, where);
      if (!used.emplace(&sample, where).second) fail_input("{}: '{}' is listed twice", where, sample.paths.name);
      found.splits[static_cast<std::size_t>(split)].push_back(sample);
    }
  }
  require_samples(found, root, kSplitFile.name);
  return found;
}

std::string text_of(const Dataset& dataset, const std::vector<Split>& parts, const std::string& data) {
  std::map<std::string, int> uses;
  for (const std::string& name : dataset.names(Split::all)) ++uses[name];
  std::array<toml::array, 3> lists;
  std::size_t place = 0;
  for (Split from : kSplits)
    for (const std::string& name : dataset.names(from)) {
      const Split to = parts[place++];
      if (to == Split::all) continue;
      lists[static_cast<std::size_t>(to)].push_back(uses[name] == 1 ? name
                                                                    : fmt::format("{}/{}", to_string(from), name));
    }
  toml::table table;
  table.insert("data", data);
  for (std::size_t i = 0; i < lists.size(); ++i) table.insert(to_string(kSplits[i]), std::move(lists[i]));
  std::ostringstream text;
  text << table << "\n";
  return text.str();
}

}  // namespace

void write_split(const Dataset& dataset, const std::vector<Split>& parts, const fs::path& folder) {
  if (dataset.format() == kSplitFile.name)
    fail_input("'{}' is a split of another data set; deal out that one", dataset.root().string());
  const fs::path file = folder / "split.toml";
  std::error_code code;
  if (fs::exists(file, code)) fail_input("'{}' is there already; choose another folder", file.string());
  fs::create_directories(folder, code);
  if (code) fail("cannot create the folder '{}': {}", folder.string(), code.message());
  write_file(file, text_of(dataset, parts, fs::relative(dataset.root(), folder).string()));
}

const DataFormat kSplitFile{"split", "split.toml", has_split_file, open_split};

}  // namespace inlay
