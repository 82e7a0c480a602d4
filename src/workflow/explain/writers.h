// What the writers for terminals and pages share.
#pragma once

#include "inlay/explain.h"

namespace inlay {

/// A column whose cells end at the same place.
bool is_number_column(const ExplainTable& table, std::size_t column);

/// A grid as "data:image/png;base64,...".
std::string picture_url(const Grid& grid);

/// Sliders and variants for lecture.js, safe inside of a script element. Numbers have six digits.
std::string playground_json(const ExplainPlayground& playground);

}  // namespace inlay
