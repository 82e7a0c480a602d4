#include "inlay/report.h"

#include <gmock/gmock.h>

#include <cmath>

#include "workflow/report/parts.h"

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
  EXPECT_EQ(draw_curve({"t", {{"", "red", {NAN, NAN}}}}, 0), "");
  EXPECT_EQ(draw_curve({"t", {{"", "red", {}}}}, 0), "");
  EXPECT_EQ(draw_curve({"t", {}}, 0), "");
  const std::string flat = draw_curve({"t", {{"", "red", {0.5, 0.5, NAN}}}}, 1);
  EXPECT_THAT(flat,
              AllOf(HasSubstr("<polyline"), HasSubstr("epoch 2: 0.5"), Not(HasSubstr("nan")), Not(HasSubstr("inf"))));
  EXPECT_THAT(draw_curve({"t", {{"", "red", {0.001}}}, true}, -1), HasSubstr("<circle")) << "one epoch is a point";
}

TEST(Report, CurvesOfSeveralHaveALegendAndOneScale) {
  const std::string html = draw_curve({"t", {{"a<b", "red", {0.0, 1.0}}, {"c", "blue", {2.0}}}}, -1);
  EXPECT_THAT(html, AllOf(HasSubstr("</i>a&lt;b</span>"), HasSubstr("</i>c</span>"), HasSubstr(">2</text>")));
  EXPECT_THAT(html, HasSubstr("c, epoch 1: 2")) << "a single number is a point";
}

TEST(Report, SaysWhatWasChosenAndWhereItCameFrom) {
  Report report = small_report();
  EXPECT_THAT(to_html(report), AllOf(Not(HasSubstr("What was chosen")), Not(HasSubstr("Where it came from")),
                                     Not(HasSubstr("Over the epochs")), Not(HasSubstr("<h2>Data</h2>"))));
  report.plan = {{"width", "24", "the <widest>", false}};
  report.origin = {{"Command", "inlay train 'a & b'"}};
  report.frames = {{"epoch 8", {"PNG"}}, {"epoch 16", {"PNG", "PNG"}}};
  report.intervals = {{"mean_iou", "0.51 to 0.66"}};
  report.findings = {"1 <odd>", "2", "3", "4", "5", "6", "7"};
  Fingerprint data{.train_images = 300,
                   .val_images = 20,
                   .read = 256,
                   .smallest = {10, 20},
                   .median = {30, 40},
                   .largest = {50, 60},
                   .channels = 3,
                   .mean = {0.5, 0.25, 0.125},
                   .stddev = {0.1, 0.2, 0.3}};
  data.classes = {{"inside", 0.75, 1, 12, 20.4}, {"wall", 0.0004, 0.5, 0, 0}};
  data.ignored = 0.0625;
  report.data = data;
  const std::string html = to_html(report);
  for (const char* text :
       {"<td>width</td><td><b>24</b></td><td>the &lt;widest&gt;</td>", "inlay train 'a &amp; b'", "<th>epoch 16</th>",
        "base64,UE5H", "mean IoU<br>0.51 to 0.66", "300 to train, 20 to validate; what follows is of 256",
        "10x20 to 50x60, in the middle 30x40", "3, mean 0.500, 0.250, 0.125, standard deviation 0.100",
        "6.2 % of the pixels", "<td>75.0 %</td><td>100.0 %</td><td>12</td><td>20 px</td>", "<td>0.04 %</td>",
        "1 &lt;odd&gt;", "and 2 more"})
    EXPECT_THAT(html, HasSubstr(text));
}

TEST(Report, ShowsWhatIsTakenForWhat) {
  const std::string html = to_html(small_report());
  EXPECT_THAT(html, AllOf(HasSubstr("inside taken for wall: 33.33 %, 1 pixels"), HasSubstr(">67</text>")));
  Report many = small_report();
  EXPECT_THAT(class_table(many.evaluation, many.classes), ::testing::StartsWith("<div class=\"scroll\">"));
  many.evaluation.scores.classes.resize(25);
  EXPECT_THAT(class_table(many.evaluation, many.classes), ::testing::StartsWith("<div class=\"scroll tall\">"));
}

TEST(Report, DrawsTheScoreOfEveryClass) {
  Report report = small_report();
  for (EpochReport& epoch : report.history) epoch.val_class_iou = {0.5, NAN, 0.25};
  EXPECT_THAT(draw_history(report), AllOf(HasSubstr("validation IoU of each class"), HasSubstr("rgb(255,176,0)"),
                                          HasSubstr("</i>wall</span>"), Not(HasSubstr("nan"))));
}

}  // namespace
}  // namespace inlay::testing
