// From the settings as people write them to those of the layers below.
#pragma once

#include "inlay/dataset.h"
#include "inlay/train.h"
#include "inlay/train_config.h"

namespace inlay::workflow {

DatasetOptions dataset_options(const TrainConfig& config);

/// Throws InputError that names the option and lists what there is.
AugmentOptions parse_augmentation(std::string_view text);

/// What `config` leaves open is decided for a set of that many training images. Throws InputError for an unknown name.
TrainOptions train_options(const TrainConfig& config, std::int64_t train_images);

/// Output channels that the loss needs.
std::int64_t output_channels(const TrainConfig& config, std::int64_t classes);

}  // namespace inlay::workflow
