// Looking things up in an explanation.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/explain.h"
#include "support/input_error.h"

namespace inlay::testing {

using ExplainTexts = std::map<std::string, std::string>;

/// The first grid of that name in the part whose caption holds `caption`; fails the test and is empty when there is
/// none.
inline Grid grid_of(const Explanation& e, const std::string& name, const std::string& caption = "") {
  for (const ExplainPart& part : e.parts)
    for (const Grid& grid : part.grids)
      if (grid.name == name && part.caption.find(caption) != std::string::npos) return grid;
  ADD_FAILURE() << e.topic << " shows no grid '" << name << "'";
  return {};
}

/// "1 2/3 4".
inline std::string text_of(const Grid& grid) {
  std::string text;
  for (std::int64_t row = 0; row < grid.rows; ++row)
    for (std::int64_t column = 0; column < grid.columns; ++column)
      text += (column > 0 ? " " : row > 0 ? "/" : "") + fmt::format("{}", grid.at(row, column));
  return text;
}

inline void expect_all_hold(const Explanation& e) {
  EXPECT_FALSE(e.checks.empty()) << e.topic;
  for (const ExplainCheck& check : e.checks)
    EXPECT_TRUE(check.holds) << e.topic << ": " << check.what << check.difference;
}

inline std::string explain_error(const std::string& topic, const ExplainTexts& options) {
  return input_error([&] { explain(topic, options); });
}

}  // namespace inlay::testing
