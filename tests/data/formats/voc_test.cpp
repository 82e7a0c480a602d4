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

class Voc : public ::testing::Test {
 protected:
  void sample(const std::string& name, std::uint8_t value) {
    folder_.plain("JPEGImages/" + name + ".jpg", 1, 3, 90);
    write_mask(folder_ / ("SegmentationClass/" + name + ".png"), {Tensor::of<std::uint8_t>({1, 3}, {0, value, 255})});
  }
  DataFolder folder_;
};

TEST_F(Voc, ListsAreTheSplitsAndTheBorderIsIgnored) {
  for (const char* name : {"2007_1", "2007_2", "2007_3"}) sample(name, 15);
  folder_.text("ImageSets/Segmentation/train.txt", "2007_3\n2007_1\n");
  folder_.text("ImageSets/Segmentation/val.txt", "2007_2\r\n");
  folder_.text("ImageSets/Segmentation/trainval.txt", "2007_1\n2007_2\n2007_3\n");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.format(), "PASCAL VOC");
  EXPECT_THAT(data.names(Split::train), ElementsAre("2007_1", "2007_3"));
  EXPECT_THAT(data.names(Split::val), ElementsAre("2007_2"));
  EXPECT_EQ(data.classes().size(), 21);
  EXPECT_EQ(data.classes().names[15], "person");
  EXPECT_EQ(data.classes().names[20], "tvmonitor");
  EXPECT_EQ(data.classes().colors[1], (Color{128, 0, 0}));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ElementsAre(0, 15, 255));
  EXPECT_THAT(data.warnings(), IsEmpty());
}

TEST_F(Voc, WithoutListsAllMasksCountAndPartOfThemIsDrawn) {
  for (const char* name : {"a", "b", "c", "d", "e"}) sample(name, 1);
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.size(Split::train), 4);
  EXPECT_EQ(data.size(Split::val), 1);
}

TEST_F(Voc, WhatIsListedButNotThereIsTold) {
  sample("a", 1);
  folder_.text("ImageSets/Segmentation/train.txt", "a\nb\n\nc\n");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("2 of the 3 names in")));
  EXPECT_THAT(data.warnings()[0], HasSubstr("(the first: line 2, 'b')"));
  folder_.text("ImageSets/Segmentation/train.txt", "x\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder_.path()); }),
              HasSubstr("is laid out as PASCAL VOC, but holds no image with its labels"));
}

TEST_F(Voc, TheAugmentedMasksAndTheDevelopmentKit) {
  folder_.plain("VOCdevkit/VOC2012/JPEGImages/a.jpg", 1, 1, 9);
  folder_.plain("VOCdevkit/VOC2012/SegmentationClassAug/a.png", 1, 1, 20);
  folder_.text("VOCdevkit/VOC2012/ImageSets/Segmentation/trainaug.txt", "a\n");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(20));
}

TEST_F(Voc, MasksThatLostTheirPaletteAreReadByColour) {
  sample("a", 1);
  folder_.colors("SegmentationClass/a.png", {voc_color(0), voc_color(15), voc_color(255)});
  EXPECT_THAT(labels_of(open_dataset(folder_.path()).read_mask(Split::train, 0)), ElementsAre(0, 15, 255));
}

TEST_F(Voc, ClassNamesOfLabelme) {
  sample("a", 2);
  folder_.text("class_names.txt", "_background_\nbus\ncar\n");
  EXPECT_THAT(open_dataset(folder_.path()).classes().names, ElementsAre("background", "bus", "car"));
  folder_.text("class_names.txt", "\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder_.path()); }), HasSubstr("names 0 classes"));
}

}  // namespace
}  // namespace inlay
