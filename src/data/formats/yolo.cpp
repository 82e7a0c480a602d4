// Ultralytics' YAML (docs.ultralytics.com/datasets/segment and /semantic): names, and train, val and test as folders of
// images, or lists of them. The labels of images/.../x.jpg are in labels/.../x.txt, an object a line, `class x y x y
// ...` in shares of the image's sides; class 0 is the background, then come the names, and smaller objects lie over
// larger ones. With masks_dir they are the pictures masks_dir/.../x.png, whose values are the names' numbers, 255
// ignored.
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <sstream>

#include "base/fail.h"
#include "base/files.h"
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "image/polygon.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

constexpr std::array kSplits{"train", "val", "test"};

// A YAML file that names classes and images; empty when there is none. `root` may be the file itself.
fs::path yaml_of(const fs::path& root) {
  std::error_code code;
  if (fs::is_regular_file(root, code)) return has_extension(root, {".yaml", ".yml"}) ? root : fs::path();
  for (const fs::path& file : entries_or_none(root)) {
    if (!has_extension(file, {".yaml", ".yml"})) continue;
    try {
      const std::string text = "\n" + read_file(file);
      if (text.find("\nnames:") != std::string::npos && text.find("\ntrain:") != std::string::npos) return file;
    } catch (const InputError&) {
      continue;  // what cannot be read is not taken for a data set's
    }
  }
  return {};
}

bool is_yolo(const fs::path& root) { return !yaml_of(root).empty(); }

struct Description {
  fs::path file, base;  // base: what paths are relative to
  std::vector<std::string> names;
  std::array<std::vector<std::string>, 3> places;  // of every split
  std::string masks;                               // masks_dir
};

std::vector<std::string> read_names(const YAML::Node& names, const std::string& where) {
  std::map<int, std::string> by_number;
  if (names.IsSequence())
    for (std::size_t i = 0; i < names.size(); ++i) by_number[static_cast<int>(i)] = names[i].as<std::string>();
  else if (names.IsMap())
    for (const auto& entry : names) by_number[entry.first.as<int>()] = entry.second.as<std::string>();
  std::vector<std::string> out;
  for (const auto& [number, name] : by_number) {
    if (number != static_cast<int>(out.size())) fail_input("{}: 'names' has no class {}", where, out.size());
    out.push_back(name);
  }
  if (out.empty() || out.size() > 254) fail_input("{}: 'names' has {} classes, expected 1 to 254", where, out.size());
  return out;
}

Description read_description(const fs::path& file) {
  const std::string where = fmt::format("'{}'", file.string());
  try {
    const YAML::Node yaml = YAML::Load(read_file(file));
    if (!yaml.IsMap() || !yaml["names"]) fail_input("{}: there are no 'names'", where);
    Description out{file, file.parent_path(), read_names(yaml["names"], where), {}, {}};
    std::error_code code;
    // `path` is often that of the machine which the file was made on.
    if (yaml["path"])
      if (const fs::path base = out.base / yaml["path"].as<std::string>(); fs::is_directory(base, code))
        out.base = base;
    if (yaml["masks_dir"]) out.masks = yaml["masks_dir"].as<std::string>();
    for (std::size_t i = 0; i < kSplits.size(); ++i) {
      const YAML::Node places = yaml[kSplits[i]];
      if (places && places.IsSequence())
        for (const auto& place : places) out.places[i].push_back(place.as<std::string>());
      else if (places && !places.IsNull())
        out.places[i].push_back(places.as<std::string>());
    }
    return out;
  } catch (const YAML::Exception& error) {
    if (error.mark.is_null()) fail_input("{}: {}", where, error.msg);
    fail_input("{}, line {}: {}", where, error.mark.line + 1, error.msg);
  }
}

// As written, or, as Roboflow's "../train/images" wants it, below the folder of the YAML.
fs::path resolve(const Description& about, const std::string& written) {
  std::error_code code;
  std::string inner = written;
  while (inner.starts_with("../")) inner.erase(0, 3);
  for (const fs::path& place : {about.base / written, about.base / inner, about.file.parent_path() / inner})
    if (fs::exists(place, code)) return place.lexically_normal();
  return {};
}

std::vector<fs::path> images_at(const Description& about, const fs::path& place) {
  std::vector<fs::path> images;
  std::error_code code;
  if (!fs::is_directory(place, code)) {
    for (const Line& line : lines_of(place))
      if (const fs::path image = resolve(about, line.text); !image.empty()) images.push_back(image);
    return images;
  }
  for (fs::recursive_directory_iterator it(place, code), end; !code && it != end; it.increment(code))
    if (has_image_extension(it->path()) && !it->path().filename().string().starts_with('.'))
      images.push_back(it->path());
  if (code) fail_input("cannot list the folder '{}': {}", place.string(), code.message());
  std::ranges::sort(images);
  return images;
}

// The last folder named images becomes `other`.
fs::path beside(const fs::path& image, const std::string& other, const std::string& extension) {
  std::vector<fs::path> parts(image.begin(), image.end());
  const auto last = std::find(parts.rbegin(), parts.rend(), fs::path("images"));
  if (last != parts.rend()) *last = other;
  fs::path out;
  for (const fs::path& part : parts) out /= part;
  return out.replace_extension(extension);
}

struct Polygon {
  std::uint8_t label = 0;
  std::vector<Point> corners;  // in shares of the image's sides
};

