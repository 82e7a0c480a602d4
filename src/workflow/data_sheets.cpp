#include "inlay/data_sheets.h"

#include <algorithm>

#include "base/fail.h"
#include "data/batch.h"
#include "inlay/display.h"
#include "inlay/sheet.h"
#include "workflow/train_options.h"

namespace inlay::workflow {
namespace {

std::vector<SheetLegend> legend_of(const ClassTable& classes) {
  std::vector<SheetLegend> legend;
  for (std::size_t c = 0; c < classes.names.size(); ++c) legend.push_back({classes.names[c], classes.colors[c]});
  return legend;
}

/// The middle of each of `count` equal parts of 0 .. size - 1.
std::vector<std::int64_t> spread(std::int64_t size, std::int64_t count) {
  std::vector<std::int64_t> out;
  count = std::min(count, size);
  for (std::int64_t i = 0; i < count; ++i) out.push_back((2 * i + 1) * size / (2 * count));
  return out;
}

/// Patch n of the batch, as a picture.
Image picture_of(const Batch& batch) {
  const Shape& shape = batch.images.shape();
  const std::int64_t pixels = shape[2] * shape[3];
  Image image{Tensor(DType::f32, {shape[2], shape[3], shape[1]})};
  const float* from = batch.images.data<float>().data();
  float* to = image.pixels.data<float>().data();
  for (std::int64_t i = 0; i < pixels; ++i)
    for (std::int64_t c = 0; c < shape[1]; ++c) *to++ = from[c * pixels + i];
  return image;
}

ImageSize usual_size(const Dataset& dataset, std::span<const std::int64_t> indices) {
  constexpr std::int64_t kLargest = 256;
  ImageSize size{1, 1};
  for (const std::int64_t index : indices) {
    const Image image = dataset.read_image(Split::train, index);
    size = {std::max(size.height, image.height()), std::max(size.width, image.width())};
  }
  return {std::min(size.height, kLargest), std::min(size.width, kLargest)};
}

void check_count(const char* what, std::int64_t value) {
  if (value < 1 || value > 100) fail_input("{} {} were asked for, expected 1 to 100", value, what);
}

}  // namespace

Image dataset_sheet(const Dataset& dataset, std::int64_t count) {
  check_count("images", count);
  std::vector<SheetTile> tiles;
  for (const std::int64_t index : spread(dataset.size(Split::all), count)) try {
      const Sample sample = dataset.read(Split::all, index);
      tiles.push_back({overlay(sample.image, sample.mask, dataset.classes().colors), sample.name});
    } catch (const InputError&) {  // 'inlay data check' lists them
      continue;
    }
  return contact_sheet(tiles, 4, legend_of(dataset.classes()));
}

Image preview(const PreviewRequest& request) {
  check_count("images", request.images);
  check_count("variations", request.variations);
  const TrainConfig& config = request.config;
  const Dataset dataset = open_dataset(config.data, dataset_options(config));
  const std::vector<std::int64_t> indices = spread(dataset.size(Split::train), request.images);
  const ImageSize size = config.size ? *config.size : usual_size(dataset, indices);
  BatchMaker maker(dataset, {.batch = 1,
                             .height = size.height,
                             .width = size.width,
                             .channels = config.channels ? *config.channels : dataset.channels(),
                             .shuffle = false,
                             .augment = augmentation(config),
                             .seed = config.seed,
                             .cache_bytes = config.mem.bytes});
  std::vector<SheetTile> tiles;
  for (const std::int64_t index : indices) {
    const Sample sample = dataset.read(Split::train, index);
    tiles.push_back({overlay(sample.image, sample.mask, dataset.classes().colors), sample.name});
    for (std::int64_t i = 0; i < request.variations; ++i) {
      const Batch batch = maker.make(i * maker.batches_per_epoch() + index, false);
      const Mask mask{batch.labels.reshaped({size.height, size.width})};
      const std::string& name = batch.names.front();
      tiles.push_back({overlay(picture_of(batch), mask, dataset.classes().colors), name == sample.name ? "" : name});
    }
  }
  return contact_sheet(tiles, request.variations + 1, legend_of(dataset.classes()));
}

}  // namespace inlay::workflow
