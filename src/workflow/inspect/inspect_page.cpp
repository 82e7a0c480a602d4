#include "workflow/inspect/inspect_page.h"

#include <algorithm>
#include <cmath>

#include "base/fail.h"
#include "inlay/version.h"
#include "workflow/inspect/feature_sheet.h"
#include "workflow/report/parts.h"

namespace inlay::workflow {
namespace {

constexpr std::string_view kStyle = R"css(
h3{font-size:14px;margin:22px 0 2px;display:flex;justify-content:space-between;gap:16px;overflow-wrap:anywhere}
td{white-space:nowrap}
h3 span{color:var(--soft);font-weight:500;white-space:nowrap}
.note{color:var(--soft);font-size:13px;margin:0 0 8px}
figure{margin:0}
img{display:block;width:100%;border-radius:6px;image-rendering:pixelated;background:var(--bar)}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(240px,1fr));gap:14px}
.three{display:grid;grid-template-columns:repeat(3,1fr);gap:14px}
.scale{display:inline-block;width:90px;height:9px;border-radius:5px;vertical-align:0;margin:0 6px;
background:linear-gradient(90deg,#000004,#57106e,#bc3754,#f98e09,#fcffa4)}
.profile{margin:0 0 6px}
.profile rect{fill:var(--blue);opacity:.75}
.profile a:hover rect{opacity:1}
)css";

std::string figure(const std::filesystem::path& file, std::string_view caption) {
  return fmt::format(R"(<figure><figcaption>{}</figcaption><a href="{}"><img src="{}" alt="{}"></a></figure>)", caption,
                     escape_html(file.string()), escape_html(file.string()), caption);
}

std::string section(std::string_view title, std::string_view note, const std::string& content) {
  return fmt::format("<section><h2>{}</h2><p class=\"note\">{}</p>{}</section>\n", title, note, content);
}

std::string percent(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string class_name(const Inspection::Class& entry) {
  return fmt::format(R"html(<span class="swatch" style="background:rgb({},{},{})"></span>{})html", entry.color[0],
                     entry.color[1], entry.color[2], escape_html(entry.name));
}

std::string result(const Inspection& inspection) {
  std::string table = "<div><table><tr><th>class</th><th>pixels</th><th>mean probability</th></tr>";
  for (const Inspection::Class& entry : inspection.classes)
    if (entry.share > 0 || !entry.probability.empty())
      table += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", class_name(entry), percent(entry.share),
                           percent(entry.mean_probability));
  return fmt::format(R"(<section><div class="row">{}{}{}</table></div></div></section>)",
                     figure(inspection.picture, "picture"), figure(inspection.overlay, "labels"), table);
}

/// Every layer as a bar: as high as its maps on a scale of powers of two, as wide as it has channels on another.
std::string profile(const std::vector<Inspection::Layer>& layers) {
  constexpr double kHeight = 90, kGap = 5;
  double x = 0, highest = 1;
  for (const Inspection::Layer& layer : layers)
    highest = std::max(highest, std::log2(static_cast<double>(layer.height) + 1));
  std::string bars;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const double height = kHeight * std::log2(static_cast<double>(layers[i].height) + 1) / highest;
    const double width = 6 + 3 * std::log2(static_cast<double>(layers[i].channels));
    bars += fmt::format(R"(<a href="#layer{}"><rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">)"
                        "<title>{}: {} x {} x {}</title></rect></a>",
                        i, x, (kHeight - height) / 2, width, height, escape_html(layers[i].name), layers[i].channels,
                        layers[i].height, layers[i].width);
    x += width + kGap;
  }
  return fmt::format(R"(<svg class="profile" style="max-width:{:.0f}px" viewBox="0 0 {:.1f} {}">{}</svg>)", 1.4 * x,
                     x - kGap, kHeight, bars);
}

