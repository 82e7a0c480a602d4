// What the values of masks mean.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/dataset.h"
#include "inlay/error.h"
#include "support/data_folder.h"
#include "support/tiny_png.h"

namespace inlay {
namespace {

using namespace std::string_literals;
using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::labels_of;
using testing::make_png;
using testing::message_of;

constexpr std::uint8_t I = kIgnore;

class Labels : public ::testing::Test {
 protected:
  void image(const std::string& stem, std::int64_t width, std::int64_t height = 1) {
    folder_.plain("images/" + stem + ".png", height, width, 50);
  }
  void grey(const std::string& stem, std::initializer_list<std::uint8_t> values) {
    image(stem, static_cast<std::int64_t>(values.size()));
    folder_.grey("masks/" + stem + ".png", {1, static_cast<std::int64_t>(values.size())}, values);
  }
  void png(const std::string& stem, std::int64_t width, const std::string& bytes) {
    image(stem, width);
    folder_.text("masks/" + stem + ".png", bytes);
  }
  void colors(const std::string& stem, const std::vector<Color>& values) {
    image(stem, static_cast<std::int64_t>(values.size()));
    folder_.colors("masks/" + stem + ".png", values);
  }
  Dataset open() { return open_dataset(folder_.path(), {.val_fraction = 0.0}); }
  std::vector<std::uint8_t> labels(std::int64_t index = 0) { return labels_of(open().read(Split::train, index).mask); }
  std::string open_error() {
    return message_of<InputError>([&] { open(); });
  }
  std::string read_error() {
    return message_of<InputError>([&] { open().read(Split::train, 0); });
  }
  DataFolder folder_;
};

TEST_F(Labels, BlackAndWhiteAreTwoClasses) {
  grey("a", {0, 255, 0});
  grey("b", {0, 0, 0});
  EXPECT_THAT(labels(0), ElementsAre(0, 1, 0));
  EXPECT_THAT(open().classes().names, ElementsAre("class 0", "class 1"));
  EXPECT_THAT(open().classes().colors, ElementsAre(voc_color(0), voc_color(1)));
  EXPECT_THAT(open().warnings(), IsEmpty());
}

TEST_F(Labels, BlackAndWhiteInSixteenBitsAndMixed) {
  png("a", 2, make_png(2, 16, 0, {"\xff\xff\x00\x00"s}));
  grey("b", {255, 0});
  EXPECT_THAT(labels(0), ElementsAre(1, 0));
  EXPECT_THAT(labels(1), ElementsAre(1, 0));
}

TEST_F(Labels, OneBitMasks) {
  png("a", 3, make_png(3, 1, 0, {"\xa0"s}));
  EXPECT_THAT(labels(), ElementsAre(1, 0, 1));
}

TEST_F(Labels, BlackAndWhiteWithATableOfTwo) {
  grey("a", {0, 255});
  folder_.text("classes.txt", "0 wall\n1 inside\n");
  EXPECT_THAT(labels(), ElementsAre(0, 1));
  EXPECT_THAT(open().classes().names, ElementsAre("wall", "inside"));
  folder_.text("classes.txt", "0 wall\n1 inside\n255 void\n");
  EXPECT_THAT(labels(), ElementsAre(0, I));
}

TEST_F(Labels, IndicesAreClassesAndWhiteIsIgnored) {
  grey("a", {0, 1, 255});
  grey("b", {2, 2, 0});
  EXPECT_EQ(open().classes().size(), 3);
  EXPECT_THAT(labels(0), ElementsAre(0, 1, I));
  EXPECT_THAT(labels(1), ElementsAre(2, 2, 0));
}

TEST_F(Labels, PaletteIndicesAreClassesWhateverTheColours) {
  png("a", 3, make_png(3, 8, 3, {"\x02\x00\xff"s}, std::string(768, '\x40')));
  EXPECT_THAT(labels(), ElementsAre(2, 0, I));
}

TEST_F(Labels, OneClassAloneGetsACompanion) {
  grey("a", {0, 0});
  EXPECT_EQ(open().classes().size(), 2);
  EXPECT_THAT(open().warnings(), ElementsAre(HasSubstr("no mask holds another class than 0")));
}

TEST_F(Labels, GapsAreReported) {
  grey("a", {0, 38, 75, 113});
  EXPECT_EQ(open().classes().size(), 114);
  EXPECT_THAT(open().warnings(), ElementsAre(HasSubstr("few of the values 0 to 113, and 114 classes are assumed")));
}

TEST_F(Labels, AStrayValueInBlackAndWhiteIsAnError) {
  grey("a", {0, 255, 0, 0, 255, 255, 0, 255, 0});
  grey("b", {0, 255, 0, 7, 0, 0, 255, 0, 0});
  EXPECT_THAT(
      open_error(),
      HasSubstr("masks/b.png' has the value 7 at x 3, y 0, which is no class (values that are: 0, 255, 65535)"));
}

TEST_F(Labels, AnIgnoredGreyDoesNotHideBlackAndWhite) {
  grey("a", {0, 255, 128, 0});
  folder_.text("dataset.toml", "ignore = [128]");
  EXPECT_THAT(labels(), ElementsAre(0, 1, I, 0));
  EXPECT_EQ(open().classes().size(), 2);
}

TEST_F(Labels, SmoothEdgesAreCutInTheMiddle) {
  Image mask{Tensor(DType::u8, {40, 40, 1})};
  auto pixels = mask.pixels.data<std::uint8_t>();
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = i < 200 ? static_cast<std::uint8_t>(i + 28) : i < 900 ? 0 : 255;
  write_image(folder_ / "masks/a.png", mask);
  image("a", 40, 40);
  const Dataset data = open();
  EXPECT_EQ(data.classes().size(), 2);
  EXPECT_THAT(data.warnings(), ElementsAre(HasSubstr("values above 127 are class 1")));
  const auto labels = labels_of(data.read(Split::train, 0).mask);
  EXPECT_EQ(labels[127 - 28], 0);
  EXPECT_EQ(labels[128 - 28], 1);
}

TEST_F(Labels, ThresholdFromTheFile) {
  grey("a", {0, 100, 101, 255});
  folder_.text("dataset.toml", "threshold = 100\nignore = [255]");
  EXPECT_THAT(labels(), ElementsAre(0, 0, 1, I));
}

TEST_F(Labels, IgnoredClassesLeaveNoGap) {
  grey("a", {0, 1, 2, 3});
  folder_.text("classes.txt", "0 Void\n1 sky\n2 unlabelled\n3 road\n");
  EXPECT_THAT(labels(), ElementsAre(I, 0, I, 1));
  EXPECT_THAT(open().classes().names, ElementsAre("sky", "road"));
  EXPECT_THAT(open().classes().colors, ElementsAre(voc_color(1), voc_color(3)));
}

TEST_F(Labels, SeveralValuesOneClass) {
  grey("a", {10, 20, 30, 40});
  folder_.text("dataset.toml", "ignore=[40]\n[[classes]]\nname='a'\nvalues=[10,30]\n[[classes]]\nname='b'\nvalue=20");
  EXPECT_THAT(labels(), ElementsAre(0, 1, 0, I));
}

TEST_F(Labels, ColoursGoThroughTheTable) {
  colors("a", {{0, 0, 0}, {128, 64, 128}, {128, 0, 0}});
  folder_.text("classes.txt", "0 building 128 0 0\n1 road 128 64 128\n2 void 0 0 0\n");
  EXPECT_THAT(labels(), ElementsAre(I, 1, 0));
  folder_.text("classes.txt", "0 building 128 0 0\n1 road 128 64 128\n");
  EXPECT_THAT(read_error(), HasSubstr("masks/a.png' has the colour 0 0 0 at x 0, y 0, which is no class"));
}

TEST_F(Labels, NamesAloneMeanThePaletteOfVoc) {
  colors("a", {{0, 0, 0}, {128, 0, 0}, {0, 128, 0}});
  folder_.text("classes.txt", "background\naeroplane\nbicycle");
  EXPECT_THAT(labels(), ElementsAre(0, 1, 2));
}

TEST_F(Labels, ColourMasksWithoutATableAreAnError) {
  colors("a", {{0, 0, 0}, {9, 8, 7}});
  EXPECT_THAT(open_error(), HasSubstr("masks/a.png' is a colour picture"));
  EXPECT_THAT(open_error(), HasSubstr("write classes.txt"));
}

TEST_F(Labels, GreyInThreeChannelsCountsAsGrey) {
  colors("a", {{0, 0, 0}, {255, 255, 255}});
  EXPECT_THAT(labels(), ElementsAre(0, 1));
  colors("b", {{2, 2, 2}, {1, 1, 1}});
  EXPECT_THAT(labels(0), ElementsAre(0, I));
  EXPECT_THAT(labels(1), ElementsAre(2, 1));
}

TEST_F(Labels, AValueOutsideTheTableNamesFilePixelAndValue) {
  image("a", 2, 3);
  folder_.grey("masks/a.png", {3, 2}, {0, 1, 2, 0, 0, 12});
  folder_.text("classes.txt", "0 a\n1 b\n2 c\n");
  EXPECT_THAT(
      read_error(),
      HasSubstr("masks/a.png' has the value 12 at x 1, y 2, which is no class (values that are: 0-2, 255, 65535)"));
}

TEST_F(Labels, InstanceNumbersAreNotClasses) {
  png("a", 1, make_png(1, 16, 0, {"\x01\x2c"s}));
  EXPECT_THAT(open_error(), HasSubstr("masks/a.png' has the value 300"));
}

TEST_F(Labels, DamagedMaskIsFoundWhileLooking) {
  grey("a", {0, 1});
  png("b", 2, make_png(2, 8, 0, {"\x00\x01"s}).substr(0, 60));
  EXPECT_THAT(open_error(), HasSubstr("masks/b.png': the PNG is damaged"));
}

}  // namespace
}  // namespace inlay
