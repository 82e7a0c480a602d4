// Run lengths in a table, as Kaggle's competitions have them (TGS salt, 2018: train.csv with id,rle_mask): a line for
// every image, or one for every object of it. Where masks/ holds a picture for each image, that is read instead: white
// is the class, in 8 or 16 bits.
#include <algorithm>
#include <fstream>
#include <mutex>

#include "base/fail.h"
#include "data/formats/class_tables.h"
#include "data/formats/known.h"
#include "data/formats/listed.h"
#include "inlay/rle.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

// The images' folder beside the table, or below train/.
fs::path images_of(const fs::path& root) {
  std::error_code code;
  for (const char* place : {"images", "train/images", "train", "train_images"})
    if (fs::is_directory(root / place, code)) return root / place;
  return {};
}

bool is_kaggle(const fs::path& root) {
  std::ifstream table(root / "train.csv");
  std::string header;
  std::getline(table, header);
  std::ranges::transform(header, header.begin(), [](unsigned char c) { return std::tolower(c); });
  return (header.find("rle") != std::string::npos || header.find("encodedpixels") != std::string::npos) &&
         !images_of(root).empty();
}

struct Rows {
  std::vector<std::string> runs;
  std::vector<int> lines;
};

// "id,runs": the first two fields, without quotes.
std::map<std::string, Rows> read_table(const fs::path& file) {
  std::map<std::string, Rows> table;
  const std::vector<Line> lines = lines_of(file);
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::string text = lines[i].text;
    std::erase(text, '"');
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos)
      fail_input("'{}', line {}: expected 'id,run lengths', found '{}'", file.string(), lines[i].number,
                 text.substr(0, 40));
    const std::string runs = text.substr(comma + 1);
    Rows& rows = table[fs::path(text.substr(0, comma)).stem().string()];
    rows.runs.push_back(runs.substr(0, runs.find(',')));
    rows.lines.push_back(lines[i].number);
  }
  return table;
}

// A picture whose size the mask needs, which is remembered: it is not decoded a second time for it.
class SizedPicture {
 public:
  explicit SizedPicture(fs::path file) : file_(std::move(file)) {}

  Image read() {
    Image image = read_image(file_);
    const std::lock_guard lock(mutex_);
    height_ = image.height();
    width_ = image.width();
    return image;
  }

  /// As large as the picture.
  Mask empty_mask() {
    {
      const std::lock_guard lock(mutex_);
      if (height_ > 0) return {Tensor(DType::u8, {height_, width_})};
    }
    const Image image = read();
    return {Tensor(DType::u8, {image.height(), image.width()})};
  }

 private:
  fs::path file_;
  std::mutex mutex_;
  std::int64_t height_ = 0, width_ = 0;
};

Mask decode(const Rows& rows, const fs::path& table, SizedPicture& picture) {
  Mask mask = picture.empty_mask();
  for (std::size_t i = 0; i < rows.runs.size(); ++i) try {
      paint(parse_kaggle_rle(rows.runs[i], mask.height() * mask.width()), 1, mask);
    } catch (const InputError& error) {
      fail_input("'{}', line {}: {}", table.string(), rows.lines[i], error.what());
    }
  return mask;
}

LabelMap white_is_one() {
  LabelMap map;
  map.values[0] = 0;
  map.values[255] = map.values[65535] = 1;
  return map;
}

FoundSet open_kaggle(const fs::path& root) {
  const fs::path images = images_of(root), masks = images.parent_path() / "masks", table = root / "train.csv";
  FoundSet found{
      two_classes("background", root.filename().string().find("salt") != std::string::npos ? "salt" : "object"),
      {},
      {}};
  std::error_code code;
  if (fs::is_directory(masks, code)) {
    found.splits[0] = all_samples(pictures_in(images), pictures_in(masks),
                                  std::make_shared<const LabelMap>(white_is_one()), found.warnings);
  } else {
    const Files pictures = pictures_in(images);
    std::size_t missing = 0;
    for (auto& [name, rows] : read_table(table)) {
      const auto image = pictures.find(name);
      if (image == pictures.end()) {
        ++missing;
        continue;
      }
      const auto picture = std::make_shared<SizedPicture>(image->second);
      found.splits[0].push_back({{name, image->second, table},
                                 [picture] { return picture->read(); },
                                 [rows, table, picture] { return decode(rows, table, *picture); }});
    }
    if (missing > 0)
      found.warnings.push_back(
          fmt::format("{} ids of '{}' have no image in '{}'", missing, table.string(), images.string()));
  }
  require_samples(found, root, kKaggle.name);
  return found;
}

}  // namespace

const DataFormat kKaggle{"Kaggle RLE", "train.csv with id,rle_mask, and images/ or train/images/", is_kaggle,
                         open_kaggle};

}  // namespace inlay
