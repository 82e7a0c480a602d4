#include "inlay/rle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "inlay/error.h"
#include "support/temp_folder.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::message_of;

Mask mask_of(const Shape& shape, std::initializer_list<std::uint8_t> labels) {
  return {Tensor::of<std::uint8_t>(shape, labels)};
}

std::string complaint(const std::function<void()>& action) { return message_of<InputError>(action); }

TEST(Counts, GoDownTheColumnsAndStartWithWhatIsNotOfTheObject) {
  const Mask mask = mask_of({2, 3}, {0, 7, 7,  //
                                     0, 7, 1});
  EXPECT_THAT(coco_counts(mask, 7), ElementsAre(2, 3, 1));
  EXPECT_THAT(coco_counts(mask, 0), ElementsAre(0, 2, 4));
  EXPECT_THAT(coco_counts(mask, 9), ElementsAre(6));
  EXPECT_EQ(area_of(coco_counts(mask, 7)), 3);
  EXPECT_EQ(area_of(coco_counts(mask, 9)), 0);
}

TEST(Counts, PaintLeavesTheOthers) {
  Mask mask = mask_of({2, 3}, {5, 5, 5, 5, 5, 5});
  paint(Counts{2, 3, 1}, 7, mask);
  EXPECT_THAT(mask.labels.data<std::uint8_t>(), ElementsAre(5, 7, 7, 5, 7, 5));
  paint(Counts{6}, 1, mask);
  EXPECT_THAT(mask.labels.data<std::uint8_t>(), ElementsAre(5, 7, 7, 5, 7, 5));
  paint(Counts{0, 6}, 1, mask);
  EXPECT_THAT(mask.labels.data<std::uint8_t>(), ElementsAre(1, 1, 1, 1, 1, 1));
}

TEST(Counts, MustAddUpToThePicture) {
  Mask mask = mask_of({2, 2}, {0, 0, 0, 0});
  EXPECT_THAT(complaint([&] { paint(Counts{1, 2}, 1, mask); }), HasSubstr("are of 3 pixels, the picture has 2x2"));
  EXPECT_THAT(complaint([&] { paint(Counts{1, 4}, 1, mask); }), HasSubstr("one is 4, after 1 of 4 pixels"));
  EXPECT_THAT(complaint([&] { paint(Counts{-1, 5}, 1, mask); }), HasSubstr("one is -1"));
  EXPECT_THAT(complaint([&] { paint(Counts{}, 1, mask); }), HasSubstr("are of 0 pixels"));
  EXPECT_THAT(complaint([&] { paint(Counts{1, INT64_MAX, INT64_MAX}, 1, mask); }), HasSubstr("do not fit"));
}

TEST(CocoString, IsThatOfPycocotools) {
  std::ifstream file(fs::path(INLAY_SOURCE) / "tests/golden/coco_masks.json");
  const auto golden = nlohmann::json::parse(file);
  ASSERT_FALSE(golden.at("strings").empty());
  for (const auto& one : golden.at("strings")) {
    const Counts counts = one.at("counts");
    const std::string text = one.at("text");
    EXPECT_EQ(coco_string(counts), text);
    EXPECT_EQ(parse_coco_string(text), counts);
  }
}

TEST(CocoString, ComesBack) {
  const Counts counts{0, 1, 31, 32, 15, 16, 17, 1 << 20, 1, std::int64_t{1} << 31, 5};
  EXPECT_EQ(parse_coco_string(coco_string(counts)), counts);
  EXPECT_EQ(coco_string(Counts{}), "");
  EXPECT_TRUE(parse_coco_string("").empty());
}

TEST(CocoString, HostileTextIsAnInputError) {
  EXPECT_THAT(complaint([] { parse_coco_string("5!"); }), HasSubstr("character at place 1"));
  EXPECT_THAT(complaint([] { parse_coco_string("\x7f\xff"); }), HasSubstr("character at place 0"));
  EXPECT_THAT(complaint([] { parse_coco_string("5o"); }), HasSubstr("end within a number"));
  EXPECT_THAT(complaint([] { parse_coco_string("ooooooooooooo0"); }), HasSubstr("a number above 2^32"));
  EXPECT_THAT(complaint([] { parse_coco_string("O"); }), HasSubstr("the count -1"));
}

TEST(Kaggle, StartsCountFromOne) {
  const Mask mask = mask_of({2, 3}, {1, 1, 0,  //
                                     0, 1, 1});
  EXPECT_EQ(kaggle_rle(coco_counts(mask, 1)), "1 1 3 2 6 1");
  EXPECT_EQ(kaggle_rle(Counts{6}), "");
  EXPECT_THAT(parse_kaggle_rle("1 1 3 2 6 1", 6), ElementsAre(0, 1, 1, 2, 1, 1));
  EXPECT_THAT(parse_kaggle_rle(" 3 2\t", 6), ElementsAre(2, 2, 2));
  EXPECT_THAT(parse_kaggle_rle("", 6), ElementsAre(6));
  EXPECT_THAT(parse_kaggle_rle("1 6", 6), ElementsAre(0, 6));
  EXPECT_THAT(parse_kaggle_rle("1 2 3 1 5 1", 6), ElementsAre(0, 3, 1, 1, 1));  // runs that touch are one
}

TEST(Kaggle, HostileTextIsAnInputError) {
  EXPECT_THAT(complaint([] { parse_kaggle_rle("1 two", 6); }), HasSubstr("found 'two'"));
  EXPECT_THAT(complaint([] { parse_kaggle_rle("1 2 3", 6); }), HasSubstr("the start 3 has no length"));
  for (const char* text : {"0 1", "7 1", "1 7", "3 2 4 1", "3 2 1 1", "1 0", "-1 1", "2 9223372036854775807"})
    EXPECT_THAT(complaint([&] { parse_kaggle_rle(text, 6); }), HasSubstr("within the picture's 6 pixels")) << text;
  EXPECT_THAT(complaint([] { parse_kaggle_rle("99999999999999999999 1", 6); }), HasSubstr("whole numbers"));
}

}  // namespace
}  // namespace inlay
