#include "inlay/inspect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "support/data_folder.h"
#include "support/exif.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// The finding of that code; an empty one when there is none.
Finding found(const DatasetReport& report, const std::string& code) {
  const auto place = std::ranges::find(report.findings, code, &Finding::code);
  return place == report.findings.end() ? Finding{} : *place;
}

Finding found(const DataFolder& folder, const std::string& code, const DatasetOptions& options = {}) {
  return found(inspect(folder.path(), options), code);
}

/// A picture of 24x24 that no other seed gives, and a mask with a square.
void add(const DataFolder& folder, const std::string& stem, int seed, const std::string& place = "", int channels = 1) {
  Image image{Tensor(DType::u8, {24, 24, channels})};
  Image mask{Tensor(DType::u8, {24, 24, 1})};
  std::uint32_t state = static_cast<std::uint32_t>(seed) * 7919 + 13;
  std::array<std::uint8_t, 36> blocks{};
  for (std::uint8_t& block : blocks) block = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
  for (int i = 0; i < 576; ++i) {
    for (int c = 0; c < channels; ++c)
      image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(i * channels + c)] =
          static_cast<std::uint8_t>(blocks[static_cast<std::size_t>(i / 24 / 4 * 6 + i % 24 / 4)] / 2 + i % 7 + c);
    mask.pixels.data<std::uint8_t>()[static_cast<std::size_t>(i)] =
        i / 24 > 5 && i / 24 < 15 && i % 24 > 3 && i % 24 < 12;
  }
  write_image(folder / (place + "images/" + stem + ".png"), image);
  write_image(folder / (place + "masks/" + stem + ".png"), mask);
}

TEST(Inspect, CountsWhatIsThere) {
  const DataFolder folder;
  folder.pair("a");
  folder.colors("images/b.png", {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
  folder.grey("masks/b.png", {1, 3}, {0, 1, 255});
  const DatasetReport report = inspect(folder.path());
  EXPECT_TRUE(report.usable());
  EXPECT_EQ(report.format, "folder");
  EXPECT_EQ(report.train + report.val, 2);
  EXPECT_THAT(report.sizes, ::testing::UnorderedElementsAre(ElementsAre(2, 2), ElementsAre(1, 3)));
  EXPECT_THAT(report.channels, ElementsAre(1, 3));
  EXPECT_THAT(report.bits, ElementsAre(8));
  EXPECT_THAT(report.class_pixels, ElementsAre(3, 3));
  EXPECT_THAT(report.class_images, ElementsAre(2, 2));
  EXPECT_EQ(report.ignored_pixels, 1);
}

TEST(Inspect, TellsTheDepthOfValues) {
  const DataFolder folder;
  add(folder, "a", 1);
  write_image(folder / "images/b.png", {Tensor::of<float>({1, 2, 1}, {0.25f, 0.5f})});
  folder.grey("masks/b.png", {1, 2}, {0, 1});
  EXPECT_THAT(inspect(folder.path()).bits, ElementsAre(8, 16));
}

TEST(Inspect, ErrorsComeFirst) {
  const DataFolder folder;
  for (int i = 0; i < 6; ++i) add(folder, "p" + std::to_string(i), i);
  folder.plain("images/orphan.png", 4, 4, 1);
  folder.plain("images/black.png", 4, 4, 0);
  folder.plain("masks/black.png", 4, 4, 0);
  folder.text("images/p3.png", "broken");
  const DatasetReport report = inspect(folder.path());
  EXPECT_FALSE(report.usable());
  EXPECT_EQ(report.count(FindingLevel::error), 1);
  EXPECT_EQ(report.findings.front().code, "unreadable");
  EXPECT_TRUE(std::ranges::is_sorted(report.findings, {}, &Finding::level));
  for (const Finding& finding : report.findings) {
    EXPECT_FALSE(finding.text.empty());
    EXPECT_FALSE(finding.advice.empty()) << finding.code;
  }
}

TEST(Inspect, GoesOnAfterDamagedFiles) {
  const DataFolder folder;
  folder.pair("a");
  folder.pair("b");
  folder.pair("c");
  folder.text("masks/a.png", "broken");
  folder.text("images/b.png", "broken");
  const Finding finding = found(folder, "unreadable");
  EXPECT_EQ(finding.level, FindingLevel::error);
  ASSERT_EQ(finding.places.size(), 2u);
  EXPECT_THAT(finding.places[0].file.string(), HasSubstr("masks/a.png"));
  EXPECT_THAT(finding.places[1].file.string(), HasSubstr("images/b.png"));
  EXPECT_THAT(inspect(folder.path()).class_pixels, ElementsAre(2, 2));
}

TEST(Inspect, AFolderThatIsNoDataSet) {
  const DataFolder folder;
  EXPECT_EQ(found(folder, "layout").level, FindingLevel::error);
  EXPECT_THAT(found(inspect(folder / "none"), "layout").text, HasSubstr("is missing"));
  folder.text("other/notes.txt", "");
  EXPECT_THAT(found(inspect(folder / "other"), "layout").text, HasSubstr("in no way that is known; found: notes.txt"));
  folder.text("coco/annotations/instances_train.json", "{\"images\": [");
  EXPECT_THAT(found(inspect(folder / "coco"), "layout").text, HasSubstr("instances_train.json' is no JSON"));
}

TEST(Inspect, ValuesThatAreNoClassAreNamedWithTheirPixel) {
  const DataFolder folder;
  folder.text("classes.txt", "0 a\n1 b\n2 c");
  folder.pair("a");
  folder.plain("images/b.png", 2, 2, 0);
  folder.plain("masks/b.png", 2, 2, 9);
  const Finding finding = found(folder, "unknown-values");
  EXPECT_EQ(finding.level, FindingLevel::error);
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].detail, HasSubstr("has the value 9 at x 0, y 0"));
}

