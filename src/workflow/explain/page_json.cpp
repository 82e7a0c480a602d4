#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "workflow/explain/pictures.h"
#include "workflow/explain/writers.h"

namespace inlay {
namespace {

using Json = nlohmann::ordered_json;

double six_digits(double value) { return std::stod(fmt::format("{:.6g}", value)); }

Json to_json(const Grid& grid) {
  Json json{{"name", grid.name}, {"sign", grid.sign}, {"rows", grid.rows}, {"columns", grid.columns}};
  if (grid.look == Grid::Look::picture) {
    json["image"] = picture_url(grid);
    return json;
  }
  json["decimals"] = decimals_of(grid.values);
  json["values"] = Json::array();
  for (const double value : grid.values) json["values"].push_back(six_digits(value));
  return json;
}

Json to_json(const ExplainVariant& variant) {
  if (!variant.error.empty()) return {{"error", variant.error}};
  Json json{{"note", variant.note}, {"ring", variant.ring}, {"largest", variant.largest}, {"grids", Json::array()}};
  for (const Grid& grid : variant.grids) json["grids"].push_back(to_json(grid));
  json["links"] = Json::array();
  for (const auto& links : variant.links) {
    Json row = Json::array();
    for (const GridLink& link : links) {
      row.push_back(link.input);
      row.push_back(six_digits(link.weight));
    }
    json["links"].push_back(std::move(row));
  }
  return json;
}

}  // namespace

std::string picture_url(const Grid& grid) {
  return "data:image/png;base64," + base64(encode_image(grey_picture(grid), ".png"));
}

std::string playground_json(const ExplainPlayground& playground) {
  Json json{{"sliders", Json::array()}, {"variants", Json::array()}};
  for (const ExplainSlider& slider : playground.sliders)
    json["sliders"].push_back({{"name", slider.name}, {"values", slider.values}, {"start", slider.start}});
  for (const ExplainVariant& variant : playground.variants) json["variants"].push_back(to_json(variant));
  std::string text = json.dump();
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at))
    text.replace(at, 1, "\\u003c");
  return text;
}

}  // namespace inlay
