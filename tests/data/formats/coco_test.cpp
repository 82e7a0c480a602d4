#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::labels_of;
using testing::message_of;

constexpr const char* kCategories = R"("categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}])";

class Coco : public ::testing::Test {
 protected:
  // One image of 3x4 pixels, number 7, with these annotations.
  void describe(const std::string& annotations, const std::string& categories = kCategories) {
    folder_.plain("train2017/000000000007.jpg", 3, 4, 90);
    folder_.text(
        "annotations/instances_train2017.json",
        R"({"images": [{"id": 7, "file_name": "000000000007.jpg", "height": 3, "width": 4}], "annotations": [)" +
            annotations + "], " + categories + "}");
  }
  static std::string object(const std::string& segmentation, int category = 1, int crowd = 0) {
    return R"({"image_id": 7, "category_id": )" + std::to_string(category) + R"(, "iscrowd": )" +
           std::to_string(crowd) + R"(, "segmentation": )" + segmentation + "}";
  }
  std::vector<std::uint8_t> labels() {
    return labels_of(open_dataset(folder_.path(), {.val_fraction = 0.0}).read_mask(Split::train, 0));
  }
  std::string complaint() {
    return message_of<InputError>([&] { labels(); });
  }
  DataFolder folder_;
};

TEST_F(Coco, PolygonsOfSeveralParts) {
  describe(object("[[0,0, 2,0, 2,2, 0,2], [3,2, 4,2, 4,3, 3,3]]", 18));
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.format(), "COCO");
  EXPECT_THAT(data.classes().names, ElementsAre("background", "person", "dog"));
  EXPECT_THAT(data.names(Split::train), ElementsAre("000000000007"));
  EXPECT_EQ(data.paths(Split::train, 0).mask, folder_ / "annotations/instances_train2017.json");
  EXPECT_THAT(labels(), ElementsAre(2, 2, 0, 0,  //
                                    2, 2, 0, 0,  //
                                    0, 0, 0, 2));
}

TEST_F(Coco, SmallerObjectsLieOverLargerOnesWhateverTheirOrder) {
  const std::string small = object("[[0,0, 1,0, 1,1, 0,1]]", 18), large = object("[[0,0, 4,0, 4,2, 0,2]]", 1);
  for (const std::string& both : {small + "," + large, large + "," + small}) {
    describe(both);
    EXPECT_THAT(labels(), ElementsAre(2, 1, 1, 1,  //
                                      1, 1, 1, 1,  //
                                      0, 0, 0, 0));
  }
}

TEST_F(Coco, RunLengthsPlainAndCompressedAndCrowds) {
  describe(object(R"({"counts": [0, 3, 9], "size": [3, 4]})", 1, 1) + "," +
           object(R"({"counts": "039", "size": [3, 4]})", 18) + "," +
           object(R"({"counts": [9, 3], "size": [3, 4]})", 1, 1));
  EXPECT_THAT(labels(), ElementsAre(2, 0, 0, 255,  //
                                    2, 0, 0, 255,  //
                                    2, 0, 0, 255));
}

TEST_F(Coco, ACategoryNamedBackgroundIsClassZero) {
  describe(object("[[0,0, 4,0, 4,3, 0,3]]", 5),
           R"("categories": [{"id": 0, "name": "_background_"}, {"id": 5, "name": "bus"}])");
  EXPECT_THAT(open_dataset(folder_.path()).classes().names, ElementsAre("background", "bus"));
  EXPECT_THAT(labels(), ::testing::Each(1));
}

TEST_F(Coco, SplitsAndImagesWithoutObjects) {
  describe("");
  folder_.plain("images/val2017/v.jpg", 2, 2, 0);
  folder_.text(
      "annotations/instances_val2017.json",
      std::string(R"({"annotations": [], "images": [{"id": 1, "file_name": "v.jpg", "height": 2, "width": 2},)") +
          R"({"id": 2, "file_name": "gone.jpg", "height": 2, "width": 2}], )" + kCategories + "}");
  folder_.text("annotations/captions_train2017.json", "{\"annotations\": nonsense");
  folder_.text("annotations/person_keypoints_train2017.json", "{\"annotations\": nonsense");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.size(Split::train), 1);
  EXPECT_THAT(data.names(Split::val), ElementsAre("v"));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ::testing::Each(0));
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("1 of the 2 images of")));
  EXPECT_THAT(data.warnings()[0], HasSubstr("(the first: 'gone.jpg')"));
}

TEST_F(Coco, AJsonBesideTheImages) {
  for (const char* split : {"train", "valid"}) {
    folder_.plain(std::string(split) + "/a.jpg", 1, 1, 0);
    folder_.text(std::string(split) + "/_annotations.coco.json",
                 std::string(R"({"info": {}, "images": [{"id": 0, "file_name": "a.jpg", "height": 1, "width": 1}], )") +
                     kCategories + R"(, "annotations": []})");
  }
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.size(Split::train), 1);
  EXPECT_EQ(data.size(Split::val), 1);
}