TEST(Inspect, ColourMasksNeedATable) {
  const DataFolder folder;
  folder.pair("a");
  folder.colors("images/b.png", {{1, 2, 3}});
  folder.colors("masks/b.png", {{200, 2, 3}});
  const DatasetReport report = inspect(folder.path());
  EXPECT_FALSE(report.usable());
  EXPECT_THAT(found(report, "labels").text, HasSubstr("nothing says which class a colour is"));
  EXPECT_THAT(found(report, "labels").advice, HasSubstr("classes.txt"));
}

TEST(Inspect, AColourMaskAmongGreyOnes) {
  const DataFolder folder;
  folder.text("dataset.toml", "threshold = 127");
  add(folder, "a", 1);
  folder.colors("images/b.png", {{1, 2, 3}, {4, 5, 6}});
  folder.colors("masks/b.png", {{9, 9, 9}, {200, 2, 3}});
  const Finding finding = found(folder, "colours-without-table");
  EXPECT_EQ(finding.level, FindingLevel::error);
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].file.string(), HasSubstr("masks/b.png"));
  EXPECT_THAT(finding.places[0].detail, HasSubstr("nothing says which class a colour is"));
  EXPECT_THAT(finding.advice, HasSubstr("'index name r g b'"));
  EXPECT_EQ(found(folder, "unknown-values").code, "") << "it is one or the other";
}

TEST(Inspect, StrayValuesAreListedFileByFile) {
  const DataFolder folder;
  for (const char* stem : {"a", "b", "c"}) {
    folder.plain(std::string("images/") + stem + ".png", 3, 3, 5);
    folder.grey(std::string("masks/") + stem + ".png", {3, 3},
                {0, 255, 0, stem[0] == 'a' ? std::uint8_t{0} : std::uint8_t{7}, 0, 0, 255, 0, 0});
  }
  const Finding finding = found(folder, "unknown-values");
  ASSERT_EQ(finding.places.size(), 2u);
  EXPECT_THAT(finding.places[1].file.string(), HasSubstr("masks/c.png"));
  EXPECT_EQ(found(folder, "labels").code, "");
}

