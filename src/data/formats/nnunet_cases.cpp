#include "data/formats/nnunet_cases.h"

#include <algorithm>

#include "base/fail.h"
#include "data/formats/listed.h"
#include "image/volumes/open_volumes.h"

namespace inlay {
namespace {

namespace fs = std::filesystem;

// A file and what it holds.
struct Part {
  fs::path file;
  std::int64_t slices = 1, channels = 1;  // channels: of a volume; pictures may have any number
};

Part part_of(const fs::path& file) {
  if (is_volume(file.string())) {
    const NiftiHeader header = NiftiFile(file).header();
    return {file, header.slices, header.channels};
  }
  return {file, has_extension(file, {".tif", ".tiff"}) ? count_pages(file) : 1};
}

template <class T>
void copy_channels(const Tensor& from, Tensor& to, std::int64_t first) {
  const std::int64_t channels = from.shape()[2], all = to.shape()[2];
  const T* in = from.data<T>().data();
  T* out = to.data<T>().data() + first;
  for (std::int64_t i = 0; i < from.shape()[0] * from.shape()[1]; ++i)
    std::copy_n(in + i * channels, channels, out + i * all);
}

Tensor as_floats(const Tensor& pixels) {
  if (pixels.type() == DType::f32) return pixels;
  Tensor out(DType::f32, pixels.shape());
  std::ranges::transform(pixels.data<std::uint8_t>(), out.data<float>().begin(),
                         [](std::uint8_t v) { return static_cast<float>(v) / 255.0f; });
  return out;
}

// One behind the other; 8 bits when all have them.
Image joined(const std::vector<Tensor>& planes, std::int64_t channels) {
  if (planes.size() == 1) return {planes[0]};
  const bool bytes = std::ranges::all_of(planes, [](const Tensor& plane) { return plane.type() == DType::u8; });
  const Shape& shape = planes[0].shape();
  Tensor out(bytes ? DType::u8 : DType::f32, {shape[0], shape[1], channels});
  std::int64_t first = 0;
  for (const Tensor& plane : planes) {
    if (bytes)
      copy_channels<std::uint8_t>(plane, out, first);
    else
      copy_channels<float>(as_floats(plane), out, first);
    first += plane.shape()[2];
  }
  return {out};
}

// `wanted`: channels, as dataset.json names them.
Image read_slice(const std::vector<Part>& parts, std::int64_t slice, std::size_t wanted, OpenVolumes& volumes) {
  std::vector<Tensor> planes;
  std::int64_t channels = 0;
  for (const Part& part : parts)
    for (std::int64_t c = 0; c < part.channels; ++c) {
      planes.push_back(is_volume(part.file.string()) ? volumes.read(part.file, slice, c)
                                                     : read_image_page({part.file, slice}).pixels);
      const Shape &first = planes.front().shape(), &shape = planes.back().shape();
      if (shape[0] != first[0] || shape[1] != first[1])
        fail_input("'{}' has {}x{} pixels and '{}' {}x{}; the channels of a picture must be of one size",
                   parts[0].file.string(), first[0], first[1], part.file.string(), shape[0], shape[1]);
      channels += shape[2];
    }
  if (channels != static_cast<std::int64_t>(wanted))
    fail_input("'{}' has {} channels with the files beside it; dataset.json names {}", parts[0].file.string(), channels,
               wanted);
  return joined(planes, channels);
}

// A file for every channel, one of colour for three of them, or a volume of four dimensions, as the Medical
// Segmentation Decathlon has them.
std::vector<Part> image_of(const fs::path& folder, const std::string& name, const CaseFiles& about) {
  std::vector<Part> parts;
  std::error_code code;
  for (std::size_t c = 0; c < about.channels; ++c)
    if (const fs::path file = folder / fmt::format("{}_{:04}{}", name, c, about.ending); fs::exists(file, code))
      parts.push_back(part_of(file));
  if (const fs::path file = folder / (name + about.ending);
      parts.empty() && is_volume(about.ending) && fs::exists(file, code))
    parts.push_back(part_of(file));
  return parts;
}

Files labels_in(const fs::path& folder, const CaseFiles& about) {
  if (!is_volume(about.ending)) return pictures_in(folder);
  Files files;
  for (const fs::path& path : entries_or_none(folder))
    if (const std::string name = path.filename().string(); name.ends_with(about.ending))
      files.emplace(name.substr(0, name.size() - about.ending.size()), path);
  return files;
}

void check_slices(const std::vector<Part>& image, const Part& mask) {
  if (mask.channels != 1)
    fail_input("the labels '{}' have {} channels, expected one", mask.file.string(), mask.channels);
  for (const Part& part : image)
    if (part.slices != mask.slices)
      fail_input("the image '{}' has {} slices and its labels '{}' {}; they must be as many", part.file.string(),
                 part.slices, mask.file.string(), mask.slices);
}

Mask read_labels(const fs::path& file, std::int64_t slice, const LabelMap& labels, OpenVolumes& volumes) {
  return labels.apply(is_volume(file.string()) ? volumes.read_mask(file, slice) : read_raw_mask_page({file, slice}),
                      file);
}

}  // namespace

bool is_volume(std::string_view name) { return name.ends_with(".nii") || name.ends_with(".nii.gz"); }

std::vector<Case> find_cases(const fs::path& images, const fs::path& masks, const CaseFiles& about,
                             const std::shared_ptr<const LabelMap>& labels, std::vector<std::string>& warnings) {
  const auto volumes = std::make_shared<OpenVolumes>();
  std::vector<Case> cases;
  std::size_t missing = 0;
  for (const auto& [name, file] : labels_in(masks, about)) {
    const std::vector<Part> image = image_of(images, name, about);
    if (image.empty()) {
      if (missing++ == 0)
        warnings.push_back(fmt::format("'{}' is not used: there is no '{}_0000{}' in '{}'", file.string(), name,
                                       about.ending, images.string()));
      continue;
    }
    const Part mask = part_of(file);
    check_slices(image, mask);
    Case found{name, {}};
    for (std::int64_t slice = 0; slice < mask.slices; ++slice)
      found.samples.push_back(
          {{mask.slices == 1 ? name : page_name(name, slice, mask.slices), image.front().file, file},
           [image, slice, wanted = about.channels, volumes] { return read_slice(image, slice, wanted, *volumes); },
           [file = mask.file, slice, labels, volumes] { return read_labels(file, slice, *labels, *volumes); }});
    cases.push_back(std::move(found));
  }
  if (missing > 1) warnings.push_back(fmt::format("so are {} more in '{}'", missing - 1, masks.string()));
  return cases;
}

}  // namespace inlay
