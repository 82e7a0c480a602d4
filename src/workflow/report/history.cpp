// The curves of a run.
#include <array>
#include <cmath>

#include "base/fail.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

template <class Value>
std::vector<double> by_epoch(const Report& report, Value&& value) {
  std::vector<double> values;
  for (const EpochReport& epoch : report.history) values.push_back(value(epoch));
  return values;
}

/// The class' colour, but where it would vanish on a light or dark page.
std::string line_color(const Color& color) {
  const int light = (299 * color[0] + 587 * color[1] + 114 * color[2]) / 1000;
  return light < 40 || light > 225 ? "var(--soft)" : fmt::format("rgb({},{},{})", color[0], color[1], color[2]);
}

Curve class_curve(const Report& report) {
  Curve curve{"validation IoU of each class", {}, true, true};
  for (std::size_t c = 0; c < report.classes.names.size(); ++c)
    curve.lines.push_back(
        {report.classes.names[c], line_color(report.classes.colors[c]), by_epoch(report, [&](const EpochReport& e) {
           return c < e.val_class_iou.size() ? e.val_class_iou[c] : NAN;
         })});
  return curve;
}

}  // namespace

std::string draw_history(const Report& report) {
  const auto line = [&](const char* name, const char* color, auto&& value) {
    return Line{name, color, by_epoch(report, value)};
  };
  const std::array<Curve, 4> curves{
      {{"loss by epoch",
        {line("training, of augmented patches", "var(--amber)", [](const EpochReport& e) { return e.train_loss; }),
         line("validation, cross entropy", "var(--blue)", [](const EpochReport& e) { return e.val_loss; })},
        true,
        false},
       {"validation mean IoU by epoch",
        {line("", "var(--blue)", [](const EpochReport& e) { return e.val_mean_iou; })},
        false,
        true},
       class_curve(report),
       {"learning rate by epoch",
        {line("", "var(--green)", [](const EpochReport& e) { return e.learning_rate; })},
        true,
        false}}};
  std::string html;
  for (std::size_t i = 0; i < curves.size(); ++i) html += draw_curve(curves[i], i < 2 ? report.best_epoch : -1);
  html += draw_curve({"share of the time spent waiting for pictures",
                      {line("", "var(--red)", [](const EpochReport& e) { return e.waiting; })},
                      true,
                      true},
                     -1);
  return fmt::format(R"(<div class="curves">{}</div>)", html);
}

}  // namespace inlay
