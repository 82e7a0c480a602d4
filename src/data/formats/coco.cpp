// COCO (Lin et al., ECCV 2014) and what is annotated in its way: objects as polygons or run lengths in
// annotations/instances_*.json, in stuff_*.json, or in a JSON file beside the images. Class 0 is the background, then
// come the categories in the order of their ids; one named background is class 0 itself. Smaller objects lie over
// larger ones; crowds are ignored where no object lies over them.
#include <algorithm>
#include <unordered_map>

#include "base/fail.h"
#include "data/formats/class_tables.h"
#include "data/formats/coco_files.h"
#include "data/formats/json_file.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "image/polygon.h"
#include "inlay/rle.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

struct Object {
  std::int64_t place = 0, category = 0;  // place: in the list, for messages
  bool crowd = false;
  std::vector<std::vector<FinePoint>> polygons;  // its parts
  Counts counts;                                 // or its run lengths, of a picture of
  std::int64_t height = 0, width = 0;            // this size
};

struct Picture {
  std::string file;
  std::int64_t height = 0, width = 0;
  std::vector<Object> objects;
};

struct Listing {
  fs::path json;
  std::map<std::int64_t, Picture> pictures;        // by id
  std::map<std::int64_t, std::string> categories;  // by id
  std::unordered_map<std::int64_t, std::uint8_t> labels;
};

void read_polygons(const Json& parts, Object& object, const std::string& where) {
  for (const Json& part : parts) {
    if (!part.is_array() || part.size() % 2 != 0 || part.size() < 6 ||
        !std::ranges::all_of(part, [](const Json& number) { return number.is_number(); }))
      fail_input("{}: a polygon is a list of x and y in turn, of 3 corners at least", where);
    std::vector<FinePoint>& corners = object.polygons.emplace_back();
    for (std::size_t i = 0; i < part.size(); i += 2)
      corners.push_back(fine_point({part[i].get<double>(), part[i + 1].get<double>()}));
  }
}

void read_runs(const Json& segmentation, Object& object, const std::string& where) {
  const auto counts = segmentation.find("counts"), size = segmentation.find("size");
  const auto whole = [](const Json& number) { return number.is_number_integer(); };
  if (counts == segmentation.end() || size == segmentation.end() || !size->is_array() || size->size() != 2 ||
      !std::ranges::all_of(*size, whole))
    fail_input("{}: run lengths need 'counts' and 'size': [height, width]", where);
  object.height = size->at(0).get<std::int64_t>();
  object.width = size->at(1).get<std::int64_t>();
  if (counts->is_string())
    object.counts = parse_coco_string(counts->get_ref<const std::string&>());
  else if (counts->is_array() && std::ranges::all_of(*counts, whole))
    object.counts = counts->get<Counts>();
  else
    fail_input("{}: 'counts' is neither a list of whole numbers nor a text", where);
}

void add_object(const Json& json, std::int64_t place, Listing& listing) {
  const std::string where = fmt::format("'{}', annotation {}", listing.json.string(), place);
  const std::int64_t image = value_at<std::int64_t>(json, "image_id", where);
  const auto segmentation = json.find("segmentation");
  if (segmentation == json.end() || segmentation->is_null() || segmentation->empty()) return;  // a box alone
  Object object{place, value_at<std::int64_t>(json, "category_id", where), value_or(json, "iscrowd", false, where)};
  try {
    if (segmentation->is_array())
      read_polygons(*segmentation, object, where);
    else if (segmentation->is_object())
      read_runs(*segmentation, object, where);
    else
      fail_input("{}: 'segmentation' is neither polygons nor run lengths", where);
  } catch (const InputError& error) {
    const std::string_view text = error.what();
    fail_input("{}{}", text.starts_with(where) ? "" : where + ": ", text);
  }
  // Which images there are may come later in the file.
  listing.pictures[image].objects.push_back(std::move(object));
}

void add_picture(const Json& json, std::int64_t place, Listing& listing) {
  const std::string where = fmt::format("'{}', image {}", listing.json.string(), place);
  Picture& picture = listing.pictures[value_at<std::int64_t>(json, "id", where)];
  picture.file = value_at<std::string>(json, "file_name", where);
  picture.height = value_at<std::int64_t>(json, "height", where);
  picture.width = value_at<std::int64_t>(json, "width", where);
  constexpr std::int64_t kSide = 1 << 20, kPixels = 1 << 30;
  if (picture.height < 1 || picture.width < 1 || picture.height > kSide || picture.width > kSide ||
      picture.height * picture.width > kPixels)
    fail_input("{}: a picture of {}x{} pixels is not possible", where, picture.height, picture.width);
}

