#include "workflow/mask_reports.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/fail.h"
#include "base/files.h"
#include "inlay/outlines.h"
#include "inlay/rle.h"
#include "inlay/version.h"

namespace inlay::workflow {
namespace {

using nlohmann::ordered_json;

/// Of a text in a CSV file (RFC 4180).
std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + "\"";
}

std::string name_of(const std::vector<ModelClass>& classes, std::size_t index) {
  return index < classes.size() ? classes[index].name : fmt::format("class {}", index);
}

ordered_json flat(const Ring& ring) {
  ordered_json list = ordered_json::array();
  for (const Corner& corner : ring) {
    list.push_back(corner.x);
    list.push_back(corner.y);
  }
  return list;
}

struct ObjectFacts {
  std::int64_t pixels = 0;
  Box box{INT64_MAX, INT64_MAX, 0, 0};
};

/// By number, from 1.
std::vector<ObjectFacts> facts_of(const Instances& instances) {
  std::vector<ObjectFacts> facts(instances.labels.size());
  const std::int64_t width = instances.numbers.shape()[1];
  std::int64_t at = 0;
  for (const std::int32_t number : instances.numbers.data<std::int32_t>()) {
    if (number != 0) {
      ObjectFacts& object = facts[static_cast<std::size_t>(number - 1)];
      const std::int64_t y = at / width, x = at % width;
      ++object.pixels;
      object.box = {std::min(object.box.y0, y), std::min(object.box.x0, x), std::max(object.box.y1, y + 1),
                    std::max(object.box.x1, x + 1)};
    }
    ++at;
  }
  return facts;
}

/// Run lengths of one object, in its box alone: COCO's are of the whole picture.
Counts counts_of(const Instances& instances, std::int32_t number, const Box& box) {
  const std::int64_t height = instances.numbers.shape()[0], width = instances.numbers.shape()[1];
  const auto numbers = instances.numbers.data<std::int32_t>();
  Counts counts{0};
  bool on = false;
  const auto step = [&](bool next, std::int64_t pixels) {
    if (next != on) counts.push_back(0);
    on = next;
    counts.back() += pixels;
  };
  step(false, box.x0 * height);
  for (std::int64_t x = box.x0; x < box.x1; ++x) {
    step(false, box.y0);
    for (std::int64_t y = box.y0; y < box.y1; ++y) step(numbers[static_cast<std::size_t>(y * width + x)] == number, 1);
    step(false, height - box.y1);
  }
  step(false, (width - box.x1) * height);
  if (!on && counts.size() > 1 && counts.back() == 0) counts.pop_back();
  return counts;
}

}  // namespace

double pixel_area(const std::optional<GeoReference>& georeference) {
  if (!georeference) return 1;
  const std::array<double, 6>& t = georeference->transform;
  return std::abs(t[1] * t[5] - t[2] * t[4]);
}

MaskReports::MaskReports(const PredictRequest& request, const ModelInfo& info)
    : coco_wanted_(request.coco), rle_wanted_(request.rle), areas_wanted_(request.areas), classes_(info.classes) {
  rle_ = classes_.size() > 2 ? "id,class,rle_mask\n" : "id,rle_mask\n";
  areas_ = "image,class,name,pixels,share,regions,area\n";
}

std::string MaskReports::class_name(std::size_t index) const { return name_of(classes_, index); }

void MaskReports::add(const LabelledObjects& objects) {
  if (coco_wanted_) add_coco(objects);
  if (rle_wanted_) add_rle(objects);
  if (areas_wanted_) add_areas(objects);
}

/// COCO's polygons cannot have holes: objects with holes are written as run lengths.
void MaskReports::add_coco(const LabelledObjects& objects) {
  const Instances& instances = objects.instances;
  const std::int64_t height = objects.mask.height(), width = objects.mask.width(), image = std::ssize(images_) + 1;
  images_.push_back({{"id", image}, {"file_name", objects.picture}, {"width", width}, {"height", height}});
  const std::vector<Outline> outlines = trace_outlines(instances.numbers, instances.size());
  const std::vector<ObjectFacts> facts = facts_of(instances);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    const Box& box = facts[i].box;
    ordered_json segmentation;
    if (outlines[i].holes.empty())
      segmentation = ordered_json::array({flat(outlines[i].outer)});
    else
      segmentation = {{"size", {height, width}},
                      {"counts", coco_string(counts_of(instances, static_cast<std::int32_t>(i + 1), box))}};
    annotations_.push_back({{"id", std::ssize(annotations_) + 1},
                            {"image_id", image},
                            {"category_id", instances.labels[i]},
                            {"segmentation", std::move(segmentation)},
                            {"area", facts[i].pixels},
                            {"bbox", {box.x0, box.y0, box.x1 - box.x0, box.y1 - box.y0}},
                            {"iscrowd", 0}});
  }
}