/// A photograph of 8x16 pixels in the file, which EXIF may turn, and a mask of the shape given.
void add_photograph(const DataFolder& folder, const std::string& stem, char orientation, const Shape& mask,
                    const Shape& stored = {8, 16, 1}) {
  Image image{Tensor(DType::u8, stored)};
  auto pixels = image.pixels.data<std::uint8_t>();
  for (std::size_t i = 0; i < pixels.size(); ++i)
    pixels[i] = static_cast<std::uint8_t>(i + static_cast<std::size_t>(stem[0]));
  folder.text("images/" + stem + ".jpg", testing::with_orientation(encode_image(image, ".jpg"), orientation));
  Image labels{Tensor(DType::u8, {mask[0], mask[1], 1})};
  labels.pixels.data<std::uint8_t>()[3] = 1;
  write_image(folder / ("masks/" + stem + ".png"), labels);
}

TEST(Inspect, AMaskDrawnOverThePhotographAsItIsStored) {
  const DataFolder folder;
  add_photograph(folder, "shown", 6, {16, 8});
  add_photograph(folder, "stored", 8, {8, 16});
  const DatasetReport report = inspect(folder.path());
  const Finding finding = found(report, "turned-mask");
  EXPECT_EQ(finding.level, FindingLevel::note);
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].file.string(), HasSubstr("images/stored.jpg"));
  EXPECT_EQ(finding.places[0].detail, "EXIF orientation 8");
  EXPECT_EQ(found(report, "orientation").code, "") << "the sizes decide";
  EXPECT_TRUE(report.usable());
}

TEST(Inspect, AMaskThatFitsEitherWay) {
  const DataFolder folder;
  add_photograph(folder, "a_upright", 1, {8, 16});
  add_photograph(folder, "b_on_its_head", 3, {8, 16});
  add_photograph(folder, "c_square", 6, {8, 8}, {8, 8, 1});
  const DatasetReport report = inspect(folder.path());
  const Finding finding = found(report, "orientation");
  EXPECT_EQ(finding.level, FindingLevel::warning);
  ASSERT_EQ(finding.places.size(), 2u);
  EXPECT_THAT(finding.places[0].file.string(), HasSubstr("b_on_its_head.jpg"));
  EXPECT_EQ(finding.places[0].detail, "EXIF orientation 3");
  EXPECT_EQ(finding.places[1].detail, "EXIF orientation 6");
  EXPECT_EQ(found(report, "turned-mask").code, "");
}

TEST(Inspect, SizesThatDiffer) {
  const DataFolder folder;
  add(folder, "a", 1);
  folder.plain("images/b.png", 4, 6, 3);
  folder.plain("masks/b.png", 2, 3, 1);
  const Finding finding = found(folder, "size-mismatch");
  EXPECT_EQ(finding.level, FindingLevel::error);
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].detail, ::testing::AllOf(HasSubstr("image 4x6"), HasSubstr("2x3")));
}

TEST(Inspect, ChannelsThatCannotBeConverted) {
  const DataFolder folder;
  add(folder, "a", 1);
  add(folder, "b", 2, "", 3);
  EXPECT_EQ(found(folder, "channels").code, "") << "grey and colour go together";
  write_image(folder / "images/c.tif", {Tensor(DType::u8, {24, 24, 5})});
  folder.plain("masks/c.png", 24, 24, 1);
  const Finding finding = found(folder, "channels");
  EXPECT_EQ(finding.level, FindingLevel::error);
  EXPECT_EQ(finding.places.size(), 3u);
}

TEST(Inspect, Orphans) {
  const DataFolder folder;
  folder.pair("a");
  folder.plain("images/b.png", 2, 2, 0);
  folder.plain("masks/c.png", 2, 2, 0);
  const DatasetReport report = inspect(folder.path());
  EXPECT_TRUE(report.usable());
  EXPECT_THAT(found(report, "image-without-mask").places.at(0).detail, HasSubstr("b.png"));
  EXPECT_THAT(found(report, "mask-without-image").places.at(0).detail, HasSubstr("c.png"));
}

