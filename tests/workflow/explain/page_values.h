// What a page of the lecture holds for its script.
#pragma once

#include <nlohmann/json.hpp>

#include "workflow/explain/explained.h"

namespace inlay::testing {

/// The playground of a topic as the page's script reads it; fails the test when there is none.
inline nlohmann::json playground_of(const std::string& html, const std::string& topic) {
  const std::string start = "data-topic=\"" + topic + "\"><script type=\"application/json\">";
  const std::size_t at = html.find(start);
  if (at == std::string::npos) {
    ADD_FAILURE() << "the page has no playground for " << topic;
    return {};
  }
  const std::size_t begin = at + start.size();
  return nlohmann::json::parse(html.substr(begin, html.find("</script>", begin) - begin));
}

/// The options that variant number `index` stands for.
inline ExplainTexts options_of(const nlohmann::json& playground, std::size_t index) {
  ExplainTexts texts;
  const auto& sliders = playground.at("sliders");
  for (std::size_t i = sliders.size(); i-- > 0;) {
    const auto& values = sliders[i].at("values");
    texts[sliders[i].at("name")] = values[index % values.size()];
    index /= values.size();
  }
  return texts;
}

}  // namespace inlay::testing
