#include "base/base64.h"

#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

// RFC 4648, section 10.
TEST(Base64, TestVectors) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe"), "//4=");
}

TEST(Base64, ComesBack) {
  EXPECT_EQ(from_base64(""), "");
  for (const char* bytes : {"f", "fo", "foo", "foobar", "\xff\xfe"}) EXPECT_EQ(from_base64(base64(bytes)), bytes);
  EXPECT_EQ(from_base64("Zm9v\r\nYm Fy"), "foobar");
  EXPECT_EQ(from_base64("Zg"), "f");
}

TEST(Base64, OtherCharactersAreAnInputError) {
  EXPECT_EQ(testing::message_of<InputError>([] { from_base64("Zm9*"); }),
            "base64 cannot hold the character at place 3");
  EXPECT_THROW(from_base64(std::string("\0", 1)), InputError);
}

}  // namespace
}  // namespace inlay
