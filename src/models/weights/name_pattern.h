// Names of tensors with wildcards. A name is a list of parts between dots or slashes.
//   *      any text within a part
//   **     any number of whole parts, also none
//   {a,b}  one of these texts, within a part
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inlay {

class NamePattern {
 public:
  /// Throws InputError when a brace is not closed, ** is not alone in its part, or the text is empty.
  explicit NamePattern(std::string_view text);

  /// What one wildcard stands for: a piece of the name, and of {...} the place in the list.
  struct Capture {
    std::string_view text;
    std::size_t choice = 0;
  };
  /// One capture a wildcard, each as short as possible from the left; none when the name does not fit.
  std::optional<std::vector<Capture>> match(std::string_view name) const;

  /// The name in which the wildcards stand for another pattern's captures: * and ** for their text, {a,b} for the text
  /// at their place. Parts are joined by slashes.
  std::string fill(std::span<const Capture> captures) const;
  /// Throws InputError unless the wildcards of both patterns pair up for fill(): ** with **, * with * or {...}, and
  /// {...} with {...} of as many texts.
  void expect_fillable_from(const NamePattern& theirs) const;

  const std::string& text() const { return text_; }

 private:
  enum class Kind : std::uint8_t { literal, any, choice, parts };
  struct Token {
    Kind kind = Kind::literal;
    std::vector<std::string> texts;  // one of a literal, all of a choice
  };
  using Part = std::vector<Token>;
  using Names = std::span<const std::string_view>;

  Part parse_part(std::string_view text) const;
  std::vector<const Token*> wildcards() const;
  static bool match_parts(std::span<const Part> parts, Names names, std::vector<Capture>& captures);
  static bool match_part(std::span<const Token> tokens, std::string_view text, std::vector<Capture>& captures);

  std::string text_;
  std::vector<Part> parts_;
};

}  // namespace inlay