void MaskReports::add_rle(const LabelledObjects& objects) {
  const std::size_t classes = std::max<std::size_t>(classes_.size(), 2);
  for (std::size_t label = 1; label < classes; ++label) {
    const std::string runs = kaggle_rle(coco_counts(objects.mask, static_cast<std::uint8_t>(label)));
    const std::string name = classes > 2 ? quoted(class_name(label)) + "," : "";
    rle_ += fmt::format("{},{}{}\n", quoted(objects.stem), name, runs);
  }
}

void MaskReports::add_areas(const LabelledObjects& objects) {
  std::array<std::int64_t, 256> pixels{}, regions{};
  for (const std::uint8_t label : objects.mask.labels.data<std::uint8_t>()) ++pixels[label];
  for (const std::uint8_t label : objects.instances.labels) ++regions[label];
  const double all = static_cast<double>(objects.mask.labels.elements());
  const std::size_t classes = std::max<std::size_t>(classes_.size(), 2);
  for (std::size_t label = 0; label < classes; ++label) {
    const double count = static_cast<double>(pixels[label]);
    const std::string area =
        objects.georeference ? fmt::format("{:.10g}", count * pixel_area(objects.georeference)) : "";
    areas_ += fmt::format("{},{},{},{},{:.6f},{},{}\n", quoted(objects.picture), label, quoted(class_name(label)),
                          pixels[label], count / all, label == 0 ? "" : std::to_string(regions[label]), area);
  }
}

void MaskReports::write(const std::filesystem::path& folder) const {
  if (rle_wanted_) write_file(folder / "rle.csv", rle_);
  if (areas_wanted_) write_file(folder / "areas.csv", areas_);
  if (!coco_wanted_) return;
  ordered_json categories = ordered_json::array();
  for (std::size_t i = 1; i < std::max<std::size_t>(classes_.size(), 2); ++i)
    categories.push_back({{"id", i}, {"name", class_name(i)}});
  const ordered_json coco{{"info", {{"description", fmt::format("labelled by inlay {}", kVersion)}}},
                          {"images", images_},
                          {"annotations", annotations_},
                          {"categories", categories}};
  write_file(folder / "coco.json", coco.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

std::string geojson(const LabelledObjects& objects, const std::vector<ModelClass>& classes) {
  const std::array<double, 6> t =
      objects.georeference ? objects.georeference->transform : std::array<double, 6>{0, 1, 0, 0, 0, 1};
  const bool turned_over = t[1] * t[5] - t[2] * t[4] < 0;  // y upwards, as on maps
  const auto coordinates = [&](const Ring& ring) {
    ordered_json list = ordered_json::array();
    const auto add = [&](const Corner& corner) {
      const double x = static_cast<double>(corner.x), y = static_cast<double>(corner.y);
      list.push_back({t[0] + x * t[1] + y * t[2], t[3] + x * t[4] + y * t[5]});
    };
    // Outer rings run against the clock there (RFC 7946, 3.1.6): as they are traced, unless y points upwards.
    add(ring.front());
    for (std::size_t i = 1; i < ring.size(); ++i) add(turned_over ? ring[ring.size() - i] : ring[i]);
    add(ring.front());
    return list;
  };
  ordered_json features = ordered_json::array();
  const std::vector<Outline> outlines = trace_outlines(objects.instances.numbers, objects.instances.size());
  const std::vector<ObjectFacts> facts = facts_of(objects.instances);
  for (std::size_t i = 0; i < outlines.size(); ++i) {
    const std::size_t label = objects.instances.labels[i];
    ordered_json rings = ordered_json::array({coordinates(outlines[i].outer)});
    for (const Ring& hole : outlines[i].holes) rings.push_back(coordinates(hole));
    ordered_json properties{{"class", label}, {"name", name_of(classes, label)}, {"pixels", facts[i].pixels}};
    if (objects.georeference)
      properties["area"] = static_cast<double>(facts[i].pixels) * pixel_area(objects.georeference);
    features.push_back({{"type", "Feature"},
                        {"id", i + 1},
                        {"properties", std::move(properties)},
                        {"geometry", {{"type", "Polygon"}, {"coordinates", std::move(rings)}}}});
  }
  ordered_json collection{{"type", "FeatureCollection"}, {"name", objects.stem}};
  if (objects.georeference && !objects.georeference->authority.empty())
    collection["crs"] = {{"type", "name"}, {"properties", {{"name", objects.georeference->authority}}}};
  collection["features"] = std::move(features);
  return collection.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace inlay::workflow
