#include "inlay/synth.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "inlay/error.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::labels_of;
using testing::message_of;

constexpr SynthKind kKinds[] = {SynthKind::cells, SynthKind::seismic, SynthKind::street};

TEST(Synth, SameOptionsSamePictures) {
  for (SynthKind kind : kKinds) {
    const SynthOptions options{.kind = kind, .height = 48, .width = 64, .seed = 3};
    const Sample a = synthesise_sample(options, 2), b = synthesise_sample(options, 2),
                 c = synthesise_sample(options, 3);
    EXPECT_TRUE(std::ranges::equal(a.image.pixels.data<std::uint8_t>(), b.image.pixels.data<std::uint8_t>()));
    EXPECT_EQ(labels_of(a.mask), labels_of(b.mask));
    EXPECT_NE(labels_of(a.mask), labels_of(c.mask));
    EXPECT_EQ(a.image.pixels.shape(), (Shape{48, 64, kind == SynthKind::street ? 3 : 1}));
  }
}

TEST(Synth, EveryClassOccursAndNoOther) {
  for (SynthKind kind : kKinds) {
    std::set<std::uint8_t> seen;
    for (std::int64_t i = 0; i < 6; ++i)
      for (std::uint8_t label : labels_of(synthesise_sample({.kind = kind, .seed = 1}, i).mask)) seen.insert(label);
    EXPECT_EQ(static_cast<std::int64_t>(seen.size()), synth_classes(kind).size()) << to_string(kind);
    EXPECT_LT(*seen.rbegin(), synth_classes(kind).size());
  }
}

TEST(Synth, WritesADataSetThatOpens) {
  const DataFolder folder;
  synthesise({.kind = SynthKind::street, .count = 20, .height = 32, .width = 40}, folder / "set");
  const Dataset data = open_dataset(folder / "set");
  EXPECT_EQ(data.size(Split::train), 14);
  EXPECT_EQ(data.size(Split::val), 3);
  EXPECT_EQ(data.size(Split::test), 3);
  EXPECT_THAT(data.classes().names, ElementsAre("sky", "building", "road", "pavement", "tree", "car"));
  EXPECT_EQ(data.classes().colors, synth_classes(SynthKind::street).colors);
  const Sample read = data.read(Split::all, 15);
  const Sample made = synthesise_sample({.kind = SynthKind::street, .height = 32, .width = 40}, 15);
  EXPECT_EQ(labels_of(read.mask), labels_of(made.mask));
  EXPECT_TRUE(std::ranges::equal(read.image.pixels.data<std::uint8_t>(), made.image.pixels.data<std::uint8_t>()));
}

TEST(Synth, FewImagesStillFillTheSplits) {
  const std::int64_t expected[][4] = {{1, 1, 0, 0}, {2, 1, 1, 0}, {3, 1, 1, 1}, {4, 2, 1, 1}};
  for (const auto& [count, train, val, test] : expected) {
    const DataFolder folder;
    synthesise({.count = count, .height = 16, .width = 16}, folder.path());
    const Dataset data = open_dataset(folder.path());
    EXPECT_EQ(data.size(Split::train), train) << count;
    EXPECT_EQ(data.size(Split::val), val) << count;
    EXPECT_EQ(data.size(Split::test), test) << count;
  }
}

TEST(Synth, AThresholdFails) {
  for (SynthKind kind : {SynthKind::cells, SynthKind::seismic}) {
    const DataFolder folder;
    synthesise({.kind = kind, .count = 12, .seed = 5}, folder.path());
    const double best = best_threshold_iou(open_dataset(folder.path()), Split::all);
    EXPECT_LT(best, 0.75) << to_string(kind);
    EXPECT_GT(best, 0.3) << to_string(kind);
  }
}

TEST(Threshold, FindsTheBestOfBothPolarities) {
  const DataFolder folder;
  folder.grey("images/a.png", {1, 6}, {10, 20, 30, 200, 210, 220});
  folder.grey("masks/a.png", {1, 6}, {1, 1, 1, 0, 0, 0});
  EXPECT_DOUBLE_EQ(best_threshold_iou(open_dataset(folder.path()), Split::all), 1.0);
  folder.grey("masks/a.png", {1, 6}, {0, 0, 1, 1, 0, 1});
  // Up to 20 or up to 210: four of one class and one stray of the other.
  EXPECT_DOUBLE_EQ(best_threshold_iou(open_dataset(folder.path()), Split::all), 0.5 * (2.0 / 3 + 3.0 / 4));
}

TEST(Synth, RefusesWhatCannotBe) {
  const DataFolder folder;
  EXPECT_THAT(message_of<InputError>([&] { synthesise({.count = 0}, folder / "x"); }),
              HasSubstr("0 images were asked for"));
  EXPECT_THAT(message_of<InputError>([&] { synthesise({.count = 1'000'001}, folder / "x"); }),
              HasSubstr("1000001 images were asked for, expected 1 to 1000000"));
  EXPECT_THAT(message_of<InputError>([&] { synthesise({.height = 8}, folder / "x"); }),
              HasSubstr("8x128 pixels were asked for, expected sides from 16"));
  EXPECT_FALSE(std::filesystem::exists(folder / "x"));
  for (SynthKind kind : kKinds) EXPECT_EQ(parse_synth_kind(to_string(kind)), kind);
  EXPECT_THAT(message_of<InputError>([] { parse_synth_kind("moon"); }), HasSubstr("expected cells, seismic or street"));
  folder.pair("a");
  folder.text("classes.txt", "0 a\n1 b\n2 c");
  EXPECT_THAT(message_of<InputError>([&] { best_threshold_iou(open_dataset(folder.path()), Split::all); }),
              HasSubstr("tells 2 classes apart"));
}

}  // namespace
}  // namespace inlay
