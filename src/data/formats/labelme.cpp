// labelme (Wada, github.com/wkentaro/labelme): a JSON file for every image, with shapes that lie one over the other in
// their order, and the image within it or beside it. Class 0 is the background; labels.txt or class_names.txt names the
// others in order, or else they are sorted by name. __ignore__ is ignored. Pictures and JSON may lie below train/, val/
// and test/.
#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "base/base64.h"
#include "base/fail.h"
#include "base/files.h"
#include "data/formats/class_tables.h"
#include "data/formats/json_file.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "data/parallel.h"
#include "image/polygon.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBackground = "_background_", kIgnored = "__ignore__";

struct Drawn {
  std::string label, kind;
  std::vector<Point> points;
  std::string picture;  // of the kind "mask": a PNG
};

struct Annotation {
  fs::path json, image;  // image: empty when it is within the JSON
  std::int64_t height = 0, width = 0;
  std::vector<Drawn> shapes;
};

using Labels = std::map<std::string, std::uint8_t, std::less<>>;

std::vector<fs::path> json_in(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::path& path : entries_or_none(folder))
    if (has_extension(path, {".json"})) files.push_back(path);
  return files;
}

bool holds_shapes(const fs::path& folder) {
  const std::vector<fs::path> files = json_in(folder);
  try {
    return !files.empty() && read_file(files.front()).find("\"shapes\"") != std::string::npos;
  } catch (const InputError&) {
    return false;  // what cannot be read is no reason to take it for labelme's
  }
}

bool is_labelme(const fs::path& root) { return holds_shapes(root) || holds_shapes(root / "train"); }

Drawn read_shape(const Json& json, const std::string& where) {
  Drawn shape{value_at<std::string>(json, "label", where), value_or(json, "shape_type", std::string("polygon"), where)};
  const auto points = json.find("points");
  if (points == json.end() || !points->is_array()) fail_input("{}: there is no list 'points'", where);
  for (const Json& point : *points) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number() || !point[1].is_number())
      fail_input("{}: a point is a list of x and y", where);
    shape.points.push_back({point[0].get<double>(), point[1].get<double>()});
  }
  const bool round = shape.kind == "circle", corners = shape.kind == "rectangle";
  if (shape.kind == "mask") shape.picture = from_base64(value_at<std::string>(json, "mask", where));
  if (shape.kind == "polygon" ? shape.points.size() < 3
                              : (round || corners || shape.kind == "mask") && shape.points.size() < 2)
    fail_input("{}: a {} of {} points has no area", where, shape.kind, shape.points.size());
  return shape;
}

// Lines and points have no area: they are passed over, and counted.
std::vector<Drawn> read_shapes(const Json& json, const fs::path& file, std::size_t& thin) {
  const auto list = json.find("shapes");
  if (list == json.end() || !list->is_array()) fail_input("'{}': there is no list 'shapes'", file.string());
  constexpr std::array<std::string_view, 4> kAreas{"polygon", "rectangle", "circle", "mask"};
  std::vector<Drawn> shapes;
  for (std::size_t i = 0; i < list->size(); ++i) {
    Drawn shape = read_shape((*list)[i], fmt::format("'{}', shape {}", file.string(), i));
    if (std::ranges::find(kAreas, shape.kind) != kAreas.end())
      shapes.push_back(std::move(shape));
    else
      ++thin;
  }
  return shapes;
}

// Beside the JSON: as it says, whatever system wrote the path, or by the JSON's own name.
fs::path image_of(const Json& json, const fs::path& file) {
  std::string written = value_or(json, "imagePath", std::string(), fmt::format("'{}'", file.string()));
  std::ranges::replace(written, '\\', '/');
  std::error_code code;
  if (const fs::path image = file.parent_path() / written; !written.empty() && fs::is_regular_file(image, code))
    return image;
  const Files pictures = pictures_in(file.parent_path());
  const auto found = pictures.find(file.stem().string());
  return found == pictures.end() ? fs::path() : found->second;
}

Image image_within(const fs::path& file) {
  const Json json = read_json(file);
  try {
    return read_image_bytes(from_base64(value_at<std::string>(json, "imageData", "labelme")));
  } catch (const InputError& error) {
    fail_input("the picture within '{}' cannot be read: {}", file.string(), error.what());
  }
}

Annotation read_annotation(const fs::path& file, std::size_t& thin) {
  const Json json = read_json(file);
  const std::string where = fmt::format("'{}'", file.string());
  if (!json.is_object()) fail_input("{}: expected an object with 'shapes'", where);
  Annotation out{file, image_of(json, file), 0, 0, read_shapes(json, file, thin)};
  if (out.image.empty() && value_or(json, "imageData", std::string(), where).empty())
    fail_input("{}: its image '{}' is not beside it, and not within it", where,
               value_or(json, "imagePath", std::string(), where));
  out.height = value_or(json, "imageHeight", std::int64_t{0}, where);
  out.width = value_or(json, "imageWidth", std::int64_t{0}, where);
  if (out.height > 0 && out.width > 0) return out;
  const Image image = out.image.empty() ? image_within(file) : read_image(out.image);
  out.height = image.height();
  out.width = image.width();
  return out;
}

