// COCO instances: the pixels of a class in an image are one object, as compressed run lengths.
#include <algorithm>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "data/write/layouts.h"
#include "inlay/rle.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

// x, y, width, height of the pixels with this label.
std::array<std::int64_t, 4> box_of(const Mask& mask, std::uint8_t label) {
  std::int64_t left = mask.width(), top = mask.height(), right = -1, bottom = -1;
  auto labels = mask.labels.data<std::uint8_t>();
  for (std::int64_t y = 0; y < mask.height(); ++y)
    for (std::int64_t x = 0; x < mask.width(); ++x) {
      if (labels[static_cast<std::size_t>(y * mask.width() + x)] != label) continue;
      left = std::min(left, x);
      right = std::max(right, x);
      top = std::min(top, y);
      bottom = std::max(bottom, y);
    }
  return {left, top, right - left + 1, bottom - top + 1};
}

Json object_of(const Mask& mask, std::uint8_t label, int category) {
  const Counts counts = coco_counts(mask, label);
  return {{"category_id", category},
          {"iscrowd", label == kIgnore ? 1 : 0},
          {"segmentation", {{"size", {mask.height(), mask.width()}}, {"counts", coco_string(counts)}}},
          {"area", area_of(counts)},
          {"bbox", box_of(mask, label)}};
}

class CocoWriter : public LayoutWriter {
 public:
  CocoWriter(const ClassTable& classes, fs::path to) : foreground_(foreground_of(classes)), to_(std::move(to)) {}

  void add(const Outgoing& to, const Sample& sample) override {
    Entry entry{write_picture(to_ / "images" / to_string(to.split), to, sample.image,
                              {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp"}, ".png"),
                sample.mask.height(), sample.mask.width(), Json::array()};
    std::array<bool, 256> held{};
    for (std::uint8_t label : sample.mask.labels.data<std::uint8_t>()) held[label] = true;
    for (int label = 0; label < kIgnore; ++label)
      if (const int category = label + foreground_.shift; held[static_cast<std::size_t>(label)] && category > 0)
        entry.objects.push_back(object_of(sample.mask, static_cast<std::uint8_t>(label), category));
    if (held[kIgnore]) entry.objects.push_back(object_of(sample.mask, kIgnore, 1));
    const std::lock_guard lock(mutex_);
    entries_[{to.split, to.name}] = std::move(entry);
  }

  void finish(const std::vector<Outgoing>& all) override {
    for (Split split : {Split::train, Split::val, Split::test}) {
      Json images = Json::array(), annotations = Json::array(), categories = Json::array();
      for (const Outgoing& one : all) {
        if (one.split != split) continue;
        Entry& entry = entries_.at({split, one.name});
        const std::size_t id = images.size() + 1;
        images.push_back({{"id", id}, {"file_name", entry.file}, {"height", entry.height}, {"width", entry.width}});
        for (Json& object : entry.objects) {
          object["id"] = annotations.size() + 1;
          object["image_id"] = id;
          annotations.push_back(std::move(object));
        }
      }
      if (images.empty()) continue;
      for (std::size_t i = 0; i < foreground_.names.size(); ++i)
        categories.push_back({{"id", i + 1}, {"name", foreground_.names[i]}});
      const Json json{{"images", images}, {"annotations", annotations}, {"categories", categories}};
      write_file(to_ / "annotations" / ("instances_" + std::string(to_string(split)) + ".json"), json.dump());
    }
  }

 private:
  struct Entry {
    std::string file;
    std::int64_t height = 0, width = 0;
    Json objects;
  };

  Foreground foreground_;
  fs::path to_;
  std::mutex mutex_;
  std::map<std::pair<Split, std::string>, Entry> entries_;
};

}  // namespace

std::unique_ptr<LayoutWriter> coco_writer(const ClassTable& classes, const fs::path& to) {
  return std::make_unique<CocoWriter>(classes, to);
}

}  // namespace inlay
