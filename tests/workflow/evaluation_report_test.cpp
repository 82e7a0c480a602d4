#include "workflow/evaluation_report.h"

#include <gmock/gmock.h>

#include <cmath>
#include <fstream>

#include "support/temp_folder.h"
#include "workflow/label_pictures.h"
#include "workflow/report/parts.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

Mask mask_of(std::int64_t height, std::int64_t width, std::initializer_list<std::uint8_t> labels) {
  return {Tensor::of<std::uint8_t>({height, width}, labels)};
}

TEST(ConfusionPicture, ShadesAreSharesOfTheRow) {
  ConfusionMatrix confusion(3);
  confusion.add(mask_of(1, 6, {0, 0, 0, 1, 2, 1}), mask_of(1, 6, {0, 0, 0, 0, 1, 1}));
  const std::string picture = confusion_picture(confusion, {"sea", "<land>"});
  EXPECT_THAT(picture, AllOf(HasSubstr("sea taken for sea: 75.00 %, 3 pixels"),
                             HasSubstr("&lt;land&gt; taken for other: 50.00 %"), HasSubstr(">75</text>"),
                             Not(HasSubstr("<land>"))));
  EXPECT_EQ(count_of(picture, "<g>"), 6u) << "two rows of two classes and the rest";
}

TEST(ConfusionPicture, OfManyClassesHasNoNumbers) {
  std::vector<std::string> names;
  for (int i = 0; i < 81; ++i) names.push_back("a name that is too long for a row " + std::to_string(i));
  ConfusionMatrix confusion(81);
  confusion.add(mask_of(1, 1, {80}), mask_of(1, 1, {80}));
  const std::string picture = confusion_picture(confusion, names);
  EXPECT_EQ(count_of(picture, "<g>"), 1u) << "what nobody took for another is not worth a cell";
  EXPECT_EQ(count_of(picture, "class=\"cell\""), 81u) << "the ground of each row";
  EXPECT_THAT(picture, AllOf(Not(HasSubstr(">100</text>")), HasSubstr("…"), HasSubstr("100.00 %"),
                             HasSubstr("rotate(-90"), Not(HasSubstr("rotate(-50"))));
}

TEST(ReportMaterial, SortsObjectsBySizeAndPixelsByDistance) {
  ReportMaterial material({"ground", "thing"});
  Mask truth{Tensor(DType::u8, {10, 40})}, prediction{Tensor(DType::u8, {10, 40})};
  for (std::int64_t y = 0; y < 4; ++y)
    for (std::int64_t x = 0; x < 5; ++x) {  // an object of 20 pixels, half of it found
      truth.labels.data<std::uint8_t>()[static_cast<std::size_t>(y * 40 + x)] = 1;
      if (y < 2) prediction.labels.data<std::uint8_t>()[static_cast<std::size_t>(y * 40 + x)] = 1;
    }
  material.add(truth, prediction, Tensor(DType::f32, {2, 10, 40}));
  EXPECT_EQ(material.sizes()[2].count, 1);
  EXPECT_DOUBLE_EQ(material.sizes()[2].sum, 0.5);
  double pixels = 0, right = 0;
  for (const ReportMaterial::Bin& bin : material.distances()) {
    pixels += bin.count;
    right += bin.sum;
  }
  EXPECT_EQ(pixels, 400);
  EXPECT_EQ(right, 390);
  EXPECT_EQ(material.distances()[0].count, 8 + 9) << "pixels beside the outline, on both sides";
  EXPECT_EQ(material.calibration().bins[7].pixels, 400) << "1/2 is in the bin from 7/15 to 8/15";
  for (const std::string& chart :
       {size_chart(material), distance_chart(material), calibration_chart(material.calibration())})
    EXPECT_THAT(chart, AllOf(HasSubstr("<svg"), HasSubstr("<rect"), Not(HasSubstr("nan"))));
  EXPECT_THAT(size_chart(material), HasSubstr("1 objects of 16 pixels and more: 0.500"));
}

TEST(ReportMaterial, OfNothingGivesNoCharts) {
  const ReportMaterial material({"a", "b"});
  EXPECT_EQ(size_chart(material) + distance_chart(material) + calibration_chart({}), "");
}

TEST(LabelPictures, ShowWhoIsRight) {
  const Image picture{Tensor(DType::u8, {1, 4, 5})};
  const Image shown =
      disagreement(picture, mask_of(1, 4, {1, 1, 1, 255}), mask_of(1, 4, {1, 0, 1, 0}), mask_of(1, 4, {0, 1, 1, 0}));
  EXPECT_THAT(shown.pixels.data<std::uint8_t>(), ElementsAre(47, 111, 222, 222, 140, 20, 160, 160, 160, 128, 128, 128));
  const Image colors{Tensor(DType::u8, {1, 4, 3})};
  errors(colors, mask_of(1, 4, {0, 0, 0, 0}), mask_of(1, 4, {0, 0, 0, 0}));
  EXPECT_THAT(colors.pixels.data<std::uint8_t>(), Each(0)) << "the picture stays as it is";
}

TEST(EvaluationReport, IsAPageThatNeedsNothingElse) {
  const TempFolder folder;
  for (const char* name : {"a", "b", "c"}) {
    write_image(folder / "data/val/images" / (std::string(name) + ".png"), Image{Tensor(DType::u8, {8, 9, 1})});
    Mask mask{Tensor(DType::u8, {8, 9})};
    mask.labels.data<std::uint8_t>()[12] = 1;
    write_mask(folder / "data/val/masks" / (std::string(name) + ".png"), mask);
    write_image(folder / "data/train/images" / (std::string(name) + ".png"), Image{Tensor(DType::u8, {8, 9, 1})});
    write_mask(folder / "data/train/masks" / (std::string(name) + ".png"), mask);
  }
  workflow::convert({"unet", {{"width", "2"}, {"depth", "1"}}, 1, 2, 0}, folder / "net.onnx");
  workflow::EvaluateRequest request{.model = folder / "net.onnx", .data = folder / "data"};
  request.metrics = parse_metrics("default,boundary_f1", true);
  request.report = folder / "page/report.html";
  request.command = "inlay evaluate <net>";
  request.tune = false;
  const Evaluation evaluation = workflow::evaluate(request);
  EXPECT_EQ(evaluation.metrics.size(), 7u);
  EXPECT_EQ(evaluation.intervals.size(), 7u);
  std::ifstream file(request.report);
  const std::string html{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(html,
              AllOf(HasSubstr("net.onnx on data"), HasSubstr("inlay evaluate &lt;net&gt;"), HasSubstr("boundary_f1"),
                    HasSubstr("Worst images"), HasSubstr("Best images"), HasSubstr("taken for")));
  EXPECT_THAT(html,
              AllOf(Not(HasSubstr("http")), Not(HasSubstr("<script")), Not(HasSubstr("<link")), Not(HasSubstr("nan"))));
  EXPECT_EQ(count_of(html, "data:image/png;base64,"), 3u * 4u);
}

}  // namespace
}  // namespace inlay::testing
