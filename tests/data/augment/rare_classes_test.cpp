#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/error.h"
#include "inlay/loader.h"
#include "support/data_folder.h"

namespace inlay {
namespace {

using testing::DataFolder;
using ::testing::HasSubstr;
using testing::message_of;

/// Ten pictures of 40x40 whose grey value is ten times the class; a square of class 2 in the fourth alone, half of each
/// is class 1.
class RareClasses : public ::testing::Test {
 protected:
  RareClasses() {
    for (int i = 0; i < 10; ++i) {
      Image image{Tensor(DType::u8, {40, 40, 1})}, mask{Tensor(DType::u8, {40, 40, 1})};
      for (std::size_t at = 0; at < 1600; ++at) {
        const std::size_t y = at / 40, x = at % 40;
        const bool square = i == 3 && y >= 30 && y < 36 && x >= 4 && x < 10;
        mask.pixels.data<std::uint8_t>()[at] = square ? 2 : x >= 20;
        image.pixels.data<std::uint8_t>()[at] = static_cast<std::uint8_t>(10 * mask.pixels.data<std::uint8_t>()[at]);
      }
      write_image(folder_ / ("images/p" + std::to_string(i) + ".png"), image);
      write_image(folder_ / ("masks/p" + std::to_string(i) + ".png"), mask);
    }
    folder_.text("classes.txt", "0 a\n1 b\n2 rare\n");
  }
  Dataset data() { return open_dataset(folder_.path(), {.val_fraction = 0.0}); }

  /// Patches of `batches` batches of ten that hold the rare class.
  int count_rare(const LoaderOptions& options, int batches) {
    Loader loader(data(), options);
    int found = 0;
    for (int i = 0; i < batches; ++i) {
      const Batch batch = loader.next();
      const auto labels = batch.labels.data<std::uint8_t>();
      const std::size_t pixels = labels.size() / batch.names.size();
      for (std::size_t n = 0; n < batch.names.size(); ++n) {
        const auto patch = labels.subspan(n * pixels, pixels);
        found += std::ranges::find(patch, 2) != patch.end();
      }
    }
    return found;
  }

  DataFolder folder_;
};

TEST_F(RareClasses, AreSeenAsOftenAsTheOthersWhenBalanced) {
  LoaderOptions options{.batch = 10, .height = 8, .width = 8, .seed = 1};
  EXPECT_LT(count_rare(options, 20), 12) << "one in ten pictures, and a square of 36 pixels of 1600";
  options.augment.class_balance = 1.0;
  const int balanced = count_rare(options, 20);
  EXPECT_GT(balanced, 45) << "a third of 200";
  EXPECT_LT(balanced, 90);
  options.augment.class_balance = 0.5;
  const int half = count_rare(options, 20);
  EXPECT_GT(half, 20);
  EXPECT_LT(half, balanced);
}

TEST_F(RareClasses, ArePastedWithTheirPixels) {
  LoaderOptions options{.batch = 10, .height = 40, .width = 40, .seed = 1};
  EXPECT_EQ(count_rare(options, 4), 4) << "the one picture that has it";
  options.augment.copy_paste = 1.0;
  EXPECT_GT(count_rare(options, 4), 30);
  Loader loader(data(), options);
  for (int i = 0; i < 4; ++i) {
    const Batch batch = loader.next();
    const auto labels = batch.labels.data<std::uint8_t>();
    for (std::size_t at = 0; at < labels.size(); ++at)
      ASSERT_FLOAT_EQ(batch.images.data<float>()[at], 10.0f * static_cast<float>(labels[at]) / 255.0f);
  }
}

TEST_F(RareClasses, PastedRegionsGoThroughAWarpOfTheirOwn) {
  LoaderOptions options{.batch = 10, .height = 40, .width = 40, .seed = 1};
  options.augment = {.affine = 1.0, .scale = 0.5, .rotate = 45.0, .copy_paste = 1.0, .paste_regions = 1.0};
  Loader loader(data(), options);
  std::vector<std::ptrdiff_t> areas;
  const Batch batch = loader.next();
  for (std::size_t n = 0; n < 10; ++n)
    areas.push_back(std::ranges::count(batch.labels.data<std::uint8_t>().subspan(n * 1600, 1600), 2));
  EXPECT_GT(std::ranges::max(areas), 45);
  EXPECT_LT(std::ranges::min(areas), 36);
}

TEST_F(RareClasses, BatchesDoNotDependOnTheNumberOfWorkers) {
  LoaderOptions options{.batch = 4, .height = 16, .width = 16, .seed = 3};
  options.augment = standard_augmentation();
  options.augment.class_balance = 0.5;
  options.augment.copy_paste = 0.5;
  options.augment.blur = options.augment.jpeg = options.augment.cutout = 0.5;
  Loader one(data(), options);
  options.workers = 4;
  options.cache_bytes = 0;
  Loader four(data(), options);
  for (int i = 0; i < 6; ++i) {
    const Batch a = one.next(), b = four.next();
    EXPECT_EQ(a.names, b.names);
    EXPECT_TRUE(std::ranges::equal(a.images.data<float>(), b.images.data<float>()));
    EXPECT_TRUE(std::ranges::equal(a.labels.data<std::uint8_t>(), b.labels.data<std::uint8_t>()));
  }
}

TEST_F(RareClasses, NothingIsPastedWhereNoneIsRare) {
  std::filesystem::remove(folder_ / "images/p3.png");
  LoaderOptions options{.batch = 9, .height = 40, .width = 40, .seed = 1};
  options.augment.copy_paste = 1.0;
  EXPECT_EQ(count_rare(options, 2), 0);
}

TEST(RareClassesOfNothing, MasksOfIgnoredPixelsAreAnError) {
  DataFolder folder;
  folder.plain("images/a.png", 4, 4, 9);
  folder.plain("masks/a.png", 4, 4, 255);
  folder.text("classes.txt", "0 a\n1 b\n255 void\n");
  const Dataset data = open_dataset(folder.path(), {.val_fraction = 0.0});
  EXPECT_THAT(message_of<InputError>([&] { Loader(data, {.batch = 1, .augment = {.class_balance = 1.0}}); }),
              HasSubstr("hold ignored pixels only"));
}

}  // namespace
}  // namespace inlay
