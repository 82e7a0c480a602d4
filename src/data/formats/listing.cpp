#include "data/formats/listing.h"

#include <algorithm>
#include <sstream>

#include "base/fail.h"
#include "base/files.h"
#include "base/utf8.h"
#include "inlay/image.h"

namespace inlay {
namespace fs = std::filesystem;
namespace {

std::vector<fs::path> list(const fs::path& folder, std::error_code& code) {
  std::vector<fs::path> entries;
  for (fs::directory_iterator it(folder, code), end; !code && it != end; it.increment(code))
    if (!it->path().filename().string().starts_with('.')) entries.push_back(it->path());
  std::ranges::sort(entries);
  return entries;
}

}  // namespace

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> entries = list(folder, code);
  if (code) fail_input("cannot list the folder '{}': {}", folder.string(), code.message());
  return entries;
}

std::vector<fs::path> entries_or_none(const fs::path& folder) {
  std::error_code code;
  std::vector<fs::path> entries = list(folder, code);
  if (code) entries.clear();
  return entries;
}

std::string list_of_entries(const fs::path& folder) {
  constexpr std::size_t kShown = 12;
  std::vector<std::string> found;
  for (const fs::path& path : entries_of(folder)) found.push_back(path.filename().string());
  if (found.size() > kShown) {
    found.resize(kShown);
    found.emplace_back("...");
  }
  return found.empty() ? "nothing" : fmt::format("{}", fmt::join(found, ", "));
}

bool has_extension(const fs::path& path, std::initializer_list<std::string_view> extensions) {
  std::string lower = path.extension().string();
  std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::ranges::find(extensions, lower) != extensions.end();
}

std::map<std::string, fs::path> pictures_in(const fs::path& folder) {
  std::map<std::string, fs::path> files;
  for (const fs::path& path : entries_or_none(folder))
    if (has_image_extension(path)) files.emplace(path.stem().string(), path);
  return files;
}

std::string page_name(const std::string& stem, std::int64_t page, std::int64_t pages) {
  return fmt::format("{}_{:0{}}", stem, page, fmt::formatted_size("{}", pages - 1));
}

std::vector<Line> lines_of(const fs::path& file) {
  constexpr std::string_view kBlanks = " \t\r\n";
  std::vector<Line> lines;
  std::istringstream in(read_file(file));
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (number == 1 && text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);
    if (!is_utf8(text))
      fail_input("'{}', line {}: the text is not in UTF-8; save the file as UTF-8", file.string(), number);
    const std::size_t first = text.find_first_not_of(kBlanks);
    if (first != std::string::npos)
      lines.push_back({text.substr(first, text.find_last_not_of(kBlanks) + 1 - first), number});
  }
  return lines;
}

}  // namespace inlay
