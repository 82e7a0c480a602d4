// Real data sets, where they are on this machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inlay/dataset.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

struct Known {
  const char* name;
  std::int64_t images, classes, channels;
  DatasetOptions options = {};
  std::int64_t val = 0;
};

class SharedData : public ::testing::TestWithParam<Known> {};

TEST_P(SharedData, Opens) {
  const Known& known = GetParam();
  const fs::path folder = fs::path(INLAY_SHARED) / "data" / known.name;
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not on this machine";
  const Dataset data = open_dataset(folder, known.options);
  EXPECT_EQ(data.size(Split::all), known.images);
  EXPECT_EQ(data.size(Split::val), known.val);
  EXPECT_EQ(data.classes().size(), known.classes);
  EXPECT_EQ(data.channels(), known.channels);
  for (std::int64_t i = 0; i < 3; ++i) EXPECT_NO_THROW(data.read(Split::train, i));
}

INSTANTIATE_TEST_SUITE_P(Sets, SharedData,
                         ::testing::Values(Known{"isbi2012", 24, 2, 1, {.val_last = 4}, 4},
                                           Known{"crackforest", 79, 2, 3, {}, 16}, Known{"drive", 20, 2, 3, {}, 4},
                                           Known{"tgs_salt", 400, 2, 3, {}, 80}, Known{"camvid", 468, 11, 3, {}, 101},
                                           Known{"dsb2018_nuclei", 90, 2, 3, {}, 18},
                                           Known{"aerial_roads", 10, 2, 3, {}, 2}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SharedIsbi, LastFourAreForValidationAndMembranesAreClassZero) {
  const fs::path folder = fs::path(INLAY_SHARED) / "data/isbi2012";
  if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not on this machine";
  const Dataset data = open_dataset(folder, {.val_last = 4});
  EXPECT_THAT(data.names(Split::val), ::testing::ElementsAre("20", "21", "22", "23"));
  const DataStatistics statistics = measure_statistics(data, Split::all, 1);
  EXPECT_EQ(statistics.class_pixels[0] + statistics.class_pixels[1], 24 * 512 * 512);
  EXPECT_LT(statistics.class_pixels[0], statistics.class_pixels[1] / 3);
}

}  // namespace
}  // namespace inlay
