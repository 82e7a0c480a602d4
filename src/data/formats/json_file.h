// JSON of others, read with messages that say where something is wrong.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

namespace inlay {

using Json = nlohmann::json;

/// Throws InputError that names the file, line and column.
Json read_json(const std::filesystem::path& file);

/// For files too large to be held as a whole: gives every object of the lists at the top, with the list's key and its
/// place in the list, and forgets it. Throws as read_json().
void for_each_listed(const std::filesystem::path& file,
                     const std::function<void(const std::string& key, std::int64_t place, Json& object)>& take);

/// The value at `key`, of the type T. Throws InputError "<where>: ..." when it is missing or of another kind.
template <class T>
T value_at(const Json& object, const char* key, const std::string& where);

/// The same, `otherwise` when there is no such key or it is null.
template <class T>
T value_or(const Json& object, const char* key, T otherwise, const std::string& where);

}  // namespace inlay
