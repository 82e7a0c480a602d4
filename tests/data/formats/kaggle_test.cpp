#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/data_folder.h"
#include "support/shared_data.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::message_of;

TEST(Kaggle, RunLengthsAlone) {
  const DataFolder folder;
  folder.plain("train/images/a.png", 2, 3, 9);
  folder.plain("train/images/b.png", 2, 3, 9);
  folder.text("train.csv", "id,rle_mask\na,2 3\nb,\nc,1 1\n");
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0});
  EXPECT_EQ(data.format(), "Kaggle RLE");
  EXPECT_EQ(data.classes().size(), 2);
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(0, 1, 0,  //
                                                                      1, 1, 0));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 1)), Each(0));
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("1 ids of")));
  EXPECT_EQ(data.paths(Split::train, 0).mask, folder / "train.csv");
}

TEST(Kaggle, ALineForEveryObject) {
  const DataFolder folder;
  folder.plain("images/a.jpg", 1, 4, 9);
  folder.text("train.csv", "ImageId,EncodedPixels\n\"a.jpg\",\"1 1\"\na.jpg,4 1\n");
  EXPECT_THAT(labels_of(open_dataset(folder.path()).read_mask(Split::train, 0)), ElementsAre(1, 0, 0, 1));
}

TEST(Kaggle, MasksGoBeforeRunLengths) {
  const DataFolder folder;
  folder.plain("images/a.png", 1, 2, 9);
  folder.plain("images/b.png", 1, 2, 9);
  folder.plain("masks/a.png", 1, 2, 0);  // empty ones have 8 bits, the others 16
  write_image(folder / "masks/b.png", {Tensor::of<float>({1, 2, 1}, {0.0f, 1.0f})});
  folder.text("train.csv", "id,rle_mask\na,\nb,2 1\n");
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0});
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), Each(0));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 1)), ElementsAre(0, 1));
}

TEST(Kaggle, TheImageIsDecodedOnceForItAndItsMask) {
  const DataFolder folder;
  folder.plain("images/a.png", 1, 3, 9);
  folder.text("train.csv", "id,rle_mask\na,2 1\n");
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0}), other = open_dataset(folder.path());
  data.read_image(Split::train, 0);
  folder.text("images/a.png", "no picture any more");
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 0)), ElementsAre(0, 1, 0));
  EXPECT_THROW(other.read_mask(Split::train, 0), InputError);
}

TEST(Kaggle, WhatIsWrongIsSaidWithItsLine) {
  const DataFolder folder;
  folder.plain("images/a.png", 1, 2, 9);
  folder.text("train.csv", "id,rle_mask\na,2 5\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()).read_mask(Split::train, 0); }),
              HasSubstr("train.csv', line 2: the run 'start 2 length 5'"));
  folder.text("train.csv", "id,rle_mask\na\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }),
              HasSubstr("train.csv', line 2: expected 'id,run lengths', found 'a'"));
  folder.text("train.csv", "id,rle_mask\nx,\n");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }),
              HasSubstr("holds no image with its labels"));
}

class SharedSalt : public testing::SharedData {
 protected:
  SharedSalt() : SharedData("tgs_salt") {}
};

// The table of the real set, against its own mask pictures.
TEST_F(SharedSalt, RunLengthsAreTheMasks) {
  const DataFolder table;
  std::filesystem::create_directory_symlink(folder / "images", table / "images");
  std::filesystem::create_symlink(folder / "train.csv", table / "train.csv");
  const Dataset runs = open_dataset(table.path(), {.val_fraction = 0.0}),
                masks = open_dataset(folder, {.val_fraction = 0.0});
  ASSERT_EQ(runs.names(Split::all), masks.names(Split::all));
  for (std::int64_t i = 0; i < runs.size(Split::all); i += 7)
    EXPECT_EQ(labels_of(runs.read_mask(Split::all, i)), labels_of(masks.read_mask(Split::all, i))) << i;
}

}  // namespace
}  // namespace inlay
