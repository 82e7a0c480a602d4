#include <algorithm>

#include "workflow/explain/topic.h"

namespace inlay {
namespace {

/// Beyond that many pixels of the input the page shows what was asked for and nothing else.
constexpr std::size_t kMostPixels = 100;

/// An option that says the same as the slider, and more.
std::string_view rival_of(std::string_view slider) {
  return slider == "size" ? "input" : slider == "kernel" ? "weights" : "";
}

std::string start_of(const Topic& topic, const ExplainSlider& slider, const ExplainTexts& texts) {
  if (const auto given = texts.find(slider.name); given != texts.end()) return given->second;
  for (const ExplainOption& option : topic.options())
    if (option.name == slider.name && !option.standard.empty()) return option.standard;
  return slider.values.at(slider.start);
}

std::vector<ExplainSlider> sliders_for(const Topic& topic, const ExplainTexts& texts, bool large) {
  std::vector<ExplainSlider> sliders;
  for (ExplainSlider slider : topic.sliders) {
    if (texts.contains(std::string(rival_of(slider.name)))) continue;
    const std::string start = start_of(topic, slider, texts);
    if (large) slider.values = {start};
    auto found = std::ranges::find(slider.values, start);
    if (found == slider.values.end()) found = slider.values.insert(slider.values.begin(), start);
    slider.start = static_cast<std::size_t>(found - slider.values.begin());
    sliders.push_back(std::move(slider));
  }
  return sliders;
}

ExplainVariant variant(const Topic& topic, const ExplainTexts& texts) {
  try {
    return topic.variant(texts);
  } catch (const InputError& error) {
    ExplainVariant refused;
    refused.error = error.what();
    return refused;
  }
}

void add_variants(const Topic& topic, ExplainTexts& texts, std::size_t slider, ExplainPlayground& out) {
  if (slider == out.sliders.size()) {
    out.variants.push_back(variant(topic, texts));
    return;
  }
  for (const std::string& value : out.sliders[slider].values) {
    texts[out.sliders[slider].name] = value;
    add_variants(topic, texts, slider + 1, out);
  }
}

}  // namespace

ExplainPlayground playground(const Topic& topic, const ExplainTexts& texts) {
  const bool sized = texts.contains("size") || texts.contains("input");
  const bool large = sized && topic.variant(texts).grids.front().values.size() > kMostPixels;
  ExplainPlayground out;
  out.sliders = sliders_for(topic, texts, large);
  ExplainTexts moved = texts;
  add_variants(topic, moved, 0, out);
  return out;
}

}  // namespace inlay