TEST(CocoFiles, OtherJsonBesideImagesIsNone) {
  const DataFolder folder;
  folder.pair("a");
  folder.text("about.json", R"({"images": 1, "author": "x"})");
  folder.text("list.json", R"([{"images": [], "categories": []}])");
  folder.text("empty.json", "");
  EXPECT_EQ(open_dataset(folder.path()).format(), "folder");
  folder.text("long.json", R"({"images": [], "filler": ")" + std::string(200000, 'x') + R"(", "categories": [)" +
                               R"({"id": 1, "name": "x"}]})");
  EXPECT_THAT(message_of<InputError>([&] { open_dataset(folder.path()); }), HasSubstr("is laid out as COCO"));
}

TEST_F(Coco, WhatIsWrongIsSaidWithItsPlace) {
  describe(object("[[0,0, 1,1]]"));
  EXPECT_THAT(complaint(), HasSubstr("instances_train2017.json', annotation 0: a polygon is a list of x and y"));
  describe(object("[]") + "," + object("[[0,0, 1,1, 1e9,0]]"));
  EXPECT_THAT(complaint(), HasSubstr("annotation 1: the coordinate"));
  describe(object("[[0,0, 1,1, \"x\",0]]"));
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: a polygon"));
  describe(object(R"({"counts": [3, 3], "size": [3, 4]})"));
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: the run lengths are of 6 pixels, the picture has 3x4"));
  describe(object(R"({"counts": [3, 3], "size": [3, 2]})"));
  EXPECT_THAT(complaint(), HasSubstr("its run lengths are of 3x2 pixels, the image has 3x4"));
  describe(object(R"({"counts": "~", "size": [3, 4]})"));
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: compressed run lengths cannot hold"));
  describe(object(R"({"counts": 5, "size": [3, 4]})"));
  EXPECT_THAT(complaint(), HasSubstr("'counts' is neither"));
  describe(object(R"({"counts": [12]})"));
  EXPECT_THAT(complaint(), HasSubstr("run lengths need 'counts' and 'size'"));
  describe(object("7"));
  EXPECT_THAT(complaint(), HasSubstr("neither polygons nor run lengths"));
  describe(object("[[0,0, 1,1, 1,0]]", 99));
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: there is no category with the id 99"));
  describe(R"({"image_id": 8, "category_id": 1, "segmentation": [[0,0, 1,1, 1,0]]})");
  EXPECT_THAT(complaint(), HasSubstr("there is no image with the id 8"));
  describe(R"({"category_id": 1})");
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: there is no 'image_id'"));
  describe("{]");
  EXPECT_THAT(complaint(), HasSubstr("instances_train2017.json' is no JSON: parse error at line 1"));
  describe("", R"("categories": [])");
  EXPECT_THAT(complaint(), HasSubstr("has 0 categories, expected 1 to 254"));
}

TEST_F(Coco, FilesMustHaveTheSameCategories) {
  describe("");
  folder_.text("annotations/instances_val2017.json", R"({"images": [], "categories": [{"id": 1, "name": "cat"}]})");
  EXPECT_THAT(complaint(), HasSubstr("have different categories"));
}

class Panoptic : public ::testing::Test {
 protected:
  void describe(const std::string& segments) {
    folder_.plain("val2017/a.jpg", 1, 4, 0);
    folder_.colors("annotations/panoptic_val2017/a.png", {{0, 0, 0}, {5, 0, 0}, {1, 2, 3}, {9, 0, 0}});
    folder_.text("annotations/panoptic_val2017.json",
                 R"({"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "name": "person"},
                     {"id": 184, "name": "tree"}], "annotations": [{"image_id": 1, "file_name": "a.png",
                     "segments_info": )" +
                     segments + "}]}");
  }
  DataFolder folder_;
};

TEST_F(Panoptic, ColoursAreSegmentNumbers) {
  describe(
      R"([{"id": 5, "category_id": 184}, {"id": 197121, "category_id": 1}, {"id": 9, "category_id": 1, "iscrowd": 1}])");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_EQ(data.format(), "COCO panoptic");
  EXPECT_THAT(data.classes().names, ElementsAre("person", "tree"));
  EXPECT_THAT(labels_of(data.read_mask(Split::val, 0)), ElementsAre(255, 1, 0, 255));
}

TEST_F(Panoptic, WhatIsWrongIsSaid) {
  const auto complaint = [&] {
    return message_of<InputError>([&] { open_dataset(folder_.path()).read_mask(Split::val, 0); });
  };
  describe(R"([{"id": 5, "category_id": 3}])");
  EXPECT_THAT(complaint(), HasSubstr("a segment of 'a.png' is of category 3, which is not listed"));
  describe(R"([{"id": 5, "category_id": 1}])");
  EXPECT_THAT(complaint(), HasSubstr("has the colour 1 2 3 at x 2, y 0"));
  describe(R"([{"id": 0, "category_id": 1}])");
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: the segment number 0 is not in"));
  describe("{}");
  EXPECT_THAT(complaint(), HasSubstr("annotation 0: there is no list 'segments_info'"));
}

}  // namespace
}  // namespace inlay
