#include "inlay/write_dataset.h"

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
using testing::labels_of;
using testing::message_of;

// Three classes, the first named `first`, an ignored pixel in each image, and all three splits.
void make_set(const DataFolder& folder, const std::string& first, std::int64_t channels = 3) {
  int shade = 0;
  for (const char* place : {"train/a", "train/b", "val/c", "test/d"}) {
    const fs::path path(place);
    Image image{Tensor(DType::u8, {3, 4, channels})};
    for (std::uint8_t& value : image.pixels.data<std::uint8_t>()) value = static_cast<std::uint8_t>(shade += 7);
    write_image(
        folder / "set" / path.parent_path() / "images" / (path.filename().string() + (channels > 3 ? ".tif" : ".png")),
        image);
    Mask mask{Tensor::of<std::uint8_t>({3, 4}, {0, 1, 2, 255, 0, 0, 1, 1, 2, 2, 2, 0})};
    mask.labels.data<std::uint8_t>()[static_cast<std::size_t>(path.filename().string()[0] - 'a')] = 2;
    write_mask(folder / "set" / path.parent_path() / "masks" / (path.filename().string() + ".png"), mask);
  }
  folder.text("set/classes.txt", "0 " + first + " 10 20 30\n1 traffic light 200 0 0\n2 sky 0 0 200\n");
}

struct Case {
  DataLayout layout;
  const char* format;
  bool keeps_images;
};

class Written : public ::testing::TestWithParam<Case> {
 protected:
  DataFolder folder_;
};

void expect_same_samples(const Dataset& a, const Dataset& b, int shift, bool images) {
  for (Split split : {Split::train, Split::val, Split::test}) {
    ASSERT_EQ(a.names(split), b.names(split));
    for (std::int64_t i = 0; i < a.size(split); ++i) {
      const Sample one = a.read(split, i), other = b.read(split, i);
      std::vector<std::uint8_t> expected = labels_of(one.mask);
      for (std::uint8_t& label : expected) label = static_cast<std::uint8_t>(label == kIgnore ? label : label + shift);
      EXPECT_EQ(labels_of(other.mask), expected) << one.name;
      if (!images) continue;
      ASSERT_EQ(one.image.pixels.shape(), other.image.pixels.shape());
      EXPECT_TRUE(std::ranges::equal(one.image.pixels.data<std::uint8_t>(), other.image.pixels.data<std::uint8_t>()));
    }
  }
}

TEST_P(Written, ComesBackLabelForLabel) {
  make_set(folder_, "background");
  const Dataset data = open_dataset(folder_ / "set");
  std::int64_t last = 0;
  write_dataset(data, GetParam().layout, folder_ / "out", [&](std::int64_t done) { last = done; });
  EXPECT_EQ(last, 4);
  const Dataset back = open_dataset(folder_ / "out");
  EXPECT_EQ(back.format(), GetParam().format);
  EXPECT_EQ(back.classes().names, data.classes().names);
  EXPECT_TRUE(back.warnings().empty());
  expect_same_samples(data, back, 0, GetParam().keeps_images);
}

TEST_P(Written, ASetWithoutBackgroundGetsOneWhereTheLayoutHasOne) {
  make_set(folder_, "ground");
  const Dataset data = open_dataset(folder_ / "set");
  write_dataset(data, GetParam().layout, folder_ / "out");
  const Dataset back = open_dataset(folder_ / "out");
  const bool gets_one = GetParam().layout == DataLayout::coco || GetParam().layout == DataLayout::nnunet;
  if (gets_one)
    EXPECT_THAT(back.classes().names, ElementsAre("background", "ground", "traffic light", "sky"));
  else
    EXPECT_EQ(back.classes().names, data.classes().names);
  expect_same_samples(data, back, gets_one ? 1 : 0, GetParam().keeps_images);
}

