#include "inlay/data_sheets.h"

#include <gmock/gmock.h>

#include "inlay/synth.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;

class DataSheets : public ::testing::Test {
 protected:
  DataSheets() {
    synthesise({.kind = SynthKind::street, .count = 12, .height = 48, .width = 64}, folder_ / "street");
    request_.config.data = (folder_ / "street").string();
    request_.images = 2;
    request_.variations = 3;
  }
  std::vector<std::uint8_t> bytes() const {
    const Image sheet = workflow::preview(request_);
    const auto values = sheet.pixels.data<std::uint8_t>();
    return {values.begin(), values.end()};
  }
  TempFolder folder_;
  workflow::PreviewRequest request_;
};

TEST_F(DataSheets, ShowSamplesWithLegend) {
  const Dataset data = open_dataset(folder_ / "street");
  const Image four = workflow::dataset_sheet(data, 4), eight = workflow::dataset_sheet(data, 8);
  EXPECT_EQ(four.width(), eight.width());
  EXPECT_GT(eight.height(), four.height());
  EXPECT_EQ(workflow::dataset_sheet(data, 100).height(), workflow::dataset_sheet(data, 12).height());
  EXPECT_THAT(input_error([&] { workflow::dataset_sheet(data, 0); }), HasSubstr("0 images were asked for, expected 1"));
}

TEST_F(DataSheets, APreviewHasARowForEachImage) {
  const Image sheet = workflow::preview(request_);
  EXPECT_EQ(sheet.width(), 4 * (240 + 12) + 12);
  request_.images = 3;
  EXPECT_EQ(workflow::preview(request_).height() - sheet.height(), 3 * 48 + 20 + 12);
}

TEST_F(DataSheets, APreviewDependsOnPolicyAndSeedAlone) {
  const std::vector<std::uint8_t> first = bytes();
  EXPECT_EQ(bytes(), first);
  request_.config.seed = 1;
  EXPECT_NE(bytes(), first);
  request_.config.seed = 0;
  request_.config.augment = "free";
  EXPECT_NE(bytes(), first);
  request_.config.augment = "upright";
  request_.config.augment_set["cutout"] = "1";
  EXPECT_NE(bytes(), first);
  request_.config.augment_set = {{"cutot", "1"}};
  EXPECT_THAT(input_error([&] { workflow::preview(request_); }),
              HasSubstr("no augmentation 'cutot'; did you mean 'cutout'"));
  request_.config.augment_set.clear();
  request_.variations = 0;
  EXPECT_THAT(input_error([&] { workflow::preview(request_); }), HasSubstr("0 variations were asked for"));
}

}  // namespace
}  // namespace inlay::testing
