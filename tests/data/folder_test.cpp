#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/dataset.h"
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

TEST(Layouts, SplitThenKind) {
  const DataFolder folder;
  for (const char* name : {"b", "a"}) folder.pair(name, "train/");
  folder.pair("c", "val/");
  folder.pair("d", "test/");
  const Dataset data = open_dataset(folder.path());
  EXPECT_THAT(data.names(Split::train), ElementsAre("a", "b"));
  EXPECT_THAT(data.names(Split::val), ElementsAre("c"));
  EXPECT_THAT(data.names(Split::test), ElementsAre("d"));
  EXPECT_THAT(data.names(Split::all), ElementsAre("a", "b", "c", "d"));
  EXPECT_EQ(data.size(Split::all), 4);
  EXPECT_THAT(data.warnings(), IsEmpty());
  EXPECT_EQ(data.root(), folder.path());
}

TEST(Layouts, KindThenSplit) {
  const DataFolder folder;
  for (const char* split : {"train", "val"}) {
    folder.plain(std::string("images/") + split + "/x.jpg", 2, 2, 9);
    folder.plain(std::string("masks/") + split + "/x.png", 2, 2, 1);
  }
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.size(Split::train), 1);
  EXPECT_EQ(data.size(Split::val), 1);
  EXPECT_EQ(data.size(Split::test), 0);
  EXPECT_EQ(data.paths(Split::val, 0).image, folder / "images/val/x.jpg");
  EXPECT_EQ(data.paths(Split::val, 0).mask, folder / "masks/val/x.png");
}

class Drawn : public ::testing::Test {
 protected:
  Drawn() {
    for (int i = 0; i < 10; ++i) folder_.pair("p" + std::to_string(i));
  }
  std::vector<std::string> val(const DatasetOptions& options) {
    return open_dataset(folder_.path(), options).names(Split::val);
  }
  DataFolder folder_;
};

TEST_F(Drawn, AFifthIsForValidationAndDependsOnTheSeedAlone) {
  EXPECT_EQ(val({}).size(), 2u);
  EXPECT_EQ(val({.seed = 5}), val({.seed = 5}));
  std::set<std::vector<std::string>> draws;
  for (std::uint64_t seed = 0; seed < 8; ++seed) draws.insert(val({.seed = seed}));
  EXPECT_GT(draws.size(), 3u);
  const Dataset data = open_dataset(folder_.path(), {.seed = 5});
  std::vector<std::string> all = data.names(Split::all);
  std::ranges::sort(all);
  EXPECT_EQ(std::ranges::unique(all).size(), 0u);
  EXPECT_EQ(data.size(Split::train), 8);
  EXPECT_TRUE(std::ranges::is_sorted(data.names(Split::train)));
}

TEST_F(Drawn, ShareAndLastCanBeChosen) {
  EXPECT_EQ(val({.val_fraction = 0.5}).size(), 5u);
  EXPECT_EQ(val({.val_fraction = 0.001}).size(), 1u);
  EXPECT_EQ(val({.val_fraction = 0.99}).size(), 9u);
  EXPECT_THAT(val({.val_fraction = 0.0}), IsEmpty());
  EXPECT_THAT(val({.val_last = 3}), ElementsAre("p7", "p8", "p9"));
  EXPECT_THAT(message_of<InputError>([&] { val({.val_last = 10}); }), HasSubstr("there are only 10"));
  EXPECT_THAT(message_of<InputError>([&] { val({.val_last = -1}); }), HasSubstr("is -1, expected 0 or more"));
  EXPECT_THAT(message_of<InputError>([&] { val({.val_fraction = 1.0}); }),
              HasSubstr("expected 0 or more and less than 1"));
}

