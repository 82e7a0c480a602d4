#include "inlay/report.h"

#include <gmock/gmock.h>

#include <cmath>

#include "workflow/report_parts.h"

namespace inlay::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Mask mask_of(std::initializer_list<std::uint8_t> labels) { return {Tensor::of<std::uint8_t>({2, 2}, labels)}; }

Report small_report() {
  Report report;
  report.title = "cells <one>";
  report.facts = {{"Images", "3 to train"}};
  report.settings = {{"loss", "bce & dice"}};
  for (int i = 0; i < 3; ++i) {
    EpochReport epoch;
    epoch.epoch = i;
    epoch.train_loss = 1.0 / (i + 1);
    epoch.val_mean_iou = 0.5 + 0.1 * i;
    epoch.learning_rate = 0.001;
    report.history.push_back(epoch);
  }
  report.best_epoch = 2;
  report.scored = "2 validation images";
  report.classes = {{"inside", "wall", "never"}, {{0, 0, 0}, {255, 176, 0}, {1, 2, 3}}};
  ConfusionMatrix confusion(3);
  confusion.add(mask_of({0, 1, 1, 0}), mask_of({0, 1, 0, 0}));
  report.evaluation.confusion = confusion;
  report.evaluation.scores = score(confusion, AbsentPolicy::skip, report.classes.names);
  report.samples = {
      {"s&1", Image{Tensor(DType::u8, {2, 2, 3})}, mask_of({0, 1, 0, kIgnore}), mask_of({0, 1, 1, 0}), 0.75}};
  return report;
}

TEST(Report, HoldsScoresSettingsAndPicturesAndNeedsNothingElse) {
  const std::string html = to_html(small_report());
  EXPECT_THAT(html, AllOf(HasSubstr("cells &lt;one&gt;"), HasSubstr("bce &amp; dice"), HasSubstr("3 to train"),
                          HasSubstr("2 validation images"), HasSubstr("best of 3 epochs"), HasSubstr("s&amp;1"),
                          HasSubstr("No pixel of never"), HasSubstr("rgb(255,176,0)")));
  EXPECT_THAT(html, HasSubstr(">0.583<")) << "mean of IoU 2/3 and 1/2";
  EXPECT_THAT(html,
              AllOf(Not(HasSubstr("http")), Not(HasSubstr("<script")), Not(HasSubstr("<link")), Not(HasSubstr("nan"))));
  std::size_t pictures = 0;
  for (std::size_t at = html.find("data:image/png;base64,iVBORw0KGgo"); at != std::string::npos;
       at = html.find("data:image/png", at + 1))
    ++pictures;
  EXPECT_EQ(pictures, 4u);
}

TEST(Report, EscapesText) { EXPECT_EQ(escape_html("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;"); }

TEST(Report, ScoreWithoutNumberIsADash) {
  EXPECT_EQ(score_text(NAN), "&ndash;");
  EXPECT_EQ(score_text(0.12345), "0.123");
}

TEST(Report, CurvesSkipWhatIsNoNumber) {
  EXPECT_EQ(draw_curve({"t", "red", {NAN, NAN}}, 0), "");
  EXPECT_EQ(draw_curve({"t", "red", {}}, 0), "");
  const std::string flat = draw_curve({"t", "red", {0.5, 0.5, NAN}}, 1);
  EXPECT_THAT(flat,
              AllOf(HasSubstr("<polyline"), HasSubstr("epoch 2: 0.5"), Not(HasSubstr("nan")), Not(HasSubstr("inf"))));
  EXPECT_THAT(draw_curve({"t", "red", {0.001}, true}, -1), HasSubstr("<circle")) << "one epoch is a point";
}

}  // namespace
}  // namespace inlay::testing
