#include "base/wrap.h"

#include <gtest/gtest.h>

namespace inlay {
namespace {

TEST(Wrap, BreaksAtSpacesBeforeColumn80) {
  const std::string forty(40, 'a');
  EXPECT_EQ(wrap(forty + " " + forty, 0), forty + "\n" + forty);
  EXPECT_EQ(wrap(forty + " " + std::string(39, 'b'), 0), forty + " " + std::string(39, 'b')) << "80 columns fit";
  EXPECT_EQ(wrap(forty + " " + std::string(39, 'b'), 2), forty + "\n  " + std::string(39, 'b'));
  EXPECT_EQ(wrap("  a \n b ", 4), "a b");
  EXPECT_EQ(wrap("", 4), "");
}

TEST(Wrap, OfLinesKeepsThoseThatFit) {
  const std::string forty(40, 'a');
  EXPECT_EQ(wrap_lines("known:\n  a   b\n" + forty + " " + forty, 2), "known:\n    a   b\n  " + forty + "\n  " + forty);
  EXPECT_EQ(wrap_lines("", 2), "");
}

TEST(Wrap, CountsCharactersNotBytes) {
  EXPECT_EQ(count_columns("Aᵀ·x"), 4u);
  std::string long_word;
  for (int i = 0; i < 40; ++i) long_word += "ü";
  EXPECT_EQ(wrap(long_word + " " + std::string(39, 'b'), 0), long_word + " " + std::string(39, 'b'));
}

}  // namespace
}  // namespace inlay
