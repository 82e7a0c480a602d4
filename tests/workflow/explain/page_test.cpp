#include "workflow/explain/page_values.h"
#include "workflow/explain/topic.h"

namespace inlay::testing {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::string page_of(const std::string& topic, const ExplainTexts& texts = {}) {
  const Explanation e = explain(topic, texts, true);
  return to_html(std::span(&e, 1));
}

/// Topics whose explanation has the grids that its variants have.
const std::vector<std::string> kLinear{"conv",     "conv-transpose", "dilated",     "nearest",
                                       "bilinear", "bicubic",        "bed-of-nails"};

void expect_near(const json& values, const Grid& grid, const std::string& where) {
  ASSERT_EQ(values.size(), grid.values.size()) << where;
  for (std::size_t i = 0; i < grid.values.size(); ++i)
    EXPECT_NEAR(values[i].get<double>(), grid.values[i], 1e-5 * std::max(1.0, std::abs(grid.values[i]))) << where;
}

TEST(ExplainPage, ItsValuesAreTheOperators) {
  for (const std::string& topic : kLinear) {
    const json p = playground_of(page_of(topic), topic);
    std::size_t shown = 0;
    for (std::size_t i = 0; i < p.at("variants").size(); i += 1 + p["variants"].size() / 20) {
      const json& variant = p["variants"][i];
      ExplainTexts texts = options_of(p, i);
      texts["at"] = "0,0";
      const std::string where = topic + " variant " + std::to_string(i);
      if (variant.contains("error")) {
        EXPECT_THAT(explain_error(topic, texts), HasSubstr(variant["error"].get<std::string>())) << where;
        continue;
      }
      expect_near(variant["grids"].back()["values"], grid_of(explain(topic, texts), "output", "Forward"), where);
      ++shown;
    }
    EXPECT_GT(shown, 1u) << topic;
  }
}

TEST(ExplainPage, WindowsAndWeightsMakeTheOutputs) {
  for (const ExplainTopic& topic : explain_topics()) {
    if (topic.name == "receptive-field" || topic.name == "skip") continue;
    const json p = playground_of(page_of(topic.name), topic.name);
    for (const json& variant : p.at("variants")) {
      if (variant.contains("error")) continue;
      const json &input = variant["grids"].front()["values"], &output = variant["grids"].back()["values"];
      ASSERT_EQ(variant["links"].size(), output.size()) << topic.name;
      for (std::size_t i = 0; i < output.size(); ++i) {
        double sum = 0, largest = -1e9, size = 1;
        const json& links = variant["links"][i];
        for (std::size_t k = 0; k < links.size(); k += 2) {
          const double value = input.at(links[k].get<std::size_t>()), product = value * links[k + 1].get<double>();
          sum += product;
          size += std::abs(product);
          largest = std::max(largest, value);
        }
        EXPECT_NEAR(output[i].get<double>(), variant["largest"] == true ? largest : sum, 1e-5 * size) << topic.name;
      }
    }
  }
}

TEST(ExplainPage, StartsWithWhatWasAskedFor) {
  const json p = playground_of(page_of("conv", {{"stride", "4"}, {"weights", "1 2; 3 4"}, {"size", "9"}}), "conv");
  std::vector<std::string> names;
  for (const json& slider : p["sliders"]) names.push_back(slider["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"size", "stride", "padding", "dilation"})) << "the weights fix the kernel";
  EXPECT_EQ(p["sliders"][0]["values"], json({"9", "4", "5", "6"}));
  EXPECT_EQ(p["sliders"][1]["values"][p["sliders"][1]["start"].get<int>()], "4");
  EXPECT_EQ(p["sliders"][2]["values"][p["sliders"][2]["start"].get<int>()], "0");
  const json large = playground_of(page_of("conv", {{"size", "20"}, {"kernel", "5"}}), "conv");
  EXPECT_EQ(large["variants"].size(), 1u) << "a large input has no sliders";
  EXPECT_EQ(large["variants"][0]["grids"][1]["rows"], 5);
}

TEST(ExplainPage, RefusedSettingsSayWhy) {
  const json p = playground_of(page_of("conv"), "conv");
  // size 4, kernel 3, stride 1, padding 0, dilation 2
  const json& refused = p["variants"].at((((0 * 4 + 2) * 3 + 0) * 3 + 0) * 2 + 1);
  EXPECT_THAT(refused.at("error").get<std::string>(), HasSubstr("smaller than the window of 5"));
}

TEST(ExplainPage, NeedsNothingElseAndEscapesText) {
  Explanation e;
  e.topic = "a";
  e.title = "x < y & \"z\"";
  e.text = "</script>";
  e.parts.push_back(
      {"<b>", {{.name = "<i>", .rows = 1, .columns = 2, .values = {1, -2.5}}}, {{"<u>", "n"}, {{"k", "1"}}}, "&"});
  e.checks.push_back({"1 < 2", 0.5, false});
  e.playground.variants.push_back({.error = "</script>"});
  const std::string html = to_html(std::span(&e, 1));
  EXPECT_THAT(html, AllOf(HasSubstr("x &lt; y &amp; &quot;z&quot;"), HasSubstr("&lt;b&gt;"), HasSubstr("&lt;i&gt;"),
                          HasSubstr("&lt;u&gt;"), HasSubstr("\\u003c/script>"), HasSubstr("class=\"wrong\"")));
  EXPECT_THAT(html, AllOf(HasSubstr(">1.00</td>"), HasSubstr("class=\"n\""), HasSubstr(">-2.50</td>")));
  EXPECT_THAT(html, AllOf(Not(HasSubstr("http:")), Not(HasSubstr("https:")), Not(HasSubstr("<link")),
                          Not(HasSubstr("src=\"/")), Not(HasSubstr("<b></h3>"))));
  EXPECT_EQ(playground_of(html, "a")["variants"][0]["error"], "</script>");
}

TEST(ExplainPage, ManyTopicsHaveContents) {
  const std::vector<Explanation> two{explain("nearest"), explain("bed-of-nails")};
  const std::string html = to_html(two);
  EXPECT_THAT(html, AllOf(HasSubstr("<a href=\"#nearest\">"), HasSubstr("<section id=\"bed-of-nails\"><h2>")));
  EXPECT_THAT(html, Not(HasSubstr("class=\"play\""))) << "no playground was asked for";
  EXPECT_THAT(to_html(std::span(two).first(1)), Not(HasSubstr("<h2>")));
}

TEST(ExplainPage, LargeGridsAndPicturesAreImages) {
  const std::string html = page_of("skip");
  EXPECT_THAT(html, HasSubstr("<img class=\"picture\" src=\"data:image/png;base64,iVBORw0KGgo"));
  EXPECT_THAT(page_of("conv", {{"size", "20"}}), HasSubstr("alt=\"Aᵀ\"")) << "324 x 400";
}

}  // namespace
}  // namespace inlay::testing
