// What this machine can do, measured.
#pragma once

#include <cstdint>

#include "inlay/model.h"
#include "inlay/train_config.h"

namespace inlay::workflow {

/// Seconds that a training step of one picture of that size takes for a pixel: the fastest of a few, since what else
/// goes on here passes. Convolutions are those of `tune` off: trying them all out would take longer than the answer is
/// worth.
double time_training(const Model& model, const ImageSize& size, const TrainConfig& config);

/// Bytes of memory that this process may still use: what the system has, or what its control group leaves.
std::int64_t free_memory();

}  // namespace inlay::workflow
