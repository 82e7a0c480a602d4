// From the settings as people write them to those of the layers below.
#pragma once

#include "inlay/dataset.h"
#include "inlay/train.h"
#include "inlay/train_config.h"

namespace inlay::workflow {

DatasetOptions dataset_options(const TrainConfig& config);

/// The policy with what differs from it. Throws InputError for a name that there is not and a value out of its range.
AugmentOptions augmentation(const TrainConfig& config);

/// What `config` leaves open is decided for a set of that many training images. Throws InputError for an unknown name.
TrainOptions train_options(const TrainConfig& config, std::int64_t train_images);

/// Output channels that the loss needs.
std::int64_t output_channels(const TrainConfig& config, std::int64_t classes);

}  // namespace inlay::workflow
