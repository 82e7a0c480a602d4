#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::message_of;

class Yolo : public ::testing::Test {
 protected:
  void describe(const std::string& yaml) { folder_.text("data.yaml", yaml); }
  void sample(const std::string& name, const std::string& lines) {
    folder_.plain("images/" + name + ".jpg", 4, 4, 90);
    folder_.text("labels/" + name + ".txt", lines);
  }
  std::string complaint() {
    return message_of<InputError>([&] { open_dataset(folder_.path()).read_mask(Split::train, 0); });
  }
  DataFolder folder_;
};

TEST_F(Yolo, PolygonsInSharesOfTheSides) {
  describe("path: /not/on/this/machine\ntrain: images/train\nval: images/val\nnames:\n  0: cat\n  1: dog\n");
  sample("train/a", "0 0 0 0.75 0 0.75 0.75 0 0.75\n1 0 0 0 0 0.25 0\n");
  sample("val/b", "");
  folder_.plain("images/val/c.jpg", 2, 2, 0);
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.format(), "Ultralytics");
  EXPECT_THAT(data.classes().names, ElementsAre("background", "cat", "dog"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(2, 2, 1, 1,  //
                                                                      1, 1, 1, 1,  //
                                                                      1, 1, 1, 1,  //
                                                                      1, 1, 1, 1));
  EXPECT_THAT(data.names(Split::val), ElementsAre("b", "c"));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 1)), Each(0));
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("1 of 2 images in")));
  EXPECT_EQ(open_dataset(folder_ / "data.yaml").size(Split::train), 1);
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder_ / "other.yaml"); }),
              HasSubstr("is missing or no folder"));
}

TEST_F(Yolo, MaskFolders) {
  describe("train: [images/one, images/two]\nnames: [road, sky]\nmasks_dir: masks\n");
  for (const char* place : {"one", "two"}) {
    folder_.plain(std::string("images/") + place + "/" + place + ".png", 1, 3, 0);
    folder_.grey(std::string("masks/") + place + "/" + place + ".png", {1, 3}, {0, 1, 255});
  }
  const Dataset data = open_dataset(folder_.path(), {.val_fraction = 0.0});
  EXPECT_THAT(data.classes().names, ElementsAre("road", "sky"));
  EXPECT_THAT(data.names(Split::train), ElementsAre("one", "two"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 1)), ElementsAre(0, 1, 255));
}

TEST_F(Yolo, ListsOfImagesAndRoboflowsPaths) {
  describe("train: train.txt\nval: ../valid/images\nnames: [a]\n");
  sample("a", "0 0 0 1 0 1 1");
  folder_.text("train.txt", "./images/a.jpg\n");
  folder_.plain("valid/images/v.jpg", 2, 2, 0);
  folder_.text("valid/labels/v.txt", "0 0 0 1 0 1 1 0 1");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_THAT(data.names(Split::train), ElementsAre("a"));
  EXPECT_THAT(data.names(Split::val), ElementsAre("v"));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), Each(1));
}

TEST_F(Yolo, WhatIsWrongIsSaidWithItsLine) {
  describe("train: images\nnames: [a]\n");
  sample("a", "0 0.5 0.5 1 1");
  EXPECT_THAT(complaint(), HasSubstr("labels/a.txt', line 1: this is a box"));
  sample("a", "\n0 0 0 1 0");
  EXPECT_THAT(complaint(), HasSubstr("line 2: this is a box"));
  sample("a", "0 0 0 1 0 1");
  EXPECT_THAT(complaint(), HasSubstr("expected a class and x y of 3 corners at least, found 6 numbers"));
  sample("a", "1 0 0 1 0 1 1");
  EXPECT_THAT(complaint(), HasSubstr("the class 1 is not in 0..0"));
  sample("a", "0 0 0 17 0 1 1");
  EXPECT_THAT(complaint(), HasSubstr("the corner 17 0 is not in 0..1"));
  sample("a", "0 0 0 x 0 1 1");
  EXPECT_THAT(complaint(), HasSubstr("'x' is no number"));
  std::filesystem::remove(folder_ / "labels/a.txt");
  EXPECT_THAT(complaint(), HasSubstr("none of the 1 images in"));
  describe("train: images\nnames: {0: a, 2: b}\n");
  EXPECT_THAT(complaint(), HasSubstr("'names' has no class 1"));
  describe("train: images\nnames:\n");
  EXPECT_THAT(complaint(), HasSubstr("'names' has 0 classes"));
  describe("train: images\nnames: [a\n");
  EXPECT_THAT(complaint(), HasSubstr("data.yaml', line"));
  describe("train: gone\nnames: [a]\n");
  EXPECT_THAT(complaint(), HasSubstr("there is no 'gone', which 'train' names"));
}

}  // namespace
}  // namespace inlay
