#include "data/formats/json_file.h"

#include "base/fail.h"
#include "base/files.h"

namespace inlay {
namespace {

[[noreturn]] void fail_json(const std::filesystem::path& file, const Json::exception& error) {
  // "[json.exception.parse_error.101] parse error at line 3, column 5: ...": the number helps nobody.
  std::string_view text = error.what();
  const std::size_t end = text.find("] ");
  fail_input("'{}' is no JSON: {}", file.string(), end == std::string_view::npos ? text : text.substr(end + 2));
}

const Json* find(const Json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

template <class T>
const char* kind_of() {
  if constexpr (std::is_same_v<T, std::string>) return "a text";
  if constexpr (std::is_same_v<T, bool>) return "true or false";
  if constexpr (std::is_same_v<T, double>) return "a number";
  return "a whole number";
}

template <class T>
bool holds(const Json& value) {
  if constexpr (std::is_same_v<T, std::string>) return value.is_string();
  if constexpr (std::is_same_v<T, bool>) return value.is_boolean() || value.is_number_integer();
  if constexpr (std::is_same_v<T, double>) return value.is_number();
  return value.is_number_integer();
}

template <class T>
T converted(const Json& value, const char* key, const std::string& where) {
  if (!holds<T>(value)) fail_input("{}: '{}' is not {}", where, key, kind_of<T>());
  if constexpr (std::is_same_v<T, bool>)
    return value.is_boolean() ? value.get<bool>() : value.get<std::int64_t>() != 0;
  else
    return value.get<T>();
}

}  // namespace

Json read_json(const std::filesystem::path& file) {
  const std::string text = read_file(file);
  try {
    return Json::parse(text);
  } catch (const Json::exception& error) {
    fail_json(file, error);
  }
}

void for_each_listed(const std::filesystem::path& file,
                     const std::function<void(const std::string& key, std::int64_t place, Json& object)>& take) {
  const std::string text = read_file(file);
  std::string key;
  std::int64_t place = 0;
  const auto watch = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth == 1 && event == Json::parse_event_t::key) {
      key = parsed.get<std::string>();
      place = 0;
    }
    if (depth != 2 || event != Json::parse_event_t::object_end) return true;
    take(key, place++, parsed);
    return false;
  };
  try {
    const Json rest = Json::parse(text, watch);
    if (!rest.is_object()) fail_input("'{}': expected an object with lists, found {}", file.string(), rest.type_name());
  } catch (const Json::exception& error) {
    fail_json(file, error);
  }
}

template <class T>
T value_at(const Json& object, const char* key, const std::string& where) {
  const Json* value = find(object, key);
  if (value == nullptr) fail_input("{}: there is no '{}'", where, key);
  return converted<T>(*value, key, where);
}

template <class T>
T value_or(const Json& object, const char* key, T otherwise, const std::string& where) {
  const Json* value = find(object, key);
  return value == nullptr ? otherwise : converted<T>(*value, key, where);
}

template std::string value_at<std::string>(const Json&, const char*, const std::string&);
template std::int64_t value_at<std::int64_t>(const Json&, const char*, const std::string&);
template double value_at<double>(const Json&, const char*, const std::string&);
template std::string value_or<std::string>(const Json&, const char*, std::string, const std::string&);
template std::int64_t value_or<std::int64_t>(const Json&, const char*, std::int64_t, const std::string&);
template bool value_or<bool>(const Json&, const char*, bool, const std::string&);

}  // namespace inlay
