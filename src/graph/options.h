// Options structs <-> attributes. An options struct lists its fields once:
//   static void visit(auto& self, auto&& field) { field("stride", self.stride); field("groups", self.groups); }
// Fields with their default value are left out of the attributes, so equal options have equal attributes.
#pragma once

#include <concepts>
#include <type_traits>

#include "base/fail.h"
#include "inlay/attributes.h"
#include "inlay/options.h"

namespace inlay {

template <class E>
concept NamedEnum = std::is_enum_v<E> && requires {
  enum_names(E{});
};

inline Attribute to_attribute(bool v) { return v; }
inline Attribute to_attribute(std::int64_t v) { return v; }
inline Attribute to_attribute(double v) { return v; }
inline Attribute to_attribute(const std::vector<double>& v) { return v; }
inline Attribute to_attribute(const std::vector<std::int64_t>& v) { return v; }
inline Attribute to_attribute(Size2 v) { return std::vector<std::int64_t>{v.h, v.w}; }
inline Attribute to_attribute(Scale2 v) { return std::vector<double>{v.h, v.w}; }
inline Attribute to_attribute(Padding v) { return std::vector<std::int64_t>{v.top, v.left, v.bottom, v.right}; }
template <NamedEnum E>
Attribute to_attribute(E v) {
  return std::string(enum_names(v)[static_cast<std::size_t>(v)]);
}

namespace detail {

template <class T>
const T& attribute_as(std::string_view name, const Attribute& a) {
  if (const T* value = std::get_if<T>(&a)) return *value;
  fail_input("option '{}' has the value {}, which is of the wrong kind", name, to_string(a));
}

inline const std::vector<std::int64_t>& integers(std::string_view name, const Attribute& a, std::size_t count) {
  const auto& list = attribute_as<std::vector<std::int64_t>>(name, a);
  if (list.size() != count) fail_input("option '{}' has {} numbers, expected {}", name, list.size(), count);
  return list;
}

}  // namespace detail

inline void from_attribute(std::string_view name, const Attribute& a, bool& v) {
  v = detail::attribute_as<bool>(name, a);
}
inline void from_attribute(std::string_view name, const Attribute& a, std::int64_t& v) {
  v = detail::attribute_as<std::int64_t>(name, a);
}
inline void from_attribute(std::string_view name, const Attribute& a, double& v) {
  const auto* whole = std::get_if<std::int64_t>(&a);
  v = whole ? static_cast<double>(*whole) : detail::attribute_as<double>(name, a);
}
inline void from_attribute(std::string_view name, const Attribute& a, std::vector<double>& v) {
  v = detail::attribute_as<std::vector<double>>(name, a);
}
inline void from_attribute(std::string_view name, const Attribute& a, std::vector<std::int64_t>& v) {
  v = detail::attribute_as<std::vector<std::int64_t>>(name, a);
}
inline void from_attribute(std::string_view name, const Attribute& a, Size2& v) {
  const auto& list = detail::integers(name, a, 2);
  v = {list[0], list[1]};
}
inline void from_attribute(std::string_view name, const Attribute& a, Scale2& v) {
  const auto& list = detail::attribute_as<std::vector<double>>(name, a);
  if (list.size() != 2) fail_input("option '{}' has {} numbers, expected 2", name, list.size());
  v = {list[0], list[1]};
}
inline void from_attribute(std::string_view name, const Attribute& a, Padding& v) {
  const auto& list = detail::integers(name, a, 4);
  v = {list[0], list[1], list[2], list[3]};
}
template <NamedEnum E>
void from_attribute(std::string_view name, const Attribute& a, E& v) {
  const auto& text = detail::attribute_as<std::string>(name, a);
  const auto& names = enum_names(v);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) {
      v = static_cast<E>(i);
      return;
    }
  }
  fail_input("option '{}' is '{}', expected one of {}", name, text, fmt::join(names, ", "));
}

template <class Options>
Attributes to_attributes(const Options& options) {
  Attributes attributes;
  std::vector<Attribute> defaults;
  const Options standard{};
  Options::visit(standard, [&](std::string_view, const auto& field) { defaults.push_back(to_attribute(field)); });
  std::size_t i = 0;
  Options::visit(options, [&](std::string_view name, const auto& field) {
    if (Attribute value = to_attribute(field); value != defaults[i++]) attributes.set(name, std::move(value));
  });
  return attributes;
}

template <class Options>
Options from_attributes(const Attributes& attributes) {
  Options options;
  Options::visit(options, [&](std::string_view name, auto& field) {
    if (const Attribute* value = attributes.find(name)) from_attribute(name, *value, field);
  });
  for (const auto& [name, value] : attributes) {
    bool known = false;
    Options::visit(options, [&](std::string_view field, const auto&) { known |= field == name; });
    if (!known) fail_input("unknown option '{}'", name);
  }
  return options;
}

}  // namespace inlay