TEST(Inspect, SmoothEdges) {
  const DataFolder folder;
  for (int i = 0; i < 3; ++i) {
    Image mask{Tensor(DType::u8, {32, 32, 1})};
    for (std::size_t k = 0; k < 1024; ++k)
      mask.pixels.data<std::uint8_t>()[k] = static_cast<std::uint8_t>(k < 200 ? 30 + k : k % 2 == 0 ? 0 : 255);
    write_image(folder / ("masks/" + std::to_string(i) + ".png"), mask);
    folder.plain("images/" + std::to_string(i) + ".png", 32, 32, static_cast<std::uint8_t>(i));
  }
  const Finding finding = found(folder, "smooth-edges");
  EXPECT_EQ(finding.level, FindingLevel::warning);
  ASSERT_EQ(finding.places.size(), 3u);
  EXPECT_THAT(finding.places[0].detail, HasSubstr("200 pixels are neither 0 nor 255"));
}

TEST(Inspect, BlackAndWhiteMasks) {
  const DataFolder folder;
  folder.plain("images/a.png", 2, 2, 7);
  folder.grey("masks/a.png", {2, 2}, {0, 255, 255, 0});
  EXPECT_EQ(found(folder, "black-and-white").level, FindingLevel::note);
  folder.grey("masks/a.png", {2, 2}, {0, 1, 1, 0});
  EXPECT_EQ(found(folder, "black-and-white").code, "");
}

TEST(Inspect, EmptyAndIgnoredMasks) {
  const DataFolder folder;
  folder.text("classes.txt", "0 a\n1 b\n255 void\n");
  for (int i = 0; i < 4; ++i) add(folder, "p" + std::to_string(i), i);
  folder.plain("masks/p0.png", 24, 24, 0);
  folder.plain("masks/p1.png", 24, 24, 255);
  DatasetReport report = inspect(folder.path());
  EXPECT_EQ(found(report, "empty-masks").level, FindingLevel::note);
  EXPECT_THAT(found(report, "empty-masks").places.at(0).file.string(), HasSubstr("p0.png"));
  EXPECT_EQ(found(report, "ignored-masks").level, FindingLevel::warning);
  EXPECT_THAT(found(report, "ignored-masks").places.at(0).file.string(), HasSubstr("p1.png"));
  folder.plain("masks/p2.png", 24, 24, 0);
  folder.plain("masks/p1.png", 24, 24, 0);
  EXPECT_EQ(found(folder, "empty-masks").level, FindingLevel::warning) << "three of four";
}

TEST(Inspect, ConstantImages) {
  const DataFolder folder;
  add(folder, "a", 1);
  folder.pair("flat");
  const Finding finding = found(folder, "constant-images");
  EXPECT_EQ(finding.level, FindingLevel::warning);
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].file.string(), HasSubstr("flat.png"));
}

TEST(Inspect, RareAndAbsentClasses) {
  const DataFolder folder;
  folder.text("classes.txt", "0 sky\n1 road\n2 dot\n3 unicorn\n");
  for (int i = 0; i < 3; ++i) add(folder, "p" + std::to_string(i), i);
  Image mask{Tensor(DType::u8, {24, 24, 1})};
  mask.pixels.data<std::uint8_t>()[5] = 2;
  write_image(folder / "masks/p1.png", mask);
  const DatasetReport report = inspect(folder.path());
  ASSERT_EQ(found(report, "rare-classes").places.size(), 1u);
  EXPECT_THAT(found(report, "rare-classes").places[0].detail, HasSubstr("class 2 'dot': 0.058 %"));
  ASSERT_EQ(found(report, "absent-classes").places.size(), 1u);
  EXPECT_THAT(found(report, "absent-classes").places[0].detail, HasSubstr("class 3 'unicorn'"));
}

TEST(Inspect, ClassesOfOnePartOnly) {
  const DataFolder folder;
  folder.text("classes.txt", "0 sky\n1 road\n2 dot\n");
  add(folder, "a", 1, "train/");
  add(folder, "b", 2, "val/");
  folder.plain("train/masks/a.png", 24, 24, 1);
  folder.plain("val/masks/b.png", 24, 24, 2);
  const DatasetReport report = inspect(folder.path());
  EXPECT_THAT(found(report, "untrained-classes").places.at(0).detail, HasSubstr("class 2 'dot'"));
  EXPECT_THAT(found(report, "unscored-classes").places.at(0).detail, HasSubstr("class 1 'road'"));
}

