#include "models/weights/name_pattern.h"

#include <algorithm>

#include "base/fail.h"

namespace inlay {
namespace {

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t end = text.find_first_of(separators);
    pieces.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

constexpr std::string_view kSeparators = "./";

}  // namespace

NamePattern::NamePattern(std::string_view text) : text_(text) {
  if (text.empty()) fail_input("a name is missing");
  for (std::string_view part : split(text, kSeparators)) parts_.push_back(parse_part(part));
}

NamePattern::Part NamePattern::parse_part(std::string_view text) const {
  if (text == "**") return {{Kind::parts, {}}};
  if (text.find("**") != std::string_view::npos)
    fail_input("'{}': ** stands for whole parts of a name and must be alone between dots; * is for a piece of one",
               text_);
  Part part;
  while (!text.empty()) {
    const std::size_t literal = text.find_first_of("*{}");
    if (literal > 0) {
      part.push_back({Kind::literal, {std::string(text.substr(0, literal))}});
      text.remove_prefix(std::min(literal, text.size()));
      continue;
    }
    if (text[0] == '*') {
      part.push_back({Kind::any, {}});
      text.remove_prefix(1);
      continue;
    }
    const std::size_t close = text.find('}');
    if (text[0] == '}' || close == std::string_view::npos)
      fail_input("'{}': a brace has no partner within a part of the name; a choice is written {{a,b}}", text_);
    Token choice{Kind::choice, {}};
    for (std::string_view one : split(text.substr(1, close - 1), ",")) choice.texts.emplace_back(one);
    part.push_back(std::move(choice));
    text.remove_prefix(close + 1);
  }
  return part;
}

bool NamePattern::match_part(std::span<const Token> tokens, std::string_view text, std::vector<Capture>& captures) {
  if (tokens.empty()) return text.empty();
  const Token& token = tokens.front();
  if (token.kind == Kind::literal)
    return text.starts_with(token.texts[0]) &&
           match_part(tokens.subspan(1), text.substr(token.texts[0].size()), captures);
  const std::size_t before = captures.size();
  const std::size_t options = token.kind == Kind::any ? text.size() + 1 : token.texts.size();
  for (std::size_t i = 0; i < options; ++i) {
    const std::string_view piece = token.kind == Kind::any ? text.substr(0, i) : std::string_view(token.texts[i]);
    if (!text.starts_with(piece)) continue;
    captures.push_back({text.substr(0, piece.size()), i});
    if (match_part(tokens.subspan(1), text.substr(piece.size()), captures)) return true;
    captures.resize(before);
  }
  return false;
}

bool NamePattern::match_parts(std::span<const Part> parts, Names names, std::vector<Capture>& captures) {
  if (parts.empty()) return names.empty();
  const std::size_t before = captures.size();
  if (parts[0].size() == 1 && parts[0][0].kind == Kind::parts) {
    for (std::size_t count = 0; count <= names.size(); ++count) {
      const char* end = count == 0 ? nullptr : names[count - 1].data() + names[count - 1].size();
      captures.push_back({count == 0 ? "" : std::string_view(names[0].data(), end)});
      if (match_parts(parts.subspan(1), names.subspan(count), captures)) return true;
      captures.resize(before);
    }
    return false;
  }
  if (!names.empty() && match_part(parts[0], names[0], captures) &&
      match_parts(parts.subspan(1), names.subspan(1), captures))
    return true;
  captures.resize(before);
  return false;
}

std::optional<std::vector<NamePattern::Capture>> NamePattern::match(std::string_view name) const {
  const std::vector<std::string_view> names = split(name, kSeparators);
  std::vector<Capture> captures;
  if (!match_parts(parts_, names, captures)) return std::nullopt;
  return captures;
}

std::string NamePattern::fill(std::span<const Capture> captures) const {
  std::string name;
  for (const Part& part : parts_) {
    std::string text;
    for (const Token& token : part) {
      if (token.kind == Kind::literal) {
        text += token.texts[0];
        continue;
      }
      text += token.kind == Kind::choice ? token.texts[captures[0].choice] : captures[0].text;
      captures = captures.subspan(1);
    }
    if (!text.empty()) name += (name.empty() ? "" : "/") + text;  // ** may stand for nothing
  }
  std::ranges::replace(name, '.', '/');
  return name;
}

std::vector<const NamePattern::Token*> NamePattern::wildcards() const {
  std::vector<const Token*> found;
  for (const Part& part : parts_)
    for (const Token& token : part)
      if (token.kind != Kind::literal) found.push_back(&token);
  return found;
}

void NamePattern::expect_fillable_from(const NamePattern& theirs) const {
  const auto from = theirs.wildcards(), to = wildcards();
  if (from.size() != to.size())
    fail_input("'{}' has {} wildcards and '{}' {}; each stands for its counterpart on the other side", theirs.text_,
               from.size(), text_, to.size());
  for (std::size_t i = 0; i < to.size(); ++i) {
    const bool both_parts = (to[i]->kind == Kind::parts) == (from[i]->kind == Kind::parts);
    const bool same_choice =
        to[i]->kind != Kind::choice || (from[i]->kind == Kind::choice && to[i]->texts.size() == from[i]->texts.size());
    if (!both_parts || !same_choice)
      fail_input("wildcard {} of '{}' and of '{}' do not go together: ** goes with **, {{a,b}} with {{c,d}} or *",
                 i + 1, theirs.text_, text_);
  }
}

}  // namespace inlay
