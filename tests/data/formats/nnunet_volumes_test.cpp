// nnU-Net's data as it is mostly published: NIfTI volumes, a sample for every slice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "inlay/write_dataset.h"
#include "support/data_folder.h"
#include "support/tiny_nifti.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::ElementsAre;
using testing::gzip;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::make_nifti;
using testing::message_of;

class NnunetVolumes : public ::testing::Test {
 protected:
  NnunetVolumes() {
    describe(R"({"0": "CT"})", ".nii.gz");
    image("liver_1_0000.nii.gz", {-1000, 40, 55, 300});
    labels("liver_1.nii.gz", {0, 1, 2, 0});
  }
  void describe(const std::string& channels, const std::string& ending) const {
    folder_.text("dataset.json", R"({"channel_names": )" + channels +
                                     R"(, "labels": {"background": 0, "liver": 1, "tumour": 2}, "file_ending": ")" +
                                     ending + R"("})");
  }
  // Two slices of 1x2 pixels.
  void image(const std::string& name, const std::vector<std::int16_t>& values) const {
    folder_.text("imagesTr/" + name, gzip(make_nifti<std::int16_t>({.sides = {2, 1, 2}, .type = 4}, values)));
  }
  void labels(const std::string& name, const std::vector<std::uint8_t>& values) const {
    folder_.text("labelsTr/" + name, gzip(make_nifti<std::uint8_t>({.sides = {2, 1, 2}}, values)));
  }
  Dataset open() const { return open_dataset(folder_.path(), {.val_fraction = 0.0}); }
  std::string complaint() const {
    return message_of<InputError>([&] {
      const Dataset data = open();
      for (std::int64_t i = 0; i < data.size(Split::all); ++i) data.read(Split::all, i);
    });
  }
  DataFolder folder_;
};

TEST_F(NnunetVolumes, ASampleForEverySlice) {
  const Dataset data = open();
  EXPECT_EQ(data.format(), "nnU-Net");
  EXPECT_THAT(data.names(Split::train), ElementsAre("liver_1_0", "liver_1_1"));
  EXPECT_THAT(data.classes().names, ElementsAre("background", "liver", "tumour"));
  const Sample first = data.read(Split::train, 0), second = data.read(Split::train, 1);
  EXPECT_EQ(first.image.pixels.shape(), (Shape{1, 2, 1}));
  EXPECT_THAT(first.image.pixels.data<float>(), ElementsAre(-1000.0f, 40.0f)) << "values are kept as they are";
  EXPECT_THAT(labels_of(first.mask), ElementsAre(0, 1));
  EXPECT_THAT(second.image.pixels.data<float>(), ElementsAre(55.0f, 300.0f));
  EXPECT_THAT(labels_of(second.mask), ElementsAre(2, 0));
}

TEST_F(NnunetVolumes, AFileForEveryChannelPlainOrOneOfFourDimensions) {
  describe(R"({"0": "T1", "1": "T2"})", ".nii.gz");
  image("liver_1_0001.nii.gz", {1, 2, 3, 4});
  EXPECT_EQ(open().channels(), 2);
  EXPECT_THAT(open().read_image(Split::train, 1).pixels.data<float>(), ElementsAre(55, 3, 300, 4));
  std::filesystem::remove_all(folder_ / "imagesTr");
  folder_.text("imagesTr/liver_1.nii.gz",
               make_nifti<float>({.sides = {2, 1, 2, 2}, .type = 16}, {1, 2, 3, 4, 11, 12, 13, 14}));
  EXPECT_THAT(open().read_image(Split::train, 0).pixels.data<float>(), ElementsAre(1, 11, 2, 12));
  describe(R"({"0": "T1"})", ".nii.gz");
  EXPECT_THAT(complaint(), HasSubstr("has 2 channels with the files beside it; dataset.json names 1"));
}

TEST_F(NnunetVolumes, FilesThatAreNotCompressed) {
  describe(R"({"0": "CT"})", ".nii");
  folder_.text("imagesTr/b_0000.nii", make_nifti<float>({.sides = {1, 1}, .type = 16}, {0.5f}));
  folder_.text("labelsTr/b.nii", make_nifti<double>({.sides = {1, 1}, .type = 64}, {2.0}));
  const Dataset data = open();
  EXPECT_THAT(data.names(Split::train), ElementsAre("b")) << "one slice is named like its case";
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(2));
}

