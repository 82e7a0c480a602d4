// Real data sets, where they are on this machine.
#include "support/shared_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/dataset.h"

namespace inlay {
namespace {

struct Known {
  const char* name;
  std::int64_t images, classes, channels;
  DatasetOptions options = {};
  std::int64_t val = 0;
  const char* format = "folder";
  std::size_t warnings = 0;
};

class SharedSets : public testing::SharedData, public ::testing::WithParamInterface<Known> {
 protected:
  SharedSets() : SharedData(GetParam().name) {}
};

TEST_P(SharedSets, Open) {
  const Known& known = GetParam();
  const Dataset data = open_dataset(folder, known.options);
  EXPECT_EQ(data.format(), known.format);
  EXPECT_EQ(data.size(Split::all), known.images);
  EXPECT_EQ(data.size(Split::val), known.val);
  EXPECT_EQ(data.classes().size(), known.classes);
  EXPECT_EQ(data.channels(), known.channels);
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_NO_THROW(data.read(Split::all, i));
  EXPECT_EQ(data.warnings().size(), known.warnings);
}

INSTANTIATE_TEST_SUITE_P(
    Sets, SharedSets,
    ::testing::Values(Known{"isbi2012", 24, 2, 1, {.val_last = 4}, 4}, Known{"crackforest", 79, 2, 3, {}, 16},
                      Known{"drive", 20, 2, 3, {}, 4, "DRIVE"}, Known{"tgs_salt", 400, 2, 3, {}, 80, "Kaggle RLE"},
                      Known{"camvid", 468, 11, 3, {}, 101}, Known{"dsb2018_nuclei", 90, 2, 3, {}, 18},
                      Known{"aerial_roads", 10, 2, 3, {}, 2, "folder", 1},
                      Known{"voc_sample", 3, 21, 3, {}, 3, "PASCAL VOC"},
                      Known{"coco_sample", 16, 81, 3, {}, 6, "COCO"}),
    [](const auto& test) { return std::string(test.param.name); });

class SharedIsbi : public testing::SharedData {
 protected:
  SharedIsbi() : SharedData("isbi2012") {}
};

TEST_F(SharedIsbi, LastFourAreForValidationAndMembranesAreClassZero) {
  const Dataset data = open_dataset(folder, {.val_last = 4});
  EXPECT_THAT(data.names(Split::val), ::testing::ElementsAre("20", "21", "22", "23"));
  const DataStatistics statistics = measure_statistics(data, Split::all, 1);
  EXPECT_EQ(statistics.class_pixels[0] + statistics.class_pixels[1], 24 * 512 * 512);
  EXPECT_LT(statistics.class_pixels[0], statistics.class_pixels[1] / 3);
}

}  // namespace
}  // namespace inlay