TEST(Inspect, Duplicates) {
  const DataFolder folder;
  for (int i = 0; i < 4; ++i) add(folder, "t" + std::to_string(i), i, "train/");
  add(folder, "same", 2, "val/");
  add(folder, "other", 50, "val/");
  add(folder, "again", 3, "train/");
  add(folder, "bright", 1, "test/");
  Image bright = read_image(folder / "test/images/bright.png");
  for (std::uint8_t& value : bright.pixels.data<std::uint8_t>()) value = static_cast<std::uint8_t>(value + 40);
  bright.pixels.data<std::uint8_t>()[0] = 0;
  write_image(folder / "test/images/bright.png", bright);
  const DatasetReport report = inspect(folder.path());
  ASSERT_EQ(found(report, "duplicates").places.size(), 1u);
  EXPECT_THAT(found(report, "duplicates").places[0].file.string(), HasSubstr("val/images/same.png"));
  EXPECT_THAT(found(report, "duplicates").places[0].detail, HasSubstr("train/images/t2.png"));
  ASSERT_EQ(found(report, "near-duplicates").places.size(), 1u);
  EXPECT_THAT(found(report, "near-duplicates").places[0].file.string(), HasSubstr("test/images/bright.png"));
  EXPECT_THAT(found(report, "near-duplicates").places[0].detail, HasSubstr("train/images/t1.png"));
  ASSERT_EQ(found(report, "repeated-images").places.size(), 1u);
  EXPECT_EQ(found(report, "repeated-images").level, FindingLevel::note);
}

TEST(Inspect, AChannelThatIsTheMask) {
  const DataFolder folder;
  add(folder, "a", 1, "", 3);
  add(folder, "b", 2, "", 3);
  EXPECT_EQ(found(folder, "label-leak").code, "");
  Image image = read_image(folder / "images/b.png");
  const RawMask mask = read_raw_mask(folder / "masks/b.png");
  for (std::size_t i = 0; i < 576; ++i)
    image.pixels.data<std::uint8_t>()[3 * i + 2] =
        static_cast<std::uint8_t>(40 + 100 * mask.values.data<std::int32_t>()[i]);
  write_image(folder / "images/b.png", image);
  const Finding finding = found(folder, "label-leak");
  EXPECT_EQ(finding.level, FindingLevel::warning);
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].detail, HasSubstr("channel 3 of the image is class 'class 0'"));
}

TEST(Inspect, AnOverlayThatWasSavedAsTheImage) {
  const DataFolder folder;
  folder.text("classes.txt", "0 back 0 0 0\n1 thing 220 20 60\n");
  add(folder, "a", 1, "", 3);
  Image image{Tensor(DType::u8, {120, 120, 3})};
  Mask mask{Tensor(DType::u8, {120, 120})};
  for (std::int64_t i = 0; i < 120 * 120; ++i) {
    const std::int64_t y = i / 120, x = i % 120;
    mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(i)] = y >= 30 && y < 90 && x >= 30 && x < 90;
    for (std::int64_t c = 0; c < 3; ++c)
      image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(3 * i + c)] =
          static_cast<std::uint8_t>((7 * x + 13 * y + 50 * c) % 200);
  }
  write_mask(folder / "masks/b.png", mask);
  write_image(folder / "images/b.png", image);
  EXPECT_EQ(found(folder, "label-leak").code, "");
  write_image(folder / "images/b.png", overlay(image, mask, {{0, 0, 0}, {220, 20, 60}}));
  ASSERT_EQ(found(folder, "label-leak").places.size(), 1u);
  EXPECT_THAT(found(folder, "label-leak").places[0].detail, HasSubstr("the outline of class 'thing' is drawn"));
  // Without outlines, on grey.
  for (std::size_t i = 0; i < 120 * 120; ++i)
    for (std::size_t c = 0; c < 3; ++c)
      image.pixels.data<std::uint8_t>()[3 * i + c] =
          static_cast<std::uint8_t>(i % 100 + (c == 0 && mask.labels.data<std::uint8_t>()[i] == 1 ? 60 : 0));
  write_image(folder / "images/b.png", image);
  ASSERT_EQ(found(folder, "label-leak").places.size(), 1u);
  EXPECT_THAT(found(folder, "label-leak").places[0].detail, HasSubstr("the difference of channels 1 and 2 is class"));
}

