#include <gmock/gmock.h>

#include <fstream>

#include "inlay/scoring.h"
#include "support/input_error.h"
#include "support/temp_folder.h"

namespace inlay::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Compare : public ::testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 4; ++i) {
      const std::string name = "image" + std::to_string(i) + ".png";
      Image image{Tensor(DType::u8, {8, 8, 1})};
      Mask mask{Tensor(DType::u8, {8, 8})};
      for (std::size_t p = 0; p < 64; ++p) {
        image.pixels.data<std::uint8_t>()[p] = static_cast<std::uint8_t>(40 * p * static_cast<std::size_t>(i));
        mask.labels.data<std::uint8_t>()[p] = p % 8 < 4;
      }
      write_image(folder_ / "data/val/images" / name, image);
      write_mask(folder_ / "data/val/masks" / name, mask);
      write_image(folder_ / "data/train/images" / name, image);
      write_mask(folder_ / "data/train/masks" / name, mask);
    }
  }

  std::filesystem::path net(const std::string& name, std::uint64_t seed) {
    workflow::convert({"unet", {{"width", "2"}, {"depth", "1"}}, 1, 2, seed}, folder_ / name / "net.onnx");
    return folder_ / name / "net.onnx";
  }

  workflow::CompareRequest request(const std::filesystem::path& a, const std::filesystem::path& b) {
    workflow::CompareRequest request{.first = a, .second = b, .evaluate = {}, .output = folder_ / "out"};
    request.evaluate.data = folder_ / "data";
    request.evaluate.metrics = {"mean_iou", "ece"};
    request.evaluate.threads = 1;
    request.evaluate.tune = false;
    request.evaluate.log = [this](Severity, std::string_view text) { warnings_.emplace_back(text); };
    request.pictures = 2;
    return request;
  }

  TempFolder folder_;
  std::vector<std::string> warnings_;
};

TEST_F(Compare, TwoModels) {
  std::int64_t last = 0;
  workflow::CompareRequest both = request(net("a", 1), net("b", 5));
  both.evaluate.progress = [&](std::int64_t done, std::int64_t images) {
    EXPECT_EQ(images, 8);
    last = done;
  };
  const workflow::Comparison result = workflow::compare(both);
  EXPECT_EQ(last, 8);
  ASSERT_EQ(result.metrics.size(), 2u);
  EXPECT_EQ(result.metrics[0].name, "mean_iou");
  EXPECT_EQ(result.metrics[0].first, result.first.scores.mean_iou);
  EXPECT_EQ(result.metrics[0].second, result.second.scores.mean_iou);
  EXPECT_NE(result.metrics[0].first, result.metrics[0].second);
  ASSERT_EQ(result.images.size(), 4u);
  for (std::size_t i = 1; i < 4; ++i)
    EXPECT_GE(std::abs(result.images[i - 1].second - result.images[i - 1].first),
              std::abs(result.images[i].second - result.images[i].first));
  ASSERT_EQ(result.pictures.size(), 2u);
  EXPECT_EQ(result.pictures[0].stem(), result.images[0].name);
  EXPECT_EQ(read_image(result.pictures[0]).width(), 3 * (240 + 12) + 12) << "three tiles a row, enlarged";
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(Compare, AModelWithItself) {
  workflow::CompareRequest same = request(net("a", 1), folder_ / "a/net.onnx");
  same.output.clear();
  const workflow::Comparison result = workflow::compare(same);
  EXPECT_EQ(result.metrics[0].p_value, 1);
  EXPECT_EQ(result.metrics[0].difference.low, 0);
  EXPECT_THAT(result.pictures, IsEmpty());
}

TEST_F(Compare, SaysWhenTheSecondDrewOtherImages) {
  const auto a = net("a", 1), b = net("b", 2);
  std::ofstream(folder_ / "b/config.toml") << "val-last = 1\n";
  workflow::compare(request(a, b));
  EXPECT_THAT(warnings_, Contains(HasSubstr("another draw of validation images")));
  workflow::CompareRequest none = request(a, b);
  none.evaluate.metrics.clear();
  EXPECT_THAT(input_error([&] { workflow::compare(none); }), HasSubstr("needs a metric"));
}

}  // namespace
}  // namespace inlay::testing
