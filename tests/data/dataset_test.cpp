#include "inlay/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using ::testing::Contains;
using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::labels_of;
using testing::message_of;

TEST(Datasets, ReadGivesImageMaskAndName) {
  const DataFolder folder;
  folder.grey("images/x.png", {1, 3}, {10, 20, 30});
  folder.grey("masks/x.png", {1, 3}, {0, 1, 2});
  const Dataset data = open_dataset(folder.path());
  const Sample sample = data.read(Split::train, 0);
  EXPECT_EQ(sample.name, "x");
  EXPECT_THAT(sample.image.pixels.data<std::uint8_t>(), ElementsAre(10, 20, 30));
  EXPECT_THAT(labels_of(sample.mask), ElementsAre(0, 1, 2));
  EXPECT_EQ(data.channels(), 1);
  EXPECT_THROW(data.read(Split::train, 1), std::out_of_range);
  EXPECT_THROW(data.read(Split::test, 0), std::out_of_range);
}

TEST(Datasets, SizesMustMatch) {
  const DataFolder folder;
  folder.plain("images/x.png", 2, 3, 0);
  folder.plain("masks/x.png", 3, 2, 1);
  const std::string message = message_of<InputError>([&] { open_dataset(folder.path()).read(Split::train, 0); });
  EXPECT_THAT(message, HasSubstr("images/x.png' has 2x3 pixels and its mask"));
  EXPECT_THAT(message, HasSubstr("masks/x.png' 3x2"));
}

TEST(Datasets, SuffixesAndFolderNames) {
  const DataFolder folder;
  folder.plain("photos/a_sat.jpg", 2, 2, 0);
  folder.plain("photos/b.jpg", 2, 2, 0);
  folder.plain("labels/a_mask.png", 2, 2, 1);
  folder.text("dataset.toml", "images='photos'\nmasks='labels'\nimage_suffix='_sat.jpg'\nmask_suffix='_mask.png'");
  const Dataset data = open_dataset(folder.path());
  EXPECT_THAT(data.names(Split::all), ElementsAre("a"));
  EXPECT_THAT(data.warnings(), IsEmpty());
}

TEST(Datasets, OneColourImageMakesThreeChannels) {
  const DataFolder folder;
  folder.plain("images/a.png", 1, 2, 0);
  folder.colors("images/b.png", {{1, 2, 3}, {4, 5, 6}});
  for (const char* name : {"masks/a.png", "masks/b.png"}) folder.grey(name, {1, 2}, {0, 1});
  EXPECT_EQ(open_dataset(folder.path()).channels(), 3);
}

TEST(Datasets, ChannelsAreAsManyAsTheFilesHold) {
  const DataFolder folder;
  write_image(folder / "images/a.tif", {Tensor(DType::u8, {2, 2, 5})});
  folder.plain("masks/a.png", 2, 2, 1);
  EXPECT_EQ(open_dataset(folder.path()).channels(), 5);
}

TEST(Datasets, SamplesAreDealtOutAnew) {
  const DataFolder folder;
  for (const char* name : {"b", "c"}) folder.pair(name, "train/");
  folder.pair("a", "val/");
  folder.pair("d", "test/");
  const Dataset data = open_dataset(folder.path());
  const Dataset other = data.with_split(std::array{Split::val, Split::all, Split::test, Split::test});
  EXPECT_THAT(other.names(Split::train), IsEmpty());
  EXPECT_THAT(other.names(Split::val), ElementsAre("b"));
  EXPECT_THAT(other.names(Split::test), ElementsAre("a", "d"));
  EXPECT_EQ(other.paths(Split::test, 0).image, folder / "val/images/a.png");
  EXPECT_EQ(other.read(Split::test, 0).name, "a");
  EXPECT_EQ(other.classes().names, data.classes().names);
  EXPECT_EQ(other.format(), "folder");
  EXPECT_THAT(message_of<InputError>([&] { data.with_split(std::array{Split::val}); }), HasSubstr("1 samples of"));
}

// A JPEG of 2x4 pixels as stored, which is to be turned by 90 degrees for showing.
std::string turned_photograph() {
  Image image{Tensor(DType::u8, {2, 4, 1})};
  std::string jpeg = encode_image(image, ".jpg");
  const std::string exif(
      "\xff\xe1\x00\x22"
      "Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
      36);
  return jpeg.insert(2, exif);
}

