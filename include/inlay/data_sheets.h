// Contact sheets of a data set and of what augmentation makes of it.
#pragma once

#include "inlay/dataset.h"
#include "inlay/train_config.h"

namespace inlay::workflow {

/// `count` samples, spread evenly over the parts, with their masks laid over them; names as titles, classes as legend.
/// Samples that cannot be read are left out. u8, RGB.
Image dataset_sheet(const Dataset& dataset, std::int64_t count);

struct PreviewRequest {
  TrainConfig config;  // its data, augment, augment_set, size, channels and seed
  std::int64_t images = 6, variations = 5;
};

/// A row an image of the training part: the original, and variations as training would see them, masks laid over them.
/// Where a variation shows another image (class_balance), its title says which. Throws InputError for settings that
/// cannot be.
Image preview(const PreviewRequest& request);

}  // namespace inlay::workflow
