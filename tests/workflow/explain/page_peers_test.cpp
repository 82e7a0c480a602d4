// The page in a browser. Skipped where there is no Chromium.
#include <cstdlib>
#include <set>

#include "base/files.h"
#include "inlay/image.h"
#include "support/temp_folder.h"
#include "workflow/explain/page_values.h"

namespace inlay::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"})
    if (std::system(("command -v " + std::string(name) + " > /dev/null 2>&1").c_str()) == 0) return name;
  return "";
}

class ExplainInBrowser : public ::testing::Test {
 protected:
  void SetUp() override {
    browser_ = browser();
    if (browser_.empty()) GTEST_SKIP() << "there is no Chromium";
  }

  /// `script` runs after the page's own.
  void write_page(const std::string& topic, const std::string& script = "") {
    const Explanation e = explain(topic, {}, true);
    std::string html = to_html(std::span(&e, 1));
    html.insert(html.find("</body>"), "<script>" + script + "</script>");
    write_file(folder_ / "page.html", html);
  }

  bool run(const std::string& options, const std::string& hash, const std::string& to) const {
    const std::string line = fmt::format(
        "timeout 120 {} --headless=new --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir='{}' "
        "--virtual-time-budget=3000 {} 'file://{}{}' > '{}' 2> /dev/null",
        browser_, (folder_ / "profile").string(), options, (folder_ / "page.html").string(), hash,
        (folder_ / to).string());
    return std::system(line.c_str()) == 0;
  }

  std::string dom(const std::string& hash) const {
    EXPECT_TRUE(run("--dump-dom", hash, "dom.html"));
    return read_file(folder_ / "dom.html");
  }

  TempFolder folder_;
  std::string browser_;
};

TEST_F(ExplainInBrowser, TheAddressMovesTheSliders) {
  write_page("conv");
  const std::string html = dom("#conv:size=5,kernel=2,stride=2,cell=3");
  const Grid output = grid_of(explain("conv", {{"size", "5"}, {"kernel", "2"}, {"stride", "2"}}), "output");
  ASSERT_EQ(output.values.size(), 4u);
  EXPECT_THAT(html, HasSubstr(fmt::format(R"(data-state="shown" data-cell="3" data-output="{}")", output.values[3])));
  for (const double value : output.values) EXPECT_THAT(html, HasSubstr(fmt::format(R"(data-value="{}")", value)));
  EXPECT_THAT(html, HasSubstr(fmt::format("output (1, 1) = ")));
  EXPECT_THAT(html, HasSubstr(fmt::format(" = {}</p>", output.values[3])));
  EXPECT_THAT(html, HasSubstr("the matrix: 4 outputs x 25 inputs"));
}

TEST_F(ExplainInBrowser, SlidersAndPixelsAnswer) {
  write_page("max-pool", R"(
    const root = document.querySelector('.play'), [size, kernel, stride] = root.querySelectorAll('input');
    stride.value = 1; stride.dispatchEvent(new Event('input'));
    root.querySelectorAll('td.step')[8].dispatchEvent(new Event('mouseenter'));)");
  const std::string html = dom("");
  const Grid largest = grid_of(explain("max-pool", {{"stride", "1"}}), "largest");
  EXPECT_THAT(html, HasSubstr(fmt::format(R"(data-cell="8" data-output="{}")", largest.values.at(8))));
  EXPECT_THAT(html, HasSubstr("output (2, 2) = largest of 2, 1, 4, 8 = 8"));
}

TEST_F(ExplainInBrowser, RefusedSettingsAndInputsThatArePointedAt) {
  write_page("conv");
  const std::string refused = dom("#conv:dilation=2");
  EXPECT_THAT(refused, HasSubstr(R"(data-state="refused")"));
  EXPECT_THAT(refused, HasSubstr("There is no such output: conv2d at 'example'"));
  write_page("conv", "document.querySelector('.play td').dispatchEvent(new Event('mouseenter'));");
  EXPECT_THAT(dom(""), HasSubstr("input (0, 0) goes into 1 output<"));
}

TEST_F(ExplainInBrowser, IsDrawnInLightAndDark) {
  write_page("conv");
  double brightness[2] = {};
  for (const bool dark : {false, true}) {
    const std::string picture = (folder_ / "shot.png").string();
    ASSERT_TRUE(
        run(fmt::format("{} --window-size=1000,800 --screenshot='{}'", dark ? "--force-dark-mode" : "", picture), "",
            "log"));
    const Image image = as_u8(with_channels(read_image(picture), 3));
    std::set<int> colors;
    const auto pixels = image.pixels.data<std::uint8_t>();
    for (std::size_t i = 0; i + 2 < pixels.size(); i += 3) {
      colors.insert(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
      brightness[dark] += (pixels[i] + pixels[i + 1] + pixels[i + 2]) / 3.0;
    }
    EXPECT_GT(colors.size(), 100u) << "cells, letters and lines";
    brightness[dark] /= static_cast<double>(pixels.size() / 3);
  }
  EXPECT_GT(brightness[0], 180);
  EXPECT_LT(brightness[1], 80);
}

}  // namespace
}  // namespace inlay::testing