Polygon read_line(const Line& line, std::size_t classes, const fs::path& file) {
  const std::string where = fmt::format("'{}', line {}", file.string(), line.number);
  std::vector<double> numbers;
  std::istringstream words(line.text);
  for (std::string word; words >> word;) {
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc{} || end != word.data() + word.size()) fail_input("{}: '{}' is no number", where, word);
    numbers.push_back(value);
  }
  if (numbers.size() == 5) fail_input("{}: this is a box (class x y width height); polygons are needed", where);
  if (numbers.size() < 7 || numbers.size() % 2 == 0)
    fail_input("{}: expected a class and x y of 3 corners at least, found {} numbers", where, numbers.size());
  const double number = numbers[0];
  if (!(number >= 0 && number < static_cast<double>(classes)) ||
      number != static_cast<double>(static_cast<int>(number)))
    fail_input("{}: the class {} is not in 0..{}", where, number, classes - 1);
  Polygon out{static_cast<std::uint8_t>(number + 1), {}};
  for (std::size_t i = 1; i < numbers.size(); i += 2) {
    if (!(std::min(numbers[i], numbers[i + 1]) >= -0.01 && std::max(numbers[i], numbers[i + 1]) <= 1.01))
      fail_input("{}: the corner {} {} is not in 0..1; coordinates are shares of the image's sides", where, numbers[i],
                 numbers[i + 1]);
    out.corners.push_back({numbers[i], numbers[i + 1]});
  }
  return out;
}

// Twice the area between the corners (the shoelace formula).
double area_of(const Polygon& polygon) {
  double sum = 0;
  for (std::size_t i = 0; i < polygon.corners.size(); ++i) {
    const Point &a = polygon.corners[i], &b = polygon.corners[(i + 1) % polygon.corners.size()];
    sum += a.x * b.y - b.x * a.y;
  }
  return std::abs(sum);
}

// An image without a file has no objects.
Mask draw(const fs::path& image, const fs::path& labels, std::size_t classes) {
  const Image picture = read_image(image);
  Mask mask{Tensor(DType::u8, {picture.height(), picture.width()})};
  std::error_code code;
  if (!fs::exists(labels, code)) return mask;
  std::vector<Polygon> polygons;
  for (const Line& line : lines_of(labels)) polygons.push_back(read_line(line, classes, labels));
  std::ranges::stable_sort(polygons, std::greater<>(), area_of);
  for (Polygon& polygon : polygons) {
    for (Point& corner : polygon.corners)
      corner = {corner.x * static_cast<double>(picture.width()), corner.y * static_cast<double>(picture.height())};
    paint_outlined_polygon(polygon.corners, polygon.label, mask);
  }
  return mask;
}

void add_images(const Description& about, const fs::path& place, const std::shared_ptr<const LabelMap>& labels,
                std::vector<SampleSource>& samples, std::vector<std::string>& warnings) {
  std::error_code code;
  std::size_t without = 0;
  const std::vector<fs::path> images = images_at(about, place);
  for (const fs::path& image : images) {
    if (about.masks.empty()) {
      const fs::path text = beside(image, "labels", ".txt");
      if (!fs::exists(text, code)) ++without;
      samples.push_back({{image.stem().string(), image, text},
                         [image] { return read_image(image); },
                         [image, text, classes = about.names.size()] { return draw(image, text, classes); }});
      continue;
    }
    fs::path mask;
    for (const char* extension : {".png", ".PNG", ".bmp", ".tif"})
      if (const fs::path file = beside(image, about.masks, extension); mask.empty() && fs::exists(file, code))
        mask = file;
    if (mask.empty())
      ++without;
    else
      samples.push_back(file_source(image.stem().string(), {image}, {mask}, labels));
  }
  if (without == images.size() && without > 0 && about.masks.empty())
    fail_input("none of the {} images in '{}' has labels; they are looked for as '{}'", images.size(), place.string(),
               beside(images.front(), "labels", ".txt").string());
  if (without > 0)
    warnings.push_back(fmt::format("{} of {} images in '{}' have no labels and {}", without, images.size(),
                                   place.string(), about.masks.empty() ? "count as background" : "are not used"));
}

FoundSet open_yolo(const fs::path& root) {
  const Description about = read_description(yaml_of(root));
  const auto labels = std::make_shared<const LabelMap>(labels_in_order(std::ssize(about.names)));
  std::vector<std::string> names = about.names;
  if (about.masks.empty()) names.insert(names.begin(), "background");
  FoundSet found{named_classes(std::move(names), about.masks.empty()), {}, {}};
  for (std::size_t i = 0; i < kSplits.size(); ++i)
    for (const std::string& written : about.places[i]) {
      const fs::path place = resolve(about, written);
      if (place.empty())
        found.warnings.push_back(
            fmt::format("'{}': there is no '{}', which '{}' names", about.file.string(), written, kSplits[i]));
      else
        add_images(about, place, labels, found.splits[i], found.warnings);
    }
  for (auto& samples : found.splits)
    std::ranges::stable_sort(samples, {}, [](const SampleSource& one) { return one.paths.name; });
  require_samples(found, root, kYolo.name);
  return found;
}

}  // namespace

const DataFormat kYolo{"Ultralytics", "a YAML file with names: and train:", is_yolo, open_yolo};

}  // namespace inlay
