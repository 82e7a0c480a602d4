#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "inlay/error.h"
#include "support/data_folder.h"
#include "support/shared_data.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::message_of;

class Labelme : public ::testing::Test {
 protected:
  // a.json for the image of 3x4 pixels beside it.
  void describe(const std::string& shapes, const std::string& more = R"("imagePath": "a.png", "imageData": null)",
                const std::string& name = "a") {
    folder_.plain("a.png", 3, 4, 90);
    folder_.text(name + ".json", R"({"version": "5.4.1", "shapes": [)" + shapes +
                                     R"(], "imageHeight": 3, "imageWidth": 4, )" + more + "}");
  }
  static std::string shape(const std::string& label, const std::string& kind, const std::string& points,
                           const std::string& more = "") {
    return R"({"label": ")" + label + R"(", "shape_type": ")" + kind + R"(", "points": )" + points + more + "}";
  }
  Dataset open() { return open_dataset(folder_.path(), {.val_fraction = 0.0}); }
  std::string complaint() {
    return message_of<InputError>([&] { open().read(Split::train, 0); });
  }
  DataFolder folder_;
};

TEST_F(Labelme, ShapesLieOverEachOtherInTheirOrder) {
  describe(shape("b", "rectangle", "[[3, 2], [0, 0]]") + "," + shape("a", "polygon", "[[0,0], [1,0], [1,1], [0,1]]") +
           "," + shape("__ignore__", "circle", "[[3,0], [3,0.5]]") + "," + shape("a", "line", "[[0,0], [3,2]]"));
  const Dataset data = open();
  EXPECT_EQ(data.format(), "labelme");
  EXPECT_THAT(data.classes().names, ElementsAre("background", "a", "b"));
  EXPECT_THAT(labels_of(data.read(Split::train, 0).mask), ElementsAre(1, 1, 255, 255,  //
                                                                      1, 1, 2, 2,      //
                                                                      2, 2, 2, 2));
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("a.json': 1 lines or points have no area")));
}

TEST_F(Labelme, LabelsTxtSetsTheOrder) {
  describe(shape("a", "rectangle", "[[0,0], [0,0]]"));
  folder_.text("labels.txt", "__ignore__\n_background_\nz\na\n");
  EXPECT_THAT(open().classes().names, ElementsAre("background", "z", "a"));
  EXPECT_EQ(labels_of(open().read_mask(Split::train, 0))[0], 2);
  folder_.text("labels.txt", "z\n");
  EXPECT_THAT(complaint(), HasSubstr("a.json' has the label 'a', which is not in"));
}

TEST_F(Labelme, ThePictureMayBeWithinTheJson) {
  const std::string picture = base64(encode_image({Tensor::of<std::uint8_t>({1, 2, 1}, {7, 8})}, ".png"));
  folder_.text("x.json", R"({"shapes": [)" + shape("a", "rectangle", "[[1,0], [1,0]]") +
                             R"(], "imagePath": "C:\\gone.jpg",
               "imageData": ")" +
                             picture + R"("})");
  const Sample sample = open().read(Split::train, 0);
  EXPECT_EQ(sample.name, "x");
  EXPECT_THAT(sample.image.pixels.data<std::uint8_t>(), ElementsAre(7, 8));
  EXPECT_THAT(labels_of(sample.mask), ElementsAre(0, 1));
}

TEST_F(Labelme, MasksAreDrawnAtTheirCorner) {
  const std::string picture = base64(encode_image({Tensor::of<std::uint8_t>({2, 2, 1}, {1, 0, 0, 1})}, ".png"));
  describe(shape("a", "mask", "[[2,1], [3,2]]", R"(, "mask": ")" + picture + "\""));
  EXPECT_THAT(labels_of(open().read_mask(Split::train, 0)), ElementsAre(0, 0, 0, 0,  //
                                                                        0, 0, 1, 0,  //
                                                                        0, 0, 0, 1));
}

TEST_F(Labelme, FoldersForSplits) {
  describe(shape("a", "rectangle", "[[0,0], [0,0]]"), R"("imagePath": "../a.png")", "train/a");
  describe(shape("a", "rectangle", "[[0,0], [0,0]]"), R"("imagePath": "..\\a.png")", "val/b");
  const Dataset data = open_dataset(folder_.path());
  EXPECT_THAT(data.names(Split::train), ElementsAre("a"));
  EXPECT_THAT(data.names(Split::val), ElementsAre("b"));
}

TEST_F(Labelme, WhatIsWrongIsSaidWithItsPlace) {
  describe(shape("a", "polygon", "[[0,0], [1,1]]"));
  EXPECT_THAT(complaint(), HasSubstr("a.json', shape 0: a polygon of 2 points has no area"));
  describe(shape("a", "polygon", "[[0,0], [1]]"));
  EXPECT_THAT(complaint(), HasSubstr("shape 0: a point is a list of x and y"));
  describe(shape("a", "polygon", "3"));
  EXPECT_THAT(complaint(), HasSubstr("shape 0: there is no list 'points'"));
  describe(R"({"points": []})");
  EXPECT_THAT(complaint(), HasSubstr("shape 0: there is no 'label'"));
  describe(shape("a", "polygon", "[[0,0], [1e300,1], [0,1]]"));
  EXPECT_THAT(complaint(), HasSubstr("a.json': the coordinate"));
  describe(shape("a", "mask", "[[0,0], [1,1]]", R"(, "mask": "AAAA")"));
  EXPECT_THAT(complaint(), HasSubstr("the file is damaged or no picture"));
  describe("");
  EXPECT_THAT(complaint(), HasSubstr("has 0 labels, expected 1 to 254"));
  folder_.text("a.json",
               R"({"shapes": [)" + shape("a", "rectangle", "[[0,0], [0,0]]") + R"(], "imagePath": "a.png", )");
  EXPECT_THAT(complaint(), HasSubstr("a.json' is no JSON"));
  fs::remove(folder_ / "a.png");
  folder_.text("a.json", R"({"shapes": [], "imagePath": "gone.png"})");
  EXPECT_THAT(complaint(), HasSubstr("its image 'gone.png' is not beside it, and not within it"));
}

class SharedLabelme : public testing::SharedData {
 protected:
  SharedLabelme() : SharedData("labelme_sample") {}
};

// The same three photographs as labelme's own conversion to VOC has them.
TEST_F(SharedLabelme, IsItsOwnConversionButForOnePixel) {
  const Dataset shapes = open_dataset(folder / "data_annotated", {.val_fraction = 0.0}),
                masks = open_dataset(folder / "data_dataset_voc", {.val_fraction = 0.0});
  ASSERT_EQ(shapes.names(Split::all), masks.names(Split::all));
  std::int64_t different = 0;
  for (std::int64_t i = 0; i < shapes.size(Split::all); ++i) {
    const auto ours = labels_of(shapes.read_mask(Split::all, i)), theirs = labels_of(masks.read_mask(Split::all, i));
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t p = 0; p < ours.size(); ++p) {
      const auto name = [](const Dataset& data, std::uint8_t label) {
        return label == kIgnore ? "ignored" : data.classes().names[label];
      };
      different += name(shapes, ours[p]) != name(masks, theirs[p]);
    }
  }
  EXPECT_LE(different, 1);
}

}  // namespace
}  // namespace inlay
