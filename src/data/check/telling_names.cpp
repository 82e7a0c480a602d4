// File names that say whether a mask is empty.
#include <cctype>
#include <map>
#include <set>

#include "base/fail.h"
#include "data/check/checks.h"

namespace inlay {
namespace {

std::set<std::string> words_of(const std::string& name) {
  std::set<std::string> words;
  std::string word;
  for (char c : name + ' ') {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      word += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      continue;
    }
    if (word.size() > 1) words.insert(word);
    word.clear();
  }
  return words;
}

}  // namespace

void check_telling_names(const Survey& survey, std::vector<Finding>& findings) {
  constexpr int kEnough = 3;
  struct Counts {
    int empty = 0, full = 0;
  };
  std::map<std::string, Counts> words;
  Counts all;
  for (const Look& look : survey.looks) {
    if (look.mask_height == 0) continue;
    const bool empty = look.classes[0] + look.ignored == look.mask_height * look.mask_width;
    ++(empty ? all.empty : all.full);
    for (const std::string& word : words_of(look.paths.name)) ++(empty ? words[word].empty : words[word].full);
  }
  if (all.empty < kEnough || all.full < kEnough) return;
  Finding finding{"telling-names",
                  FindingLevel::note,
                  "a word in the names says whether a mask is empty",
                  "harmless for training; sort by it when you split, so that all parts hold both",
                  {}};
  for (const auto& [word, counts] : words)
    if ((counts.full == all.full && counts.empty == 0) || (counts.empty == all.empty && counts.full == 0))
      finding.places.push_back({"", fmt::format("'{}' is in the names of all masks that are {}, and of no other", word,
                                                counts.full > 0 ? "not empty" : "empty")});
  add_found(std::move(finding), findings);
}

}  // namespace inlay
