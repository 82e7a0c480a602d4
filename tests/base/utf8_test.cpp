#include "base/utf8.h"

#include <gtest/gtest.h>

namespace inlay {
namespace {

TEST(Utf8, TakesWhatTheStandardTakes) {
  for (const char* text : {"", "road", "Straße", "細胞", "\x7f", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"})
    EXPECT_TRUE(is_utf8(text)) << text;
}

TEST(Utf8, RefusesOtherEncodingsAndMalformedForms) {
  for (const char* text :
       {"Stra\xdf"
        "e",
        "\xff\xfe", "\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe2\x82", "a\xf0\x90\x80"})
    EXPECT_FALSE(is_utf8(text)) << text;
}

}  // namespace
}  // namespace inlay
