// What `inlay data check` and `inlay data info` share.
#pragma once

#include <nlohmann/json.hpp>

#include "inlay/inspect.h"

nlohmann::ordered_json to_json(const inlay::DatasetReport& report);

/// "#ff8000"
std::string hex_of(const inlay::Color& color);

/// "3 errors, 1 warning" or "nothing wrong".
std::string counts_of(const inlay::DatasetReport& report);

/// The least, a quarter, half, three quarters and the most of some numbers, at least one.
std::array<std::int64_t, 5> quartiles(std::vector<std::int64_t> values);
