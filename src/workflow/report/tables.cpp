// What was chosen, and what the data are like.
#include "base/base64.h"
#include "base/fail.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

std::string percent(double share) {
  return share > 0 && share < 0.001 ? fmt::format("{:.2g} %", 100 * share) : fmt::format("{:.1f} %", 100 * share);
}

std::string size_text(const ImageSize& size) { return fmt::format("{}x{}", size.height, size.width); }

std::string numbers(const std::vector<double>& values) {
  std::string text;
  for (const double value : values) text += fmt::format("{}{:.3f}", text.empty() ? "" : ", ", value);
  return text;
}

std::string swatch(const Color& color) {
  return fmt::format(R"html(<span class="swatch" style="background:rgb({},{},{})"></span>)html", color[0], color[1],
                     color[2]);
}

}  // namespace

std::string plan_table(std::span<const PlanChoice> plan) {
  std::string html = R"(<div class="scroll"><table class="words"><tr><th>setting</th><th>chosen</th><th>why</th></tr>)";
  for (const PlanChoice& choice : plan)
    html += fmt::format("<tr><td>{}</td><td><b>{}</b></td><td>{}</td></tr>", escape_html(choice.option),
                        escape_html(choice.value), escape_html(choice.why));
  return html + "</table></div>";
}

std::string data_card(const Fingerprint& data, std::span<const std::string> findings, const ClassTable& classes) {
  const bool one_size = data.smallest == data.largest;
  std::string html = "<dl>";
  const auto line = [&](const char* name, const std::string& value) {
    html += fmt::format("<dt>{}</dt><dd>{}</dd>", name, escape_html(value));
  };
  line("Images", fmt::format("{} to train, {} to validate{}", data.train_images, data.val_images,
                             data.read < data.train_images ? fmt::format("; what follows is of {}", data.read) : ""));
  line("Sizes", one_size ? fmt::format("all {}", size_text(data.median))
                         : fmt::format("{} to {}, in the middle {}", size_text(data.smallest), size_text(data.largest),
                                       size_text(data.median)));
  line("Channels",
       fmt::format("{}, mean {}, standard deviation {}", data.channels, numbers(data.mean), numbers(data.stddev)));
  if (data.ignored > 0) line("Ignored", percent(data.ignored) + " of the pixels");
  html += "</dl>";
  html += scroll_box(data.classes.size());
  html += R"(<table class="first" style="margin-top:14px"><tr><th>class</th><th>pixels</th><th>images</th>)"
          "<th>regions</th><th>side of a region</th></tr>";
  for (std::size_t i = 0; i < data.classes.size(); ++i) {
    const Fingerprint::Class& entry = data.classes[i];
    html += fmt::format("<tr><td>{}{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                        i < classes.colors.size() ? swatch(classes.colors[i]) : "", escape_html(entry.name),
                        percent(entry.share), percent(entry.image_share), entry.objects,
                        entry.objects > 0 ? fmt::format("{:.0f} px", entry.object_side) : "&ndash;");
  }
  html += "</table></div>";
  constexpr std::size_t kShown = 5;
  for (std::size_t i = 0; i < std::min(kShown, findings.size()); ++i)
    html += fmt::format(R"(<p class="finding">{}</p>)", escape_html(findings[i]));
  if (findings.size() > kShown)
    html +=
        fmt::format(R"(<p class="finding">and {} more: inlay data check lists them all</p>)", findings.size() - kShown);
  return html;
}

std::string frame_rows(std::span<const ReportFrame> frames) {
  std::string html = R"(<div class="scroll"><table class="frames"><tr>)";
  std::size_t rows = 0;
  for (const ReportFrame& frame : frames) {
    html += fmt::format("<th>{}</th>", escape_html(frame.what));
    rows = std::max(rows, frame.pngs.size());
  }
  html += "</tr>";
  for (std::size_t row = 0; row < rows; ++row) {
    html += "<tr>";
    for (const ReportFrame& frame : frames)
      html += row >= frame.pngs.size() ? "<td></td>"
                                       : fmt::format(R"(<td><img src="data:image/png;base64,{}" alt="{}"></td>)",
                                                     base64(frame.pngs[row]), escape_html(frame.what));
    html += "</tr>";
  }
  return html + "</table></div>";
}

}  // namespace inlay
