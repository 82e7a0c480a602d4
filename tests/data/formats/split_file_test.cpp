#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "inlay/split.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::message_of;

class SplitFile : public ::testing::Test {
 protected:
  SplitFile() {
    for (const char* name : {"a", "b"}) folder_.pair(name, "data/train/");
    for (const char* name : {"b", "c"}) folder_.pair(name, "data/val/");
  }
  void describe(const std::string& text) { folder_.text("fold/split.toml", text); }
  std::string complaint() {
    return message_of<InputError>([&] { open_dataset(folder_ / "fold"); });
  }
  DataFolder folder_;
};

TEST_F(SplitFile, DealsOutTheSamplesOfAnotherDataSet) {
  describe("data = '../data'\ntrain = ['val/b', 'c']\nval = ['a']\n");
  const Dataset data = open_dataset(folder_ / "fold");
  EXPECT_EQ(data.format(), "split");
  EXPECT_THAT(data.names(Split::train), ElementsAre("b", "c"));
  EXPECT_THAT(data.names(Split::val), ElementsAre("a"));
  EXPECT_EQ(data.paths(Split::train, 0).image, folder_ / "data/val/images/b.png");
  EXPECT_NO_THROW(data.read(Split::val, 0));
}

TEST_F(SplitFile, WhatIsWrittenIsRead) {
  const Dataset whole = open_dataset(folder_ / "data");
  write_split(whole, {Split::test, Split::val, Split::train, Split::all}, folder_ / "fold");
  const Dataset data = open_dataset(folder_ / "fold");
  EXPECT_THAT(data.names(Split::test), ElementsAre("a"));
  EXPECT_EQ(data.paths(Split::val, 0).image, folder_ / "data/train/images/b.png");
  EXPECT_EQ(data.paths(Split::train, 0).image, folder_ / "data/val/images/b.png");
  EXPECT_EQ(data.size(Split::all), 3);
}

TEST_F(SplitFile, IsWrittenOverNothing) {
  const Dataset whole = open_dataset(folder_ / "data");
  const std::vector<Split> parts(4, Split::train);
  write_split(whole, parts, folder_ / "fold");
  EXPECT_THAT(message_of<InputError>([&] { write_split(whole, parts, folder_ / "fold"); }),
              HasSubstr("split.toml' is there already"));
  EXPECT_THAT(message_of<InputError>([&] { write_split(open_dataset(folder_ / "fold"), parts, folder_ / "other"); }),
              HasSubstr("is a split of another data set"));
}

TEST_F(SplitFile, WhatIsWrongIsSaid) {
  describe("train = ['a']");
  EXPECT_THAT(complaint(), HasSubstr("split.toml': there is no 'data'"));
  describe("data = '../gone'");
  EXPECT_THAT(complaint(), HasSubstr("gone' is not there"));
  describe("data = '../data'\ntrain = ['a', 'x']");
  EXPECT_THAT(complaint(), HasSubstr("split.toml', train: the data set has no sample 'x'"));
  describe("data = '../data'\ntrain = ['b']");
  EXPECT_THAT(complaint(), HasSubstr("several samples 'b'; write 'train/b'"));
  describe("data = '../data'\ntrain = ['a']\nval = ['a']");
  EXPECT_THAT(complaint(), HasSubstr("val: 'a' is listed twice"));
  describe("data = '../data'\ntrain = [3]");
  EXPECT_THAT(complaint(), HasSubstr("expected names in quotes"));
  describe("data = '../data'\ntrain = 'a'");
  EXPECT_THAT(complaint(), HasSubstr("expected train, val or test, each a list of names"));
  describe("data = '../data'\nfoo = []");
  EXPECT_THAT(complaint(), HasSubstr("'foo' is no part of a data set"));
  describe("data = '../data'\n");
  EXPECT_THAT(complaint(), HasSubstr("holds no image with its labels"));
  describe("data = '.'\n");
  EXPECT_THAT(complaint(), HasSubstr("is a split of a data set itself"));
  describe("data = \n");
  EXPECT_THAT(complaint(), HasSubstr("split.toml', line 1"));
}

TEST(Formats, DatasetTomlAndPlacesSaidOutrightGoFirst) {
  const DataFolder folder;
  folder.pair("a");
  folder.plain("fov/a.png", 2, 2, 255);
  EXPECT_EQ(open_dataset(folder.path()).format(), "DRIVE");
  folder.text("dataset.toml", "");
  EXPECT_EQ(open_dataset(folder.path()).format(), "folder");
}

}  // namespace
}  // namespace inlay
