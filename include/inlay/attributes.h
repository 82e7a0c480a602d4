// The settings of an operator as data: printed, parsed, compared and stored without knowing the operator.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace inlay {

using Attribute = std::variant<bool, std::int64_t, double, std::string, std::vector<std::int64_t>, std::vector<double>>;

/// Name and value pairs in the order they were set.
class Attributes {
 public:
  void set(std::string_view name, Attribute value);
  /// Null when there is none of that name.
  const Attribute* find(std::string_view name) const;
  bool empty() const { return entries_.empty(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  bool operator==(const Attributes&) const = default;

 private:
  std::vector<std::pair<std::string, Attribute>> entries_;
};

/// "2", "0.5", "true", "bilinear", "[1, 2]"; a double always shows a point or an exponent, so that parsing gives its
/// type back.
std::string to_string(const Attribute& value);
/// "{stride=[2, 2], mode=bilinear}", "" when there are none.
std::string to_string(const Attributes& attributes);
/// The reverse of to_string; throws InputError.
Attribute parse_attribute(std::string_view text);
Attributes parse_attributes(std::string_view text);

}  // namespace inlay
