// What folders hold, for those who look for data sets in them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace inlay {

/// Sorted by name, without those that start with a dot. Throws InputError when the folder cannot be listed.
std::vector<std::filesystem::path> entries_of(const std::filesystem::path& folder);

/// The same, but nothing for what cannot be listed.
std::vector<std::filesystem::path> entries_or_none(const std::filesystem::path& folder);

/// "images, masks, notes.txt, ..." for messages.
std::string list_of_entries(const std::filesystem::path& folder);

/// In lower case: has_extension("A.TIF", {".tif"}).
bool has_extension(const std::filesystem::path& path, std::initializer_list<std::string_view> extensions);

/// The pictures right in this folder, by stem. Nothing when there is no such folder.
std::map<std::string, std::filesystem::path> pictures_in(const std::filesystem::path& folder);

/// "stack_07" for page 7 of 30.
std::string page_name(const std::string& stem, std::int64_t page, std::int64_t pages);

struct Line {
  std::string text;  // without blanks at its ends
  int number = 0;    // from 1
};

/// The lines that hold something. Throws InputError.
std::vector<Line> lines_of(const std::filesystem::path& file);

}  // namespace inlay
