#include "workflow/folds/folds_report.h"

#include <cmath>

#include "base/fail.h"
#include "inlay/version.h"
#include "workflow/report/parts.h"

namespace inlay::workflow {
namespace {

template <class Value>
Spread over(std::span<const FoldResult> folds, Value&& value) {
  std::vector<double> values;
  for (const FoldResult& fold : folds) values.push_back(value(fold));
  return spread(values);
}

std::string text(const Spread& spread) {
  if (std::isnan(spread.mean)) return "&ndash;";
  return std::isnan(spread.deviation) ? fmt::format("{:.3f}", spread.mean)
                                      : fmt::format("{:.3f} &plusmn; {:.3f}", spread.mean, spread.deviation);
}

std::string tile(const std::string& number, const char* name) {
  return fmt::format(R"(<div class="tile"><b>{}</b><span>{}</span></div>)", number, name);
}

std::string tiles(const FoldsOutcome& outcome) {
  const std::span<const FoldResult> folds = outcome.folds;
  return fmt::format(R"(<div class="tiles">{}{}{}</div>)",
                     tile(text(over(folds, [](const FoldResult& f) { return f.evaluation.scores.mean_iou; })),
                          "mean IoU, mean and spread over folds"),
                     tile(text(over(folds, [](const FoldResult& f) { return f.evaluation.scores.pixel_accuracy; })),
                          "pixel accuracy, mean and spread"),
                     tile(score_text(outcome.evaluation->scores.mean_iou), "mean IoU of all images together"));
}

std::string class_rows(const FoldsOutcome& outcome, const ClassTable& classes) {
  std::string html = R"(<div class="scroll"><table><tr><th>class</th><th>IoU over folds</th>)";
  for (const FoldResult& fold : outcome.folds)
    html += fmt::format(R"(<th><a href="fold-{0}/report.html">fold {0}</a></th>)", fold.fold);
  html += "</tr>";
  const auto row = [&](const std::string& name, const char* style, auto&& value) {
    html += fmt::format("<tr{}><td>{}</td><td>{}</td>", style, escape_html(name), text(over(outcome.folds, value)));
    for (const FoldResult& fold : outcome.folds) html += fmt::format("<td>{}</td>", score_text(value(fold)));
    html += "</tr>";
  };
  for (std::size_t i = 0; i < classes.names.size(); ++i)
    row(classes.names[i], "", [i](const FoldResult& f) { return f.evaluation.scores.classes[i].iou; });
  row("mean", R"( class="total")", [](const FoldResult& f) { return f.evaluation.scores.mean_iou; });
  return html + "</table></div>";
}

}  // namespace

std::string folds_csv(std::span<const FoldResult> folds) {
  std::string csv = "fold,images,mean_iou,pixel_accuracy,cross_entropy,best_epoch,seconds";
  const auto cell = [](double value) { return std::isnan(value) ? "" : fmt::format("{:.6g}", value); };
  for (const ClassScores& one : folds.front().evaluation.scores.classes) {
    std::string name = one.name;
    std::ranges::replace(name, ',', ' ');
    csv += ",iou " + name;
  }
  csv += "\n";
  for (const FoldResult& fold : folds) {
    const Evaluation& e = fold.evaluation;
    csv += fmt::format("{},{},{},{},{},{},{}", fold.fold, fold.images, cell(e.scores.mean_iou),
                       cell(e.scores.pixel_accuracy), cell(e.cross_entropy),
                       fold.earlier ? "" : fmt::format("{}", fold.best_epoch + 1),
                       fold.earlier ? "" : fmt::format("{:.1f}", fold.seconds));
    for (const ClassScores& one : e.scores.classes) csv += "," + cell(one.iou);
    csv += "\n";
  }
  return csv;
}

std::string folds_html(const FoldsOutcome& outcome, const ClassTable& classes) {
  const std::string title = fmt::format("{}: {} folds", outcome.run.filename().string(), outcome.folds.size());
  const auto section = [](const char* name, const std::string& content) {
    return fmt::format("<section><h2>{}</h2>{}</section>\n", name, content);
  };
  std::string html = page_head(title);
  html += fmt::format(
      "<h1>{}</h1>\n<p class=\"under\">Each of the {} images was labelled by the model that did not learn from it."
      "</p>\n{}\n",
      escape_html(title), outcome.evaluation->images, tiles(outcome));
  html += section("By fold", class_rows(outcome, classes));
  html += section("All images together", class_table(*outcome.evaluation, classes));
  html += section("What is taken for what", confusion_picture(outcome.evaluation->confusion, classes.names));
  return html + fmt::format("<p class=\"under\">Inlay {}</p>\n</main></body></html>\n", kVersion);
}

}  // namespace inlay::workflow
