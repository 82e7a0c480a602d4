#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "inlay/error.h"
#include "inlay/inspect.h"
#include "support/data_folder.h"
#include "support/exif.h"

namespace inlay {
namespace {

using ::testing::Contains;
using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::labels_of;
using testing::message_of;

class Fix : public ::testing::Test {
 protected:
  Fix() {
    folder_.grey("set/train/images/a.png", {2, 2}, {1, 90, 30, 200});
    folder_.grey("set/train/masks/a.png", {2, 2}, {0, 255, 255, 0});
    folder_.grey("set/train/images/b.png", {2, 2}, {250, 9, 130, 20});
    folder_.grey("set/train/masks/b.png", {2, 2}, {255, 255, 0, 0});
    folder_.grey("set/val/images/c.png", {2, 2}, {70, 60, 50, 200});
    folder_.grey("set/val/masks/c.png", {2, 2}, {0, 0, 0, 255});
  }
  FixReport fix() { return fix_dataset(folder_ / "set", folder_ / "fixed"); }
  Dataset fixed() { return open_dataset(folder_ / "fixed"); }

  DataFolder folder_;
};

TEST_F(Fix, BlackAndWhiteBecomeIndices) {
  const FixReport report = fix();
  EXPECT_EQ(report.images, 3);
  EXPECT_THAT(report.left, IsEmpty());
  EXPECT_THAT(report.done, Contains(HasSubstr("class indices for 0 and 255 in the mask")));
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/a.png")), ElementsAre(0, 1, 1, 0));
  EXPECT_EQ(read_file(folder_ / "fixed/train/images/a.png"), read_file(folder_ / "set/train/images/a.png"));
  EXPECT_EQ(fixed().size(Split::train), 2);
  EXPECT_EQ(fixed().size(Split::val), 1);
  EXPECT_EQ(fixed().classes().names, open_dataset(folder_ / "set").classes().names);
}

TEST_F(Fix, DamagedFilesAndOrphansAreLeftOut) {
  folder_.text("set/train/images/b.png", "broken");
  folder_.plain("set/train/images/orphan.png", 2, 2, 7);
  const FixReport report = fix();
  EXPECT_EQ(report.images, 2);
  EXPECT_THAT(report.left, ElementsAre(HasSubstr("left out: cannot read")));
  EXPECT_THAT(report.done, Contains(HasSubstr("orphan.png")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "fixed/train/images/b.png"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "fixed/train/images/orphan.png"));
  EXPECT_TRUE(inspect(folder_ / "fixed").usable());
}

TEST_F(Fix, ADamagedMaskDoesNotStopTheOthers) {
  folder_.text("set/train/masks/b.png", "broken");
  EXPECT_EQ(fix().images, 2);
  EXPECT_TRUE(inspect(folder_ / "fixed").usable());
}

TEST_F(Fix, MasksOfTheSameProportionsAreResized) {
  folder_.grey("set/train/images/d.png", {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  folder_.grey("set/train/masks/d.png", {1, 2}, {0, 255});
  folder_.grey("set/train/images/e.png", {2, 4}, {8, 7, 6, 5, 4, 3, 2, 1});
  folder_.grey("set/train/masks/e.png", {2, 2}, {0, 255, 0, 0});
  const FixReport report = fix();
  EXPECT_THAT(report.done, Contains(HasSubstr("resized the mask")));
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/d.png")), ElementsAre(0, 0, 1, 1, 0, 0, 1, 1));
  EXPECT_THAT(report.left, ElementsAre(HasSubstr("other proportions")));
  EXPECT_TRUE(inspect(folder_ / "fixed").usable());
}

TEST_F(Fix, SmoothEdgesAreCut) {
  Image mask{Tensor(DType::u8, {32, 32, 1})};
  for (std::size_t k = 0; k < 1024; ++k)
    mask.pixels.data<std::uint8_t>()[k] = static_cast<std::uint8_t>(k < 200 ? 30 + k : k % 2 == 0 ? 0 : 255);
  write_image(folder_ / "set/train/masks/s.png", mask);
  folder_.plain("set/train/images/s.png", 32, 32, 5);
  const FixReport report = fix();
  EXPECT_THAT(report.done, Contains(HasSubstr("cut the smooth edges of the mask")));
  const auto labels = labels_of(read_mask(folder_ / "fixed/train/masks/s.png"));
  EXPECT_EQ(std::set<int>(labels.begin(), labels.end()), (std::set<int>{0, 1}));
  EXPECT_EQ(labels[97], 0) << "127";
  EXPECT_EQ(labels[98], 1) << "128";
}

TEST_F(Fix, ValuesThatAreNoClassAreIgnored) {
  folder_.text("set/classes.txt", "0 a\n1 b\n");
  folder_.grey("set/train/masks/a.png", {2, 2}, {0, 1, 9, 7});
  folder_.grey("set/train/masks/b.png", {2, 2}, {1, 1, 0, 0});
  folder_.grey("set/val/masks/c.png", {2, 2}, {9, 9, 9, 9});
  const FixReport report = fix();
  EXPECT_EQ(report.images, 2);
  EXPECT_THAT(report.done, ElementsAre(::testing::AllOf(HasSubstr("marked 2 of 4 pixels as ignored: the mask"),
                                                        HasSubstr("has the value 9 at x 0, y 1"))));
  EXPECT_THAT(report.left, ElementsAre(HasSubstr("c.png' has the value 9 at x 0, y 0")));
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/a.png")), ElementsAre(0, 1, kIgnore, kIgnore));
  EXPECT_TRUE(inspect(folder_ / "fixed").usable());
  const Dataset copy = open_dataset(folder_ / "fixed", {.val_fraction = 0.0});
  EXPECT_THAT(labels_of(copy.read_mask(Split::train, 0)), ElementsAre(0, 1, kIgnore, kIgnore));
}

TEST_F(Fix, UnknownValuesInASmallerMask) {
  folder_.text("set/classes.txt", "0 a\n1 b\n");
  folder_.grey("set/train/masks/a.png", {1, 1}, {1});
  folder_.grey("set/train/images/b.png", {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8});
  folder_.grey("set/train/masks/b.png", {1, 2}, {1, 7});
  folder_.grey("set/val/masks/c.png", {2, 2}, {0, 0, 1, 1});
  const FixReport report = fix();
  EXPECT_THAT(report.done, Contains(HasSubstr("marked 1 of 2 pixels as ignored")));
  EXPECT_THAT(report.done, Contains(HasSubstr("resized the mask")));
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/b.png")),
              ElementsAre(1, 1, kIgnore, kIgnore, 1, 1, kIgnore, kIgnore));
}

TEST_F(Fix, AStrayValueInBlackAndWhiteIsIgnored) {
  folder_.grey("set/train/images/d.png", {3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  folder_.grey("set/train/masks/d.png", {3, 3}, {0, 255, 0, 7, 0, 0, 255, 0, 0});
  const FixReport report = fix();
  EXPECT_EQ(report.images, 4);
  EXPECT_THAT(report.done, Contains(HasSubstr("d.png' has the value 7 at x 0, y 1")));
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/d.png")), ElementsAre(0, 1, 0, kIgnore, 0, 0, 1, 0, 0));
  EXPECT_TRUE(inspect(folder_ / "fixed").usable());
}

TEST_F(Fix, ColoursThatAreNoClassAreIgnored) {
  folder_.text("set/classes.txt", "0 a 0 0 0\n1 b 255 255 255\n");
  folder_.colors("set/train/images/d.png", {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  folder_.colors("set/train/masks/d.png", {{0, 0, 0}, {255, 0, 1}, {255, 255, 255}});
  const FixReport report = fix();
  EXPECT_THAT(report.done, Contains(HasSubstr("d.png' has the colour 255 0 1 at x 1, y 0")));
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/d.png")), ElementsAre(0, kIgnore, 1));
}

TEST_F(Fix, ATurnedMaskIsTurnedWithWhatIsUnknownInIt) {
  folder_.text("set/classes.txt", "0 a\n1 b\n");
  Image lying{Tensor(DType::u8, {8, 16, 1})};
  for (std::size_t i = 0; i < 128; ++i) lying.pixels.data<std::uint8_t>()[i] = static_cast<std::uint8_t>(i);
  folder_.text("set/train/images/e.jpg", testing::with_orientation(encode_image(lying, ".jpg"), 6));
  Mask mask{Tensor(DType::u8, {8, 16})};
  mask.labels.data<std::uint8_t>()[0] = 9;  // which a turn by 90 degrees clockwise puts on the right
  mask.labels.data<std::uint8_t>()[1] = 1;
  write_mask(folder_ / "set/train/masks/e.png", mask);
  const FixReport report = fix();
  EXPECT_THAT(report.done, Contains(HasSubstr("turned the mask")));
  const Mask turned = read_mask(folder_ / "fixed/train/masks/e.png");
  ASSERT_EQ(turned.labels.shape(), (Shape{16, 8}));
  EXPECT_EQ(turned.labels.data<std::uint8_t>()[7], kIgnore);
  EXPECT_EQ(turned.labels.data<std::uint8_t>()[15], 1);
}

TEST_F(Fix, ValidationImagesThatAreTrainedOnAreDropped) {
  std::filesystem::copy_file(folder_ / "set/train/images/a.png", folder_ / "set/val/images/again.png");
  std::filesystem::copy_file(folder_ / "set/train/masks/a.png", folder_ / "set/val/masks/again.png");
  const FixReport report = fix();
  EXPECT_THAT(report.done, Contains(HasSubstr("left out the val image")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "fixed/val/images/again.png"));
  EXPECT_EQ(fixed().size(Split::val), 1);
}

TEST_F(Fix, IgnoredPixelsStayIgnored) {
  folder_.text("set/classes.txt", "0 a 0 0 0\n255 b 10 20 30\n7 void\n");
  folder_.grey("set/train/masks/a.png", {2, 2}, {0, 255, 7, 0});
  fix();
  EXPECT_THAT(labels_of(read_mask(folder_ / "fixed/train/masks/a.png")), ElementsAre(0, 1, kIgnore, 0));
  EXPECT_THAT(labels_of(fixed().read_mask(Split::train, 0)), ElementsAre(0, 1, kIgnore, 0));
  EXPECT_EQ(fixed().classes().size(), 2);
  EXPECT_EQ(fixed().classes().colors[1], (Color{10, 20, 30}));
}

TEST_F(Fix, NothingIsChangedInPlace) {
  EXPECT_THAT(message_of<InputError>([&] { fix_dataset(folder_ / "set", folder_ / "set"); }), HasSubstr("not empty"));
  EXPECT_THAT(message_of<InputError>([&] { fix_dataset(folder_ / "set", folder_ / "set/fixed"); }),
              HasSubstr("lies in the data set"));
  fix();
  EXPECT_THAT(message_of<InputError>([&] { fix(); }), HasSubstr("is there already and not empty"));
  EXPECT_THAT(message_of<InputError>([&] { fix_dataset(folder_ / "none", folder_ / "new"); }), HasSubstr("is missing"));
}

}  // namespace
}  // namespace inlay