TEST_F(NnunetVolumes, FoldsAreOfWholeCases) {
  image("liver_2_0000.nii.gz", {1, 2, 3, 4});
  labels("liver_2.nii.gz", {0, 0, 1, 1});
  folder_.text("splits_final.json", R"([{"train": ["liver_2"], "val": ["liver_1"]}])");
  EXPECT_THAT(open().names(Split::train), ElementsAre("liver_2_0", "liver_2_1"));
  EXPECT_THAT(open().names(Split::val), ElementsAre("liver_1_0", "liver_1_1"));
}

TEST_F(NnunetVolumes, WithoutFoldsAFifthOfTheVolumesIsValidatedOn) {
  for (const char* name : {"liver_2", "liver_3", "liver_4", "liver_5", "liver_6"}) {
    image(std::string(name) + "_0000.nii.gz", {1, 2, 3, 4});
    labels(std::string(name) + ".nii.gz", {0, 0, 1, 1});
  }
  const Dataset data = open_dataset(folder_.path(), {});
  EXPECT_THAT(data.names(Split::val), ElementsAre("liver_1_0", "liver_1_1", "liver_6_0", "liver_6_1"));
  EXPECT_EQ(data.size(Split::train), 8);
}

TEST_F(NnunetVolumes, PagesOfATiffAreSlices) {
  describe(R"({"0": "EM"})", ".tif");
  folder_.stack("imagesTr/em_0000.tif", {10, 20, 30});
  folder_.stack("labelsTr/em.tif", {0, 1, 2});
  EXPECT_THAT(open().names(Split::train), ElementsAre("em_0", "em_1", "em_2"));
  EXPECT_EQ(open().read_image(Split::train, 2).pixels.data<std::uint8_t>()[0], 30);
  EXPECT_EQ(labels_of(open().read_mask(Split::train, 1))[0], 1);
}

TEST_F(NnunetVolumes, WhatIsWrongIsSaid) {
  labels("liver_1.nii.gz", {0, 1, 9, 0});
  EXPECT_THAT(complaint(), HasSubstr("liver_1.nii.gz' has the value 9 at x 0, y 0, which is no class"));
  folder_.text("labelsTr/liver_1.nii.gz", gzip(make_nifti<float>({.sides = {2, 1, 2}, .type = 16}, {0, 1, 0.5f, 0})));
  EXPECT_THAT(complaint(), HasSubstr("labelsTr/liver_1.nii.gz': in slice 1, a mask holds whole numbers"));
  folder_.text("labelsTr/liver_1.nii.gz", gzip(make_nifti<std::uint8_t>({.sides = {2, 1, 3}}, {0, 1, 0, 0, 0, 0})));
  EXPECT_THAT(complaint(), HasSubstr("liver_1_0000.nii.gz' has 2 slices and its labels"));
  folder_.text("labelsTr/liver_1.nii.gz",
               gzip(make_nifti<std::uint8_t>({.sides = {2, 1, 2, 2}}, {0, 1, 0, 0, 0, 0, 0, 0})));
  EXPECT_THAT(complaint(), HasSubstr("have 2 channels, expected one"));
  folder_.text("labelsTr/liver_1.nii.gz", gzip(make_nifti<std::uint8_t>({.sides = {1, 2, 2}}, {0, 1, 0, 0})));
  EXPECT_THAT(complaint(), HasSubstr("they must be of one size"));
  folder_.text("labelsTr/liver_1.nii.gz", "not here");
  EXPECT_THAT(complaint(), HasSubstr("cannot read '" + (folder_ / "labelsTr/liver_1.nii.gz").string()));
  labels("liver_2.nii.gz", {0, 0, 0, 0});
  labels("liver_1.nii.gz", {0, 0, 0, 0});
  EXPECT_THAT(open().warnings(), ElementsAre(HasSubstr("there is no 'liver_2_0000.nii.gz'")));
}

TEST_F(NnunetVolumes, AsAPlainFolderTheyKeepTheirValues) {
  write_dataset(open(), DataLayout::folder, folder_ / "out");
  const Dataset copy = open_dataset(folder_ / "out", {.val_fraction = 0.0});
  EXPECT_THAT(copy.names(Split::train), ElementsAre("liver_1_0", "liver_1_1"));
  EXPECT_THAT(copy.read_image(Split::train, 0).pixels.data<float>(), ElementsAre(-1000.0f, 40.0f));
  EXPECT_THAT(labels_of(copy.read_mask(Split::train, 1)), ElementsAre(2, 0));
}

}  // namespace
}  // namespace inlay
