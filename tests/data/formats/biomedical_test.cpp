// ISBI 2012, DRIVE and nnU-Net.
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

TEST(Isbi, SlicesOfTheVolume) {
  const DataFolder folder;
  folder.stack("train-volume.tif", {10, 20, 30});
  folder.stack("train-labels.tif", {0, 255, 255});
  const Dataset data = open_dataset(folder.path(), {.val_last = 1});
  EXPECT_EQ(data.format(), "ISBI 2012");
  EXPECT_THAT(data.names(Split::val), ElementsAre("train-volume_2"));
  EXPECT_THAT(data.classes().names, ElementsAre("membrane", "cell"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), Each(0));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), Each(1));
  EXPECT_EQ(data.read_image(Split::val, 0).pixels.data<std::uint8_t>()[0], 30);
  folder.stack("train-labels.tif", {0});
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }), HasSubstr("has 3 pages and"));
}

TEST(Drive, OutsideOfTheFieldOfViewIsIgnored) {
  const DataFolder folder;
  for (const char* split : {"training", "test"}) {
    const std::string place = std::string(split) + "/", number = split[1] == 'r' ? "21" : "01";
    folder.plain(place + "images/" + number + "_" + split + ".tif", 1, 4, 90);
    folder.grey(place + "1st_manual/" + number + "_manual1.png", {1, 4}, {0, 255, 0, 255});
    folder.grey(place + "mask/" + number + "_" + split + "_mask.png", {1, 4}, {0, 0, 255, 255});
  }
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.format(), "DRIVE");
  EXPECT_THAT(data.names(Split::train), ElementsAre("21"));
  EXPECT_THAT(data.names(Split::test), ElementsAre("01"));
  EXPECT_THAT(data.classes().names, ElementsAre("background", "vessel"));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(255, 255, 0, 1));
  folder.plain("test/mask/01_test_mask.png", 2, 4, 255);
  EXPECT_THAT(message_of<InputError>([&] { data.read_mask(Split::test, 0); }),
              HasSubstr("has 1x4 pixels and the field of view"));
  std::filesystem::remove(folder / "test/mask/01_test_mask.png");
  EXPECT_THAT(open_dataset(folder.path()).warnings(), ElementsAre(HasSubstr("01_test.tif' is not used")));
}

TEST(Drive, ImagesMasksAndFov) {
  const DataFolder folder;
  folder.pair("37");
  folder.grey("masks/37.png", {2, 2}, {0, 255, 255, 0});
  folder.grey("fov/37.png", {2, 2}, {255, 255, 0, 0});
  EXPECT_THAT(labels_of(open_dataset(folder.path()).read_mask(Split::train, 0)), ElementsAre(0, 1, 255, 255));
}

class Nnunet : public ::testing::Test {
 protected:
  void describe(const std::string& channels, const std::string& labels, const std::string& ending = ".png") {
    folder_.text("dataset.json", R"({"channel_names": )" + channels + R"(, "labels": )" + labels +
                                     R"(, "numTraining": 1, "file_ending": ")" + ending + R"("})");
  }
  std::string complaint() {
    return message_of<InputError>([&] { open_dataset(folder_.path(), {.val_fraction = 0.0}).read(Split::train, 0); });
  }
  DataFolder folder_;
};

TEST_F(Nnunet, AFileForEveryChannel) {
  describe(R"({"0": "red", "1": "infrared"})", R"({"background": 0, "ignore": 2, "road": 1})");
  folder_.grey("imagesTr/a_b_0000.png", {1, 3}, {1, 2, 3});
  folder_.grey("imagesTr/a_b_0001.png", {1, 3}, {11, 12, 13});
  folder_.grey("labelsTr/a_b.png", {1, 3}, {0, 1, 2});
  folder_.plain("imagesTs/t_0000.png", 1, 1, 0);
  folder_.plain("imagesTs/t_0001.png", 1, 1, 0);
  folder_.plain("labelsTs/t.png", 1, 1, 1);
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.format(), "nnU-Net");
  EXPECT_THAT(data.names(Split::train), ElementsAre("a_b"));
  EXPECT_THAT(data.names(Split::test), ElementsAre("t"));
  EXPECT_THAT(data.classes().names, ElementsAre("background", "road"));
  EXPECT_EQ(data.channels(), 2);
  const Sample sample = data.read(Split::train, 0);
  EXPECT_THAT(sample.image.pixels.data<std::uint8_t>(), ElementsAre(1, 11, 2, 12, 3, 13));
  EXPECT_THAT(labels_of(sample.mask), ElementsAre(0, 1, 255));
}

