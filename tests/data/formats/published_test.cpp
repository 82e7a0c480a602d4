// Cityscapes, ADE20K, COCO-Stuff and Oxford-IIIT Pets.
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

TEST(Cityscapes, IdsBecomeTrainIds) {
  const DataFolder folder;
  folder.plain("leftImg8bit/train/aachen/aachen_000000_000019_leftImg8bit.png", 1, 5, 0);
  folder.grey("gtFine/train/aachen/aachen_000000_000019_gtFine_labelIds.png", {1, 5}, {7, 33, 0, 29, 255});
  folder.plain("leftImg8bit/val/ulm/ulm_1_leftImg8bit.png", 1, 3, 0);
  folder.grey("gtFine/val/ulm/ulm_1_gtFine_labelTrainIds.png", {1, 3}, {0, 18, 255});
  folder.plain("leftImg8bit/val/ulm/ulm_2_leftImg8bit.png", 1, 3, 0);
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.format(), "Cityscapes");
  EXPECT_EQ(data.classes().size(), 19);
  EXPECT_EQ(data.classes().names[18], "bicycle");
  EXPECT_THAT(data.names(Split::train), ElementsAre("aachen_000000_000019"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(0, 18, 255, 255, 255));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ElementsAre(0, 18, 255));
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("1 images of")));
}

TEST(Cityscapes, AValueThatIsNoIdIsAnError) {
  const DataFolder folder;
  folder.plain("leftImg8bit/train/a/a_leftImg8bit.png", 1, 2, 0);
  folder.grey("gtFine/train/a/a_gtFine_labelIds.png", {1, 2}, {7, 34});
  const Dataset data = open_dataset(folder.path());
  EXPECT_THAT(message_of<InputError>([&] { data.read_mask(Split::train, 0); }),
              HasSubstr("labelIds.png' has the value 34 at x 1, y 0"));
}

TEST(Ade20k, ZeroIsIgnoredAndOneIsTheFirstClass) {
  const DataFolder folder;
  for (const char* split : {"training", "validation"}) {
    folder.plain(std::string("images/") + split + "/ADE_1.jpg", 1, 3, 0);
    folder.grey(std::string("annotations/") + split + "/ADE_1.png", {1, 3}, {0, 1, 150});
  }
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.format(), "ADE20K");
  EXPECT_EQ(data.classes().size(), 150);
  EXPECT_EQ(data.classes().names.front(), "wall");
  EXPECT_EQ(data.classes().names.back(), "flag");
  EXPECT_EQ(data.size(Split::train), 1);
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ElementsAre(255, 0, 149));
}

TEST(CocoStuff, AValueIsTheNumberLessOneWithoutTheElevenThatWereNeverOutlined) {
  const DataFolder folder;
  for (const char* split : {"train2017", "val2017"}) {
    folder.plain(std::string("images/") + split + "/000000000009.jpg", 1, 6, 0);
    folder.grey(std::string("annotations/") + split + "/000000000009.png", {1, 6}, {0, 10, 12, 91, 181, 255});
  }
  folder.grey("annotations/train2017/000000000009_labelTrainIds.png", {1, 6}, {0, 10, 11, 80, 170, 255});
  folder.plain("images/val2017/000000000025.jpg", 1, 1, 0);
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.format(), "COCO-Stuff");
  EXPECT_EQ(data.classes().size(), 171);
  EXPECT_EQ(data.classes().names[0], "person");
  EXPECT_EQ(data.classes().names[11], "stop sign") << "12 is the street sign";
  EXPECT_EQ(data.classes().names[79], "toothbrush");
  EXPECT_EQ(data.classes().names[80], "banner");
  EXPECT_EQ(data.classes().names[170], "wood");
  EXPECT_THAT(data.names(Split::train), ElementsAre("000000000009"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(0, 10, 11, 80, 170, 255));
  EXPECT_EQ(data.size(Split::val), 1);
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("1 images have no mask and are not used")));
}

TEST(CocoStuff, MapsBesideCocoGoBeforeItsObjects) {
  const DataFolder folder;
  folder.text("annotations/instances_train2017.json", R"({"images": [], "annotations": [], "categories": []})");
  for (const char* place : {"stuffthingmaps", "annotations/stuffthingmaps_trainval2017"}) {
    folder.plain("train2017/000000000030.jpg", 1, 2, 0);
    folder.grey(std::string(place) + "/train2017/000000000030.png", {1, 2}, {63, 118});
    const Dataset data = open_dataset(folder.path());
    EXPECT_EQ(data.format(), "COCO-Stuff");
    const auto labels = labels_of(data.read_mask(Split::train, 0));
    EXPECT_EQ(data.classes().names[labels[0]], "potted plant");
    EXPECT_EQ(data.classes().names[labels[1]], "flower");
    std::filesystem::remove_all(folder / place);
  }
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }), HasSubstr("has 0 categories"));
}

TEST(CocoStuff, AThingThatWasNeverOutlinedIsNoClass) {
  const DataFolder folder;
  folder.plain("images/train2017/000000000009.jpg", 1, 2, 0);
  folder.grey("annotations/train2017/000000000009.png", {1, 2}, {10, 11});
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()).read_mask(Split::train, 0); }),
              HasSubstr("000000000009.png' has the value 11 at x 1, y 0, which is no class"));
}

TEST(CocoStuff, MasksOfOtherNamesAreAnotherSet) {
  const DataFolder folder;
  folder.plain("images/train2017/mine.jpg", 1, 2, 0);
  folder.grey("annotations/train2017/mine.png", {1, 2}, {0, 1});
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }),
              HasSubstr("holds no pair of image and mask"));
}

TEST(Pets, TrimapsAndLists) {
  const DataFolder folder;
  for (const char* name : {"Abyssinian_1", "beagle_2", "pug_3"}) {
    folder.plain(std::string("images/") + name + ".jpg", 1, 3, 0);
    folder.grey(std::string("annotations/trimaps/") + name + ".png", {1, 3}, {1, 2, 3});
  }
  folder.text("annotations/trimaps/._pug_3.png", "what macOS leaves behind");
  folder.text("annotations/trainval.txt", "# Image CLASS-ID SPECIES BREED\nbeagle_2 2 2 1\nAbyssinian_1 1 1 1\n");
  folder.text("annotations/test.txt", "pug_3 3 2 2\n");
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0});
  EXPECT_EQ(data.format(), "Oxford-IIIT Pets");
  EXPECT_THAT(data.classes().names, ElementsAre("background", "pet"));
  EXPECT_THAT(data.names(Split::train), ElementsAre("Abyssinian_1", "beagle_2"));
  EXPECT_THAT(data.names(Split::test), ElementsAre("pug_3"));
  EXPECT_THAT(labels_of(data.read_mask(Split::test, 0)), ElementsAre(1, 0, 255));
  EXPECT_THAT(data.warnings(), IsEmpty());
}

}  // namespace
}  // namespace inlay