std::string pixels_text(double h, double w) {
  const auto side = [](double length) {
    return std::isinf(length) ? std::string("all") : fmt::format("{:.4g}", length);
  };
  return h == w ? fmt::format("{0} &times; {0}", side(h)) : fmt::format("{} &times; {}", side(h), side(w));
}

std::string sheet(const Inspection::Layer& layer, std::size_t index) {
  std::vector<std::int64_t> shown;
  for (const auto& channel : layer.shown) shown.push_back(channel.index);
  const std::int64_t columns = sheet_columns(shown.size());
  return fmt::format(
      R"(<figure id="layer{}"><h3>{}<span>{} &times; {} &times; {}</span></h3><p class="note">One value for {} pixels, )"
      R"(sees {}. Channels {}.</p><a href="{}"><img style="width:{}%" src="{}" alt="{}"></a></figure>)",
      index, escape_html(layer.name), layer.channels, layer.height, layer.width,
      pixels_text(layer.step_h, layer.step_w), pixels_text(layer.sees_h, layer.sees_w), fmt::join(shown, ", "),
      escape_html(layer.sheet.string()), 100 * columns / sheet_columns(std::size_t{1} << 20),
      escape_html(layer.sheet.string()), escape_html(layer.name));
}

std::string layers(const Inspection& inspection) {
  std::string content = profile(inspection.layers);
  for (std::size_t i = 0; i < inspection.layers.size(); ++i) content += sheet(inspection.layers[i], i);
  return section(
      "Through the net",
      R"(What each layer finds, in the order of the net: the channels that differ most from place to place, )"
      R"(each from its lowest number <span class="scale"></span> to its highest. A bar is a layer, as high )"
      R"(as its maps and as wide as it has channels.)",
      content);
}

std::string evidence(const Inspection& inspection) {
  std::string content;
  for (const Inspection::Class& entry : inspection.classes) {
    if (entry.probability.empty()) continue;
    content += fmt::format("<h3><span>{}</span></h3><div class=\"three\">{}{}", class_name(entry),
                           figure(entry.logit, "logit"), figure(entry.probability, "probability"));
    if (!entry.saliency.empty()) content += figure(entry.saliency, "hangs on these pixels");
    content += "</div>";
  }
  const std::string what = inspection.pixel ? fmt::format("the class's logit at row {}, column {}",
                                                          inspection.pixel->row, inspection.pixel->column)
                                            : "the mean logit of the pixels that are labelled so";
  return section("What speaks for each class",
                 fmt::format("Logits on one scale for all classes: coloured above 0, black below. The last picture is "
                             "how much {} changes with each pixel of the picture: the size of its gradient.",
                             what),
                 content);
}

std::string doubt(const Inspection& inspection) {
  return section(
      "Where it is unsure",
      fmt::format(R"(From sure <span class="scale"></span> to unsure. Mean entropy {}, mean margin {}.)",
                  score_text(inspection.mean_entropy), score_text(inspection.mean_margin)),
      fmt::format(R"(<div class="three">{}{}</div>)", figure(inspection.entropy, "entropy of the probabilities"),
                  figure(inspection.margin, "margin between the best two")));
}

}  // namespace

std::string to_html(const Inspection& inspection, const InspectedNet& net) {
  std::string html =
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">";
  html += fmt::format("<title>{} &ndash; Inlay</title>\n<style>{}{}</style></head>\n<body><main>\n",
                      escape_html(net.picture), kReportStyle, kStyle);
  html += fmt::format("<h1>{}</h1>\n<p class=\"under\">{}x{} pixels as {} sees them{}</p>\n", escape_html(net.picture),
                      inspection.height, inspection.width, escape_html(net.model),
                      net.architecture.empty() ? "" : fmt::format(" ({})", escape_html(net.architecture)));
  html += result(inspection) + layers(inspection) + evidence(inspection) + doubt(inspection);
  return html +
         fmt::format("<p class=\"under\" style=\"margin-top:22px\">Inlay {}</p>\n</main></body></html>\n", kVersion);
}

}  // namespace inlay::workflow