TEST_F(Nnunet, ColourInOneFileAndMixedDepth) {
  describe(R"({"0": "R", "1": "G", "2": "B"})", R"({"background": 0, "road": 1})");
  folder_.colors("imagesTr/a_0000.png", {{1, 2, 3}});
  folder_.plain("labelsTr/a.png", 1, 1, 1);
  EXPECT_EQ(open_dataset(folder_.path()).channels(), 3);
  describe(R"({"0": "x", "1": "y"})", R"({"0": "background", "1": "road"})");
  write_image(folder_ / "imagesTr/a_0000.png", {Tensor::of<float>({1, 1, 1}, {0.5f})});
  folder_.plain("imagesTr/a_0001.png", 1, 1, 255);
  const Image image = open_dataset(folder_.path()).read_image(Split::train, 0);
  EXPECT_THAT(image.pixels.data<float>(), ElementsAre(::testing::FloatNear(0.5f, 1e-4f), 1.0f));
}

TEST_F(Nnunet, TheFirstFoldOfSplitsFinalIsForValidation) {
  describe(R"({"0": "x"})", R"({"background": 0, "road": 1})");
  for (const char* name : {"a", "b", "c"}) {
    folder_.plain(std::string("imagesTr/") + name + "_0000.png", 1, 1, 0);
    folder_.plain(std::string("labelsTr/") + name + ".png", 1, 1, 1);
  }
  folder_.text("splits_final.json", R"([{"train": ["a", "b"], "val": ["c"]}, {"train": ["b", "c"], "val": ["a"]}])");
  EXPECT_THAT(open_dataset(folder_.path()).names(Split::train), ElementsAre("a", "b"));
  EXPECT_THAT(open_dataset(folder_.path()).names(Split::val), ElementsAre("c"));
  folder_.text("splits_final.json", R"([{"train": [], "val": ["x"]}])");
  EXPECT_THAT(complaint(), HasSubstr("splits_final.json': there is no case \"x\""));
  folder_.text("splits_final.json", "{}");
  EXPECT_THAT(complaint(), HasSubstr("expected a list of folds"));
}

TEST_F(Nnunet, WhatIsWrongIsSaid) {
  describe(R"({"0": "x", "1": "y"})", R"({"background": 0, "road": 1})");
  folder_.plain("imagesTr/a_0000.png", 1, 1, 0);
  folder_.plain("labelsTr/a.png", 1, 1, 1);
  EXPECT_THAT(complaint(), HasSubstr("has 1 channels with the files beside it; dataset.json names 2"));
  folder_.plain("imagesTr/a_0001.png", 1, 2, 0);
  EXPECT_THAT(complaint(), HasSubstr("must be of one size"));
  folder_.plain("labelsTr/b.png", 1, 1, 1);
  EXPECT_THAT(open_dataset(folder_.path()).warnings(), ElementsAre(HasSubstr("there is no 'b_0000.png'")));
  describe(R"({"0": "x"})", R"({"background": 0, "road": [1, 2]})");
  EXPECT_THAT(complaint(), HasSubstr("the label 'road' is not a whole number; regions"));
  describe(R"({"0": "x"})", R"({"background": 0})", ".mha");
  EXPECT_THAT(complaint(), HasSubstr("files that end in '.mha' cannot be read; pictures (.png, .tif) and NIfTI"));
  describe("{}", "{}");
  EXPECT_THAT(complaint(), HasSubstr("there are no 'channel_names'"));
  describe(R"({"0": "x"})", "3");
  EXPECT_THAT(complaint(), HasSubstr("there are no 'labels'"));
  folder_.text("dataset.json", "{\n\"labels\": ");
  EXPECT_THAT(complaint(), HasSubstr("dataset.json' is no JSON: parse error at line 2"));
  folder_.text("dataset.json", "[1]");
  EXPECT_THAT(complaint(), HasSubstr("there are no 'channel_names'"));
}

}  // namespace
}  // namespace inlay