std::shared_ptr<Listing> read_listing(const fs::path& json) {
  auto listing = std::make_shared<Listing>();
  listing->json = json;
  for_each_listed(json, [&](const std::string& key, std::int64_t place, const Json& object) {
    if (key == "images") add_picture(object, place, *listing);
    if (key == "annotations") add_object(object, place, *listing);
    if (key == "categories") {
      const std::string where = fmt::format("'{}', category {}", json.string(), place);
      listing->categories[value_at<std::int64_t>(object, "id", where)] = value_at<std::string>(object, "name", where);
    }
  });
  for (const auto& [id, picture] : listing->pictures)
    if (picture.file.empty())
      fail_input("'{}', annotation {}: there is no image with the id {}", json.string(), picture.objects[0].place, id);
  return listing;
}

void paint_object(const Object& object, std::uint8_t label, const Listing& listing, Mask& mask) try {
  for (const auto& corners : object.polygons) paint_coco_polygon(corners, label, mask);
  if (object.counts.empty()) return;
  if (object.height != mask.height() || object.width != mask.width())
    fail_input("its run lengths are of {}x{} pixels, the image has {}x{}", object.height, object.width, mask.height(),
               mask.width());
  paint(object.counts, label, mask);
} catch (const InputError& error) {
  fail_input("'{}', annotation {}: {}", listing.json.string(), object.place, error.what());
}

std::int64_t area_on(const Object& object, const Listing& listing, Mask& scratch) {
  std::ranges::fill(scratch.labels.data<std::uint8_t>(), std::uint8_t{0});
  paint_object(object, 1, listing, scratch);
  return std::ranges::count(std::as_const(scratch.labels).data<std::uint8_t>(), 1);
}

Mask draw(const Listing& listing, const Picture& picture) {
  Mask mask{Tensor(DType::u8, {picture.height, picture.width})}, scratch{Tensor(DType::u8, mask.labels.shape())};
  struct Sized {
    const Object* object;
    std::int64_t area;
  };
  std::vector<Sized> order;
  for (const Object& object : picture.objects)
    if (object.crowd)
      paint_object(object, kIgnore, listing, mask);
    else
      order.push_back({&object, area_on(object, listing, scratch)});
  std::ranges::stable_sort(order, std::greater<>(), &Sized::area);
  for (const Sized& one : order) paint_object(*one.object, listing.labels.at(one.object->category), listing, mask);
  return mask;
}

// The same in all files, or else nothing could be compared.
ClassTable number_categories(const std::vector<std::shared_ptr<Listing>>& listings) {
  std::vector<std::string> names{"background"};
  std::unordered_map<std::int64_t, std::uint8_t> labels;
  const auto& categories = listings.front()->categories;
  if (categories.empty() || categories.size() > 254)
    fail_input("'{}' has {} categories, expected 1 to 254", listings.front()->json.string(), categories.size());
  for (const auto& [id, name] : categories) {
    const bool background = name == "background" || name == "_background_";
    labels[id] = static_cast<std::uint8_t>(background ? 0 : names.size());
    if (!background) names.push_back(name);
  }
  for (const auto& listing : listings) {
    if (listing->categories != categories)
      fail_input("'{}' and '{}' have different categories", listings.front()->json.string(), listing->json.string());
    for (const auto& [id, picture] : listing->pictures)
      for (const Object& object : picture.objects)
        if (!labels.contains(object.category))
          fail_input("'{}', annotation {}: there is no category with the id {}", listing->json.string(), object.place,
                     object.category);
    listing->labels = labels;
  }
  return named_classes(std::move(names), true);
}

void add_samples(const fs::path& root, const CocoFile& file, const std::shared_ptr<const Listing>& listing,
                 FoundSet& found) {
  std::vector<fs::path> folders = image_folders(root, file);
  std::size_t missing = 0;
  std::string first;
  for (const auto& [id, picture] : listing->pictures) {
    const fs::path image = find_in(folders, picture.file);
    if (image.empty()) {
      if (missing++ == 0) first = picture.file;
      continue;
    }
    found.splits[file.split].push_back({{image.stem().string(), image, listing->json},
                                        [image] { return read_image(image); },
                                        [listing, at = &picture] { return draw(*listing, *at); }});
  }
  if (missing > 0)
    found.warnings.push_back(fmt::format("{} of the {} images of '{}' are not there (the first: '{}')", missing,
                                         listing->pictures.size(), listing->json.string(), first));
}

bool is_coco(const fs::path& root) { return !coco_files(root).empty(); }

FoundSet open_coco(const fs::path& root) {
  const std::vector<CocoFile> files = coco_files(root);
  std::vector<std::shared_ptr<Listing>> listings;
  for (const CocoFile& file : files) listings.push_back(read_listing(file.json));
  FoundSet found{number_categories(listings), {}, {}};
  for (std::size_t i = 0; i < files.size(); ++i) add_samples(root, files[i], listings[i], found);
  for (auto& samples : found.splits)
    std::ranges::stable_sort(samples, {}, [](const SampleSource& one) { return one.paths.name; });
  require_samples(found, root, kCoco.name);
  return found;
}

}  // namespace

const DataFormat kCoco{"COCO", "annotations/instances_*.json, or a JSON file of its kind beside the images", is_coco,
                       open_coco};

}  // namespace inlay