TEST(Draw, OneImageIsForTrainingAndTrainAloneIsDivided) {
  const DataFolder one;
  one.pair("a");
  EXPECT_EQ(open_dataset(one.path()).size(Split::train), 1);
  const DataFolder folder;
  for (const char* name : {"a", "b", "c"}) folder.pair(name, "train/");
  folder.pair("t", "test/");
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.size(Split::train), 2);
  EXPECT_EQ(data.size(Split::val), 1);
  EXPECT_EQ(data.size(Split::test), 1);
}

TEST(Pairs, EveryOrphanIsNamed) {
  const DataFolder folder;
  for (const char* name : {"a", "b"}) folder.pair(name);
  folder.plain("images/lonely.png", 2, 2, 0);
  folder.plain("images/a.jpg", 2, 2, 0);
  folder.plain("masks/extra.png", 2, 2, 0);
  folder.text("images/notes.txt", "no picture");
  folder.plain("images/.hidden.png", 2, 2, 0);
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.size(Split::all), 2);
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("a.png' is not used: 'a.jpg' has the same stem"),
                                           HasSubstr("images/lonely.png' has no mask 'lonely.*'"),
                                           HasSubstr("masks/extra.png' has no image 'extra.*'")));
}

TEST(Pairs, SplitWithoutMasksIsLeftOut) {
  const DataFolder folder;
  for (const char* name : {"a", "b"}) folder.pair(name, "train/");
  folder.plain("test/images/t.png", 2, 2, 0);
  const Dataset data = open_dataset(folder.path());
  EXPECT_EQ(data.size(Split::test), 0);
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("test/masks' is missing: the 1 images")));
}

TEST(Pairs, NothingToUseIsAnInputError) {
  const DataFolder folder;
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder / "none"); }), HasSubstr("is missing or no folder"));
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }), HasSubstr("found: nothing"));
  folder.text("photos/a.txt", "");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }), HasSubstr("images/ and masks/"));
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }), HasSubstr("found: photos"));
  folder.plain("images/a.png", 2, 2, 0);
  folder.plain("masks/b.png", 2, 2, 0);
  const std::string message = message_of<InputError>([&] { open_dataset(folder.path()); });
  EXPECT_THAT(message, HasSubstr("images/a.png' has no mask"));
  EXPECT_THAT(message, HasSubstr("masks/b.png' has no image"));
}

TEST(Pages, OfAStackAreSamples) {
  const DataFolder folder;
  folder.stack("images/s.tif", {10, 20, 30});
  folder.stack("masks/s.tif", {0, 255, 0});
  folder.plain("images/t.tif", 2, 2, 9);
  folder.plain("masks/t.tif", 2, 2, 255);
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0});
  EXPECT_THAT(data.names(Split::all), ElementsAre("s_0", "s_1", "s_2", "t"));
  EXPECT_EQ(data.read_image(Split::train, 2).pixels.data<std::uint8_t>()[0], 30);
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 1)), ::testing::Each(1));
  EXPECT_THAT(labels_of(data.read_mask(Split::train, 2)), ::testing::Each(0));
  EXPECT_EQ(data.classes().size(), 2);
  folder.stack("images/s.tif", {10, 20});
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }),
              HasSubstr("s.tif' has 2 pages and its mask"));
}

TEST(Unknown, FoldersAreToldWhatIsKnown) {
  const DataFolder folder;
  folder.text("scans/a.txt", "");
  const std::string message = message_of<InputError>([&] { open_dataset(folder.path()); });
  EXPECT_THAT(message, HasSubstr("is laid out in no way that is known; found: scans; known are:"));
  EXPECT_THAT(message, HasSubstr("\n  folder           images/ and masks/, train/images/"));
}

TEST(Splits, HaveNames) {
  for (Split split : {Split::train, Split::val, Split::test, Split::all})
    EXPECT_EQ(parse_split(to_string(split)), split);
  EXPECT_THAT(message_of<InputError>([] { parse_split("valid"); }), HasSubstr("expected train, val, test or all"));
}

}  // namespace
}  // namespace inlay
