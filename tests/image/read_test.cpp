#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "inlay/error.h"
#include "inlay/image.h"
#include "support/picture_files.h"
#include "support/tiny_png.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::make_png;
using testing::message_of;
using testing::TempFolder;

TEST(ReadImage, ASizeBeyondReasonIsAnError) {
  const TempFolder folder;
  for (const char* size : {"40000 40000", "3 2000000"}) {
    write_file(folder / "a.pgm", "P5 "s + size + " 255\nx");
    EXPECT_THAT(message_of<InputError>([&] { read_image(folder / "a.pgm"); }),
                HasSubstr("claims more than 2^20 pixels a side or 2^30 in all"));
  }
}

TEST(ReadImage, KnowsItsExtensions) {
  for (const char* name : {"a.png", "a.JPG", "a.b.tiff", "a.WebP"}) EXPECT_TRUE(has_image_extension(name)) << name;
  for (const char* name : {"a.txt", "a", "png", ".png", "a.png~"}) EXPECT_FALSE(has_image_extension(name)) << name;
}

}  // namespace
}  // namespace inlay