TEST(Datasets, AMaskOfThePhotographAsStoredIsTurnedLikeIt) {
  const DataFolder folder;
  folder.text("images/stored.jpg", turned_photograph());
  folder.text("images/shown.jpg", turned_photograph());
  folder.grey("masks/stored.png", {2, 4}, {0, 1, 2, 3, 4, 5, 6, 7});
  folder.grey("masks/shown.png", {4, 2}, {4, 0, 5, 1, 6, 2, 7, 3});
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0});
  for (std::int64_t i = 0; i < 2; ++i) {
    const Sample sample = data.read(Split::train, i);
    EXPECT_EQ(sample.image.pixels.shape(), (Shape{4, 2, 1})) << sample.name;
    EXPECT_THAT(labels_of(sample.mask), ElementsAre(4, 0, 5, 1, 6, 2, 7, 3)) << sample.name;
    EXPECT_EQ(labels_of(data.read_mask(Split::train, i)), labels_of(sample.mask)) << sample.name;
  }
  folder.grey("masks/stored.png", {4, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7});
  EXPECT_THAT(message_of<InputError>([&] { data.read(Split::train, 1); }), HasSubstr("has 4x2 pixels and its mask"));
}

TEST(Statistics, MeanStdAndClassPixels) {
  const DataFolder folder;
  folder.grey("train/images/a.png", {1, 4}, {0, 0, 255, 255});
  folder.grey("train/masks/a.png", {1, 4}, {0, 1, 1, 255});
  folder.grey("train/images/b.png", {1, 2}, {51, 51});
  folder.grey("train/masks/b.png", {1, 2}, {0, 2});
  folder.pair("v", "val/");
  const Dataset data = open_dataset(folder.path());
  const DataStatistics one = measure_statistics(data, Split::train, 1);
  EXPECT_THAT(one.mean, ElementsAre(FloatNear(2.4f / 6.0f, 1e-6f)));
  EXPECT_THAT(one.std, ElementsAre(FloatNear(std::sqrt((2.0f + 2.0f * 0.04f) / 6.0f - 0.16f), 1e-6f)));
  EXPECT_THAT(one.class_pixels, ElementsAre(2, 2, 1));
  EXPECT_THAT(one.class_image_pixels, ElementsAre(5, 3, 2));
  EXPECT_THAT(measure_statistics(data, Split::train, 3).mean, ElementsAre(one.mean[0], one.mean[0], one.mean[0]));
  EXPECT_THAT(message_of<InputError>([&] { measure_statistics(data, Split::test, 1); }), HasSubstr("the test part of"));
}

TEST(Statistics, FlatPicturesHaveStdOne) {
  const DataFolder folder;
  folder.pair("a");
  EXPECT_THAT(measure_statistics(open_dataset(folder.path()), Split::train, 1).std, ElementsAre(1.0f));
}

TEST(Statistics, MedianFrequencyWeights) {
  DataStatistics statistics;
  statistics.class_pixels = {80, 20, 0, 10};
  statistics.class_image_pixels = {100, 100, 0, 100};
  EXPECT_THAT(median_frequency_weights(statistics),
              ElementsAre(FloatNear(0.25f, 1e-6f), FloatNear(1.0f, 1e-6f), 1.0f, FloatNear(2.0f, 1e-6f)));
  statistics.class_pixels = {80, 20};
  statistics.class_image_pixels = {100, 100};
  EXPECT_THAT(median_frequency_weights(statistics), ElementsAre(FloatNear(0.625f, 1e-6f), FloatNear(2.5f, 1e-6f)));
  statistics.class_pixels = {0, 0};
  EXPECT_THAT(median_frequency_weights(statistics), ElementsAre(1.0f, 1.0f));
}

TEST(Statistics, EnetWeights) {
  DataStatistics statistics;
  statistics.class_pixels = {800, 199, 0, 1};
  EXPECT_THAT(enet_weights(statistics),
              ElementsAre(FloatNear(1.6699f, 1e-4f), FloatNear(5.0497f, 1e-4f), 1.0f, FloatNear(48.1173f, 1e-4f)));
  statistics.class_pixels = {7};
  EXPECT_THAT(enet_weights(statistics), ElementsAre(FloatNear(1.4223f, 1e-4f)));
  statistics.class_pixels = {0, 0};
  EXPECT_THAT(enet_weights(statistics), ElementsAre(1.0f, 1.0f));
}

}  // namespace
}  // namespace inlay
