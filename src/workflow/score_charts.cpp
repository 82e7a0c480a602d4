#include <cmath>

#include "base/fail.h"
#include "base/grouped.h"
#include "workflow/evaluation_report.h"
#include "workflow/report/parts.h"

namespace inlay {
namespace {

constexpr double kWidth = 340, kHeight = 200, kLeft = 40, kRight = 8, kTop = 8, kBottom = 40;
constexpr double kRoom = kWidth - kLeft - kRight, kRise = kHeight - kTop - kBottom;

double at_y(double share) { return kTop + (1 - share) * kRise; }

struct Bar {
  std::string label, tip;
  double share = 0;  // its height, 0..1
  bool empty = false;
};

std::string grid() {
  std::string svg;
  for (int i = 0; i <= 4; ++i)
    svg += fmt::format(R"(<line class="grid" x1="{:.0f}" x2="{:.0f}" y1="{:.1f}" y2="{:.1f}"/>)"
                       R"(<text x="{:.0f}" y="{:.1f}" text-anchor="end">{:.2f}</text>)",
                       kLeft, kWidth - kRight, at_y(i / 4.0), at_y(i / 4.0), kLeft - 6, at_y(i / 4.0) + 4, i / 4.0);
  return svg;
}

std::string bars(const std::vector<Bar>& all, std::string_view color) {
  std::string svg;
  const double step = kRoom / static_cast<double>(all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const double x = kLeft + static_cast<double>(i) * step;
    if (!all[i].empty)
      svg += fmt::format(
          R"(<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2" fill="{}"><title>{}</title></rect>)",
          x + step * 0.1, at_y(all[i].share), step * 0.8, std::max(0.5, all[i].share * kRise), color,
          escape_html(all[i].tip));
    svg += fmt::format(R"(<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>)", x + step / 2, kHeight - 22,
                       escape_html(all[i].label));
  }
  return svg;
}

std::string figure(std::string_view title, std::string_view below, const std::string& content) {
  return fmt::format(
      R"(<figure><figcaption>{}</figcaption><svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}{})"
      R"(<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text></svg></figure>)",
      title, kWidth, kHeight, title, grid(), content, kLeft + kRoom / 2, kHeight - 5, below);
}

template <std::size_t N>
bool nothing_in(const std::array<ReportMaterial::Bin, N>& bins) {
  for (const ReportMaterial::Bin& bin : bins)
    if (bin.count > 0) return false;
  return true;
}

std::string thousands(std::int64_t value) {
  return value < 1000 ? fmt::format("{}", value) : fmt::format("{}k", value / 1000);
}

}  // namespace

std::string size_chart(const ReportMaterial& material) {
  if (nothing_in(material.sizes())) return "";
  std::vector<Bar> all;
  for (std::size_t i = 0; i < ReportMaterial::kSizes; ++i) {
    const ReportMaterial::Bin& bin = material.sizes()[i];
    const std::int64_t from = std::int64_t{1} << (2 * i);
    const double share = bin.count == 0 ? 0 : bin.sum / bin.count;
    all.push_back({thousands(from),
                   fmt::format("{} objects of {} pixels and more: {:.3f}",
                               grouped(static_cast<std::int64_t>(bin.count)), grouped(from), share),
                   share, bin.count == 0});
  }
  return figure("Share of an object that is found, by its size", "pixels of the object, from",
                bars(all, "var(--blue)"));
}

std::string distance_chart(const ReportMaterial& material) {
  if (nothing_in(material.distances())) return "";
  std::vector<Bar> all;
  for (std::size_t i = 0; i < ReportMaterial::kDistances; ++i) {
    const ReportMaterial::Bin& bin = material.distances()[i];
    const std::int64_t limit = std::int64_t{1} << i;
    const std::string label = i + 1 == ReportMaterial::kDistances ? "more" : fmt::format("{}", limit);
    const double share = bin.count == 0 ? 0 : bin.sum / bin.count;
    all.push_back({label, fmt::format("{} pixels: {:.4f}", grouped(static_cast<std::int64_t>(bin.count)), share), share,
                   bin.count == 0});
  }
  return figure("Share of pixels that are right, by their distance to an outline", "pixels to another class, up to",
                bars(all, "var(--green)"));
}

std::string calibration_chart(const Calibration& calibration) {
  if (std::isnan(calibration.expected_error())) return "";
  std::vector<Bar> all;
  for (std::size_t i = 0; i < Calibration::kBins; ++i) {
    const Calibration::Bin& bin = calibration.bins[i];
    const double accuracy = bin.pixels == 0 ? 0 : bin.correct / bin.pixels;
    all.push_back({i % 5 == 2 ? fmt::format("{:.2f}", (static_cast<double>(i) + 0.5) / Calibration::kBins) : "",
                   fmt::format("{} pixels, {:.3f} sure, {:.3f} right", grouped(static_cast<std::int64_t>(bin.pixels)),
                               bin.pixels == 0 ? 0 : bin.confidence / bin.pixels, accuracy),
                   accuracy, bin.pixels == 0});
  }
  const std::string ideal = fmt::format(
      R"svg(<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" stroke="var(--red)" stroke-dasharray="4 3"/>)svg",
      kLeft, at_y(0), kLeft + kRoom, at_y(1));
  return figure(fmt::format("How often the net is right when it is that sure; expected error {:.4f}",
                            calibration.expected_error()),
                "probability of the class that is predicted", bars(all, "var(--amber)") + ideal);
}

}  // namespace inlay
