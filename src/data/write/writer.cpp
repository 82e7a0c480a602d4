#include "data/write/writer.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/fail.h"
#include "base/files.h"
#include "base/output_folder.h"
#include "data/formats/listing.h"
#include "data/parallel.h"
#include "data/write/layouts.h"
#include "image/orientation.h"
#include "inlay/write_dataset.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

bool equal(const Image& a, const Image& b) {
  const Tensor &one = a.pixels, &other = b.pixels;
  return one.type() == other.type() && one.shape() == other.shape() &&
         std::equal(one.raw(), one.raw() + one.bytes(), other.raw());
}

// The file is the picture: not a page of it, no channel beside it, and not turned by its EXIF block, which not
// everybody looks at.
bool holds(const fs::path& file, const Image& image) {
  return has_image_extension(file) && jpeg_orientation(file) == 1 && equal(read_image(file), image);
}

bool in_range(const Image& image) {
  return image.pixels.type() == DType::u8 ||
         std::ranges::all_of(image.pixels.data<float>(), [](float v) { return v >= 0.0f && v <= 1.0f; });
}

// Where all splits share a folder, a name that several have gets the split before it, and a number if need be.
std::vector<Outgoing> names_of(const Dataset& dataset, bool shared) {
  std::vector<Outgoing> out;
  std::map<std::string, int> uses;
  for (const std::string& name : dataset.names(Split::all)) ++uses[name];
  std::set<std::pair<int, std::string>> taken;
  for (Split split : {Split::train, Split::val, Split::test})
    for (std::int64_t i = 0; i < dataset.size(split); ++i) {
      const SamplePaths& paths = dataset.paths(split, i);
      const std::string plain =
          shared && uses[paths.name] > 1 ? fmt::format("{}_{}", to_string(split), paths.name) : paths.name;
      std::string name = plain;
      const int folder = shared ? 0 : static_cast<int>(split);
      for (int number = 2; !taken.emplace(folder, name).second; ++number) name = fmt::format("{}_{}", plain, number);
      out.push_back({split, name, paths.image});
    }
  return out;
}

std::unique_ptr<LayoutWriter> writer_of(DataLayout layout, const ClassTable& classes, const fs::path& to) {
  switch (layout) {
    case DataLayout::folder:
      return folder_writer(classes, to);
    case DataLayout::voc:
      return voc_writer(classes, to);
    case DataLayout::coco:
      return coco_writer(classes, to);
    case DataLayout::nnunet:
      return nnunet_writer(classes, to);
  }
  throw std::logic_error("unknown DataLayout");
}

}  // namespace

void require_range(const Outgoing& to, const Image& image) {
  if (!in_range(image))
    fail_input(
        "the image of '{}' ('{}') holds values outside of 0..1, which would be lost in this layout; --to folder keeps "
        "them",
        to.name, to.file.string());
}

std::string write_picture(const fs::path& folder, const Outgoing& to, const Image& image,
                          std::initializer_list<std::string_view> copied, std::string_view extension) {
  if (has_extension(to.file, copied) && holds(to.file, image)) {
    const std::string name = to.name + to.file.extension().string();
    write_file(folder / name, read_file(to.file));
    return name;
  }
  const bool many = image.channels() != 1 && image.channels() != 3;
  const std::string name = to.name + (many || !in_range(image) ? ".tif" : std::string(extension));
  write_image(folder / name, image);
  return name;
}

Foreground foreground_of(const ClassTable& classes) {
  Foreground out{classes.names, 1};
  if (!out.names.empty() && out.names.front() == "background") out = {{out.names.begin() + 1, out.names.end()}, 0};
  if (out.names.size() > 254)
    fail_input("{} classes and a background are more than the 255 that a mask can tell apart", out.names.size());
  return out;
}

DataLayout parse_data_layout(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, DataLayout>, 4> kLayouts{{{"folder", DataLayout::folder},
                                                                             {"voc", DataLayout::voc},
                                                                             {"coco", DataLayout::coco},
                                                                             {"nnunet", DataLayout::nnunet}}};
  for (const auto& [name, layout] : kLayouts)
    if (text == name) return layout;
  fail_input("'{}' is no layout that data sets are written in; expected folder, voc, coco or nnunet", text);
}

void write_dataset(const Dataset& dataset, DataLayout layout, const fs::path& to,
                   const std::function<void(std::int64_t done)>& done) {
  const OutputFolder claim(to);
  const bool shared = layout == DataLayout::voc || layout == DataLayout::nnunet;
  const std::vector<Outgoing> all = names_of(dataset, shared);
  const std::unique_ptr<LayoutWriter> writer = writer_of(layout, dataset.classes(), to);
  constexpr std::int64_t kAtOnce = 32;
  for (std::int64_t first = 0; first < std::ssize(all); first += kAtOnce) {
    const std::int64_t count = std::min(kAtOnce, std::ssize(all) - first);
    for_each_parallel(count, [&](std::int64_t i) {
      writer->add(all[static_cast<std::size_t>(first + i)], dataset.read(Split::all, first + i));
    });
    if (done) done(first + count);
  }
  writer->finish(all);
}

}  // namespace inlay
