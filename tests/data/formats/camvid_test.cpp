// CamVid with the lists of the SegNet tutorial, and with 32 colours.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::labels_of;
using testing::message_of;

class Lists : public ::testing::Test {
 protected:
  void sample(const std::string& split, const std::string& name) {
    folder_.plain(split + "/" + name + ".png", 1, 3, 50);
    folder_.grey(split + "annot/" + name + ".png", {1, 3}, {0, 10, 11});
  }
  DataFolder folder_;
};

TEST_F(Lists, PathsOfAnotherMachineAreFoundBelowTheFolder) {
  sample("train", "0001TP_2");
  sample("train", "0001TP_1");
  sample("val", "x");
  sample("test", "y");
  folder_.text("train.txt",
               "/SegNet/CamVid/train/0001TP_2.png /SegNet/CamVid/trainannot/0001TP_2.png\n"
               "/SegNet/CamVid/train/0001TP_1.png /SegNet/CamVid/trainannot/0001TP_1.png\n");
  folder_.text("val.txt", "val/x.png valannot/x.png\n");
  folder_.text("test.txt", "\n" + (folder_ / "test/y.png").string() + " ./testannot/y.png\n");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.format(), "CamVid lists");
  EXPECT_THAT(data.names(Split::train), ElementsAre("0001TP_1", "0001TP_2"));
  EXPECT_THAT(data.names(Split::test), ElementsAre("y"));
  EXPECT_EQ(data.classes().size(), 11);
  EXPECT_EQ(data.classes().names[10], "Bicyclist");
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ElementsAre(0, 10, 255));
  EXPECT_THAT(data.warnings(), IsEmpty());
}

TEST_F(Lists, OtherSetsMeanWhatPlainFoldersDo) {
  folder_.plain("rgb/a.png", 1, 2, 5);
  folder_.grey("gt/a.png", {1, 2}, {0, 255});
  folder_.text("train.txt", "rgb/a.png gt/a.png\n");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.classes().size(), 2);
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(0, 1));
}

TEST_F(Lists, WhatIsWrongIsSaidWithItsLine) {
  sample("train", "a");
  folder_.text("train.txt", "train/a.png trainannot/a.png\ntrain/b.png trainannot/b.png\n");
  EXPECT_THAT(open_dataset(folder_.path()).warnings(), ElementsAre(HasSubstr("(the first: line 2, 'train/b.png')")));
  folder_.text("train.txt", "train/a.png trainannot/a.png\ntrain/a.png\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder_.path()); }),
              HasSubstr("train.txt', line 2: expected the paths of an image and its mask, found 'train/a.png'"));
  folder_.text("train.txt", "train/x.png trainannot/x.png\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder_.path()); }), HasSubstr("none of the files that"));
}

TEST(CamvidColours, LabelColorsNameThem) {
  const DataFolder folder;
  folder.text("label_colors.txt", "64 128 64\tAnimal\n192 0 128\tArchway\n0 0 0\tVoid\n");
  folder.plain("701_StillsRaw_full/0001TP_006690.png", 1, 3, 5);
  folder.colors("LabeledApproved_full/0001TP_006690_L.png", {{64, 128, 64}, {192, 0, 128}, {0, 0, 0}});
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.format(), "CamVid");
  EXPECT_THAT(data.classes().names, ElementsAre("Animal", "Archway"));
  EXPECT_THAT(data.names(Split::train), ElementsAre("0001TP_006690"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(0, 1, 255));
}

TEST(CamvidColours, ClassDictAndFoldersForSplits) {
  const DataFolder folder;
  folder.text("class_dict.csv", "name,r,g,b\nAnimal,64,128,64\nVoid,0,0,0\n");
  for (const char* split : {"train", "val"}) {
    folder.plain(std::string(split) + "/a.png", 1, 2, 5);
    folder.colors(std::string(split) + "_labels/a_L.png", {{64, 128, 64}, {0, 0, 0}});
  }
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.size(Split::train), 1);
  EXPECT_EQ(data.size(Split::val), 1);
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ElementsAre(0, 255));
}

TEST(CamvidColours, ALineThatIsNoColourIsAnError) {
  const DataFolder folder;
  folder.text("label_colors.txt", "64 128 64 Animal\n64 300 1 Dog\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }),
              HasSubstr("label_colors.txt', line 2: expected 'r g b name', found '64 300 1 Dog'"));
  folder.text("label_colors.txt", "# nothing");
  EXPECT_THROW(open_dataset(folder.path()), InputError);
}

}  // namespace
}  // namespace inlay
