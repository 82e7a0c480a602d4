// From the settings as people write them to those of the layers below.
#pragma once

#include "inlay/dataset.h"
#include "inlay/train.h"
#include "inlay/train_config.h"
#include "inlay/workflow.h"

namespace inlay::workflow {

/// Throws InputError for an unknown name, and for what is out of range, as far as it is set.
void check(const TrainConfig& config);

DatasetOptions dataset_options(const TrainConfig& config);

/// The policy with what differs from it. Throws InputError for a name that there is not and a value out of its range.
AugmentOptions augmentation(const TrainConfig& config);

/// Opens the data set that the config names; its images dealt out anew where one of its folds is to be trained.
Dataset open_training_data(const TrainConfig& config);

/// Of a config with everything filled in: that of a RunPlan. Throws InputError for an unknown name.
TrainOptions train_options(const TrainConfig& config);

/// The network that the config describes.
NetChoice net_choice(const TrainConfig& config, const Dataset& dataset);

/// Output channels that the loss needs.
std::int64_t output_channels(const TrainConfig& config, std::int64_t classes);

}  // namespace inlay::workflow