TEST(Inspect, MasksOfDifferentDepth) {
  const DataFolder folder;
  folder.plain("images/a.png", 2, 2, 7);
  folder.grey("masks/a.png", {2, 2}, {0, 0, 0, 0});
  folder.plain("images/b.png", 2, 2, 8);
  write_image(folder / "masks/b.png", {Tensor::of<float>({2, 2, 1}, {0.0f, 1.0f, 1.0f, 0.0f})});
  const Finding finding = found(folder, "mixed-masks");
  EXPECT_EQ(finding.level, FindingLevel::note);
  ASSERT_EQ(finding.places.size(), 2u);
  EXPECT_THAT(finding.places[1].detail, HasSubstr("the first of 1 with 16 bits"));
}

TEST(Inspect, PicturesOfOneFramingAreNoDuplicates) {
  const DataFolder folder;
  // A bright disc on black, as an eye's background, each with vessels of its own.
  for (int n = 0; n < 4; ++n) {
    Image image{Tensor(DType::u8, {96, 96, 1})};
    for (std::int64_t i = 0; i < 96 * 96; ++i) {
      const std::int64_t y = i / 96 - 48, x = i % 96 - 48;
      const bool vessel = ((n % 2 == 0 ? x * (n + 2) + y * 3 : y * (n + 2) - x * 5) & 63) < 12;
      image.pixels.data<std::uint8_t>()[static_cast<std::size_t>(i)] =
          static_cast<std::uint8_t>(x * x + y * y > 44 * 44 ? 0 : 120 + x - y / 2 - (vessel ? 25 : 0));
    }
    const std::string part = n < 2 ? "train/" : "val/", name = std::to_string(n) + ".png";
    write_image(folder / (part + "images/" + name), image);
    folder.plain(part + "masks/" + name, 96, 96, 1);
  }
  EXPECT_EQ(found(folder, "near-duplicates").code, "");
  Image copy = read_image(folder / "train/images/1.png");
  for (std::uint8_t& value : copy.pixels.data<std::uint8_t>()) value = static_cast<std::uint8_t>(value * 11 / 10 + 9);
  write_image(folder / "val/images/9.png", resize(copy, 120, 120));
  folder.plain("val/masks/9.png", 120, 120, 1);
  const Finding finding = found(folder, "near-duplicates");
  ASSERT_EQ(finding.places.size(), 1u);
  EXPECT_THAT(finding.places[0].detail, HasSubstr("train/images/1.png"));
}

TEST(Inspect, NamesThatTell) {
  const DataFolder folder;
  for (int i = 0; i < 4; ++i) {
    add(folder, "salt_" + std::to_string(i), i);
    add(folder, "none_" + std::to_string(i), 10 + i);
    folder.plain("masks/none_" + std::to_string(i) + ".png", 24, 24, 0);
  }
  const Finding finding = found(folder, "telling-names");
  EXPECT_EQ(finding.level, FindingLevel::note);
  ASSERT_EQ(finding.places.size(), 2u);
  EXPECT_THAT(finding.places[0].detail, HasSubstr("'none' is in the names of all masks that are empty"));
}

TEST(Inspect, OneClass) {
  const DataFolder folder;
  folder.text("classes.txt", "0 all\n");
  folder.plain("images/a.png", 2, 2, 7);
  folder.plain("masks/a.png", 2, 2, 0);
  EXPECT_EQ(found(folder, "one-class").level, FindingLevel::error);
}

TEST(Inspect, NothingToTrainOn) {
  const DataFolder folder;
  folder.pair("a", "test/");
  EXPECT_EQ(found(folder, "no-training-images").level, FindingLevel::error);
}

TEST(Inspect, AGoodSetHasNoErrorsOrWarnings) {
  const DataFolder folder;
  for (int i = 0; i < 8; ++i) add(folder, "p" + std::to_string(i), 10 * i + 1);
  const DatasetReport report = inspect(folder.path());
  EXPECT_THAT(report.findings, IsEmpty());
}

}  // namespace
}  // namespace inlay
