#include <gmock/gmock.h>

#include <fstream>

#include "inlay/plan.h"
#include "inlay/synth.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

/// A picture of one grey value with two squares of class 1.
void write_squares(const std::filesystem::path& folder, const std::string& name, std::int64_t height,
                   std::int64_t width) {
  Image image{Tensor(DType::u8, {height, width, 1})};
  Mask mask{Tensor(DType::u8, {height, width})};
  std::ranges::fill(image.pixels.data<std::uint8_t>(), std::uint8_t{51});
  const auto labels = mask.labels.data<std::uint8_t>();
  const auto at = [&](std::int64_t y, std::int64_t x) -> std::uint8_t& {
    return labels[static_cast<std::size_t>(y * width + x)];
  };
  for (std::int64_t y = 0; y < 3; ++y)
    for (std::int64_t x = 0; x < 3; ++x) at(y, x) = at(y + 5, x + 5) = 1;
  at(0, width - 1) = 2;
  write_image(folder / "images" / (name + ".png"), image);
  write_mask(folder / "masks" / (name + ".png"), mask);
}

class FingerprintOf : public ::testing::Test {
 protected:
  FingerprintOf() {
    std::ofstream(folder_ / "classes.txt") << "0 ground\n1 square\n2 void\n3 never\n";
    for (const char* name : {"a", "b", "c"}) write_squares(folder_ / "train", name, 10, 12);
    write_squares(folder_ / "train", "wide", 10, 40);
    write_squares(folder_ / "val", "v", 90, 90);
  }
  Dataset open() const { return open_dataset(folder_.path()); }

  TempFolder folder_;
};

TEST_F(FingerprintOf, ASetOfSquares) {
  const Fingerprint print = measure_fingerprint(open(), 1);
  EXPECT_EQ(print.train_images, 4);
  EXPECT_EQ(print.val_images, 1);
  EXPECT_EQ(print.read, 4);
  EXPECT_EQ(print.smallest.width, 12);
  EXPECT_EQ(print.median.width, 12);
  EXPECT_EQ(print.largest.width, 40) << "validation images do not count";
  EXPECT_EQ(print.largest.height, 10);
  EXPECT_NEAR(print.mean.at(0), 0.2, 1e-9);
  EXPECT_NEAR(print.stddev.at(0), 0, 1e-6);
  ASSERT_EQ(print.classes.size(), 3u);
  const Fingerprint::Class& square = print.classes[1];
  EXPECT_EQ(square.name, "square");
  EXPECT_NEAR(square.share, 72.0 / (760 - 4), 1e-9);
  EXPECT_EQ(square.objects, 8);
  EXPECT_DOUBLE_EQ(square.object_side, 3);
  EXPECT_DOUBLE_EQ(square.image_share, 1);
  EXPECT_EQ(print.classes[2].objects, 0);
  EXPECT_EQ(print.classes[2].image_share, 0);
  EXPECT_NEAR(print.ignored, 4.0 / 760, 1e-9);
  EXPECT_GT(print.read_seconds, 0);
}

TEST_F(FingerprintOf, ManyImagesAreLookedAtInPart) {
  const Fingerprint print = measure_fingerprint(open(), 1, 2);
  EXPECT_EQ(print.read, 2);
  EXPECT_EQ(print.train_images, 4);
  EXPECT_EQ(print.classes[1].objects, 4);
}

TEST_F(FingerprintOf, TheKeyChangesWithTheFiles) {
  const std::string key = fingerprint_key(open());
  EXPECT_EQ(measure_fingerprint(open(), 1).key, key);
  write_squares(folder_ / "train", "one more", 10, 12);
  EXPECT_NE(fingerprint_key(open()), key);
}

TEST_F(FingerprintOf, IsReadBackFromItsText) {
  const Fingerprint print = measure_fingerprint(open(), 1);
  const Fingerprint read = fingerprint_from_json(to_json(print));
  EXPECT_EQ(to_json(read), to_json(print));
  EXPECT_EQ(read.classes[1].objects, 8);
  EXPECT_THAT(input_error([] { fingerprint_from_json("{}"); }), HasSubstr("no fingerprint of a data set"));
  EXPECT_THAT(input_error([] { fingerprint_from_json("x"); }), HasSubstr("no fingerprint of a data set"));
}

}  // namespace
}  // namespace inlay::testing