void paint_picture(const Drawn& shape, std::uint8_t label, Mask& mask) {
  const Image image = as_u8(with_channels(read_image_bytes(shape.picture), 1));
  auto from = image.pixels.data<std::uint8_t>();
  auto to = mask.labels.data<std::uint8_t>();
  const std::int64_t top = fine_point(shape.points[0]).y / 5, left = fine_point(shape.points[0]).x / 5;
  for (std::int64_t y = 0; y < image.height(); ++y)
    for (std::int64_t x = 0; x < image.width(); ++x) {
      const std::int64_t row = top + y, column = left + x;
      if (row < 0 || row >= mask.height() || column < 0 || column >= mask.width()) continue;
      if (from[static_cast<std::size_t>(y * image.width() + x)] != 0)
        to[static_cast<std::size_t>(row * mask.width() + column)] = label;
    }
}

Mask draw(const Annotation& annotation, const Labels& labels) try {
  Mask mask{Tensor(DType::u8, {annotation.height, annotation.width})};
  for (const Drawn& shape : annotation.shapes) {
    const std::uint8_t label = labels.at(shape.label);
    const std::vector<Point>& at = shape.points;
    if (shape.kind == "polygon") paint_outlined_polygon(at, label, mask);
    if (shape.kind == "rectangle") paint_rectangle(at[0], at[1], label, mask);
    if (shape.kind == "circle") paint_circle(at[0], std::hypot(at[1].x - at[0].x, at[1].y - at[0].y), label, mask);
    if (shape.kind == "mask") paint_picture(shape, label, mask);
  }
  return mask;
} catch (const InputError& error) {
  fail_input("'{}': {}", annotation.json.string(), error.what());
}

// The names of class 1 and on.
std::vector<std::string> class_names(const fs::path& root, const std::vector<Annotation>& annotations) {
  std::error_code code;
  for (const fs::path& list : {root / "labels.txt", root / "class_names.txt"}) {
    if (!fs::exists(list, code)) continue;
    std::vector<std::string> names;
    for (const Line& line : lines_of(list))
      if (line.text != kIgnored && line.text != kBackground) names.push_back(line.text);
    for (const Annotation& one : annotations)
      for (const Drawn& shape : one.shapes)
        if (shape.label != kIgnored && shape.label != kBackground &&
            std::ranges::find(names, shape.label) == names.end())
          fail_input("'{}' has the label '{}', which is not in '{}'", one.json.string(), shape.label, list.string());
    return names;
  }
  std::set<std::string> names;
  for (const Annotation& one : annotations)
    for (const Drawn& shape : one.shapes)
      if (shape.label != kIgnored && shape.label != kBackground) names.insert(shape.label);
  return {names.begin(), names.end()};
}

std::vector<Annotation> read_folder(const fs::path& folder, std::vector<std::string>& warnings) {
  const std::vector<fs::path> files = json_in(folder);
  std::vector<Annotation> annotations(files.size());
  std::vector<std::size_t> thin(files.size());
  for_each_parallel(std::ssize(files), [&](std::int64_t i) {
    const auto at = static_cast<std::size_t>(i);
    annotations[at] = read_annotation(files[at], thin[at]);
  });
  for (std::size_t i = 0; i < files.size(); ++i)
    if (thin[i] > 0)
      warnings.push_back(
          fmt::format("'{}': {} lines or points have no area and are not used", files[i].string(), thin[i]));
  return annotations;
}

FoundSet open_labelme(const fs::path& root) {
  FoundSet found;
  constexpr std::array kSplits{"train", "val", "test"};
  const bool named = !holds_shapes(root);
  std::array<std::vector<Annotation>, 3> splits;
  std::vector<Annotation> all;
  for (std::size_t i = 0; i < (named ? kSplits.size() : 1); ++i) {
    splits[i] = read_folder(named ? root / kSplits[i] : root, found.warnings);
    all.insert(all.end(), splits[i].begin(), splits[i].end());
  }
  std::vector<std::string> names = class_names(root, all);
  if (names.empty() || names.size() > 254)
    fail_input("'{}' has {} labels, expected 1 to 254", root.string(), names.size());
  auto labels = std::make_shared<Labels>();
  (*labels)[std::string(kBackground)] = 0;
  (*labels)[std::string(kIgnored)] = kIgnore;
  for (std::size_t i = 0; i < names.size(); ++i) (*labels)[names[i]] = static_cast<std::uint8_t>(i + 1);
  names.insert(names.begin(), "background");
  found.classes = named_classes(std::move(names), true);
  for (std::size_t i = 0; i < splits.size(); ++i)
    for (Annotation& one : splits[i]) {
      const fs::path image = one.image, json = one.json;
      found.splits[i].push_back({{json.stem().string(), image.empty() ? json : image, json},
                                 [image, json] { return image.empty() ? image_within(json) : read_image(image); },
                                 [labels, annotation = std::make_shared<const Annotation>(std::move(one))] {
                                   return draw(*annotation, *labels);
                                 }});
    }
  require_samples(found, root, kLabelme.name);
  return found;
}

}  // namespace

const DataFormat kLabelme{"labelme", "a JSON file with \"shapes\" for every image", is_labelme, open_labelme};

}  // namespace inlay
