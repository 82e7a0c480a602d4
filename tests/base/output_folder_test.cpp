#include "base/output_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

#include "base/files.h"
#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

using ::testing::HasSubstr;
using testing::message_of;

std::string refusal(const std::filesystem::path& path) {
  return message_of<InputError>([&] { const OutputFolder folder(path); });
}

TEST(OutputFolder, OneRunAtATime) {
  const testing::TempFolder folder;
  const std::filesystem::path path = folder / "new/out";
  std::optional<OutputFolder> first(std::in_place, path);
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_THAT(refusal(path), HasSubstr("another run is writing into"));
  EXPECT_THAT(refusal(path), HasSubstr(path.string()));
  first.reset();
  EXPECT_EQ(refusal(path), "nothing was thrown") << "an empty folder is as good as none";
  EXPECT_TRUE(std::filesystem::is_empty(path)) << "nothing of the lock stays";
}

TEST(OutputFolder, WhatIsThereStays) {
  const testing::TempFolder folder;
  write_file(folder / "file", "x");
  EXPECT_THAT(refusal(folder.path()), HasSubstr("is there already and not empty"));
  EXPECT_THAT(refusal(folder / "file"), HasSubstr("is there already and not empty"));
  EXPECT_EQ(read_file(folder / "file"), "x");
  EXPECT_THAT(message_of<Error>([&] { const OutputFolder inner(folder / "file/out"); }),
              HasSubstr("cannot create the folder"));
}

}  // namespace
}  // namespace inlay