TEST_P(Written, FiveChannels) {
  make_set(folder_, "background", 5);
  const Dataset data = open_dataset(folder_ / "set");
  if (GetParam().layout == DataLayout::voc) {
    EXPECT_THAT(message_of<InputError>([&] { write_dataset(data, GetParam().layout, folder_ / "out"); }),
                HasSubstr("the image of 'a' has 5 channels; JPEG"));
    return;
  }
  write_dataset(data, GetParam().layout, folder_ / "out");
  const Dataset back = open_dataset(folder_ / "out");
  EXPECT_EQ(back.channels(), 5);
  expect_same_samples(data, back, 0, true);
}

TEST_P(Written, NothingIsWrittenOver) {
  make_set(folder_, "background");
  folder_.text("out/mine.txt", "");
  EXPECT_THAT(
      message_of<InputError>([&] { write_dataset(open_dataset(folder_ / "set"), GetParam().layout, folder_ / "out"); }),
      HasSubstr("out' is there already and not empty"));
}

TEST_P(Written, NamesOfTwoSplitsAreKeptApart) {
  for (const char* split : {"train/", "val/"}) folder_.pair("same", std::string("set/") + split);
  const Dataset data = open_dataset(folder_ / "set");
  write_dataset(data, GetParam().layout, folder_ / "out");
  const Dataset back = open_dataset(folder_ / "out");
  const bool shared = GetParam().layout == DataLayout::voc || GetParam().layout == DataLayout::nnunet;
  EXPECT_THAT(back.names(Split::train), ElementsAre(shared ? "train_same" : "same"));
  EXPECT_THAT(back.names(Split::val), ElementsAre(shared ? "val_same" : "same"));
}

INSTANTIATE_TEST_SUITE_P(Layouts, Written,
                         ::testing::Values(Case{DataLayout::folder, "folder", true},
                                           Case{DataLayout::voc, "PASCAL VOC", false},
                                           Case{DataLayout::coco, "COCO", true},
                                           Case{DataLayout::nnunet, "nnU-Net", true}));

TEST(WriteDataset, AJpegIsCopiedAsItIs) {
  const DataFolder folder;
  folder.plain("set/images/a.jpg", 8, 8, 77);
  folder.plain("set/masks/a.png", 8, 8, 1);
  const Dataset data = open_dataset(folder / "set");
  for (DataLayout layout : {DataLayout::folder, DataLayout::voc}) {
    const fs::path out = folder / ("out" + std::to_string(static_cast<int>(layout)));
    write_dataset(data, layout, out);
    const fs::path copy = layout == DataLayout::voc ? out / "JPEGImages/a.jpg" : out / "train/images/a.jpg";
    EXPECT_EQ(read_file(copy), read_file(folder / "set/images/a.jpg"));
  }
}

TEST(WriteDataset, ValuesBeyondThoseOfPictures) {
  const SampleSource sample{{"a", "volume", "m"},
                            [] {
                              return Image{Tensor::of<float>({1, 1, 1}, {7.0f})};
                            },
                            [] {
                              return Mask{Tensor(DType::u8, {1, 1})};
                            }};
  const Dataset data("set", "made", {{"x"}, {{}}}, {{{sample}, {}, {}}}, {});
  const DataFolder folder;
  for (const DataLayout layout : {DataLayout::voc, DataLayout::nnunet})
    EXPECT_THAT(message_of<InputError>([&] { write_dataset(data, layout, folder / "out"); }),
                HasSubstr("holds values outside of 0..1, which would be lost in this layout; --to folder keeps them"));
  write_dataset(data, DataLayout::folder, folder / "kept");
  EXPECT_THAT(read_image(folder / "kept/train/images/a.tif").pixels.data<float>(), ElementsAre(7.0f));
}

TEST(WriteDataset, LayoutsHaveNames) {
  EXPECT_EQ(parse_data_layout("nnunet"), DataLayout::nnunet);
  EXPECT_THAT(message_of<InputError>([] { parse_data_layout("yolo"); }),
              HasSubstr("expected folder, voc, coco or nnunet"));
}

}  // namespace
}  // namespace inlay
