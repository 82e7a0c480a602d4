// Several passes over one picture, of several nets or of one, whose results are put together row by row.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "infer/picture_run.h"
#include "infer/samples.h"

namespace inlay {

/// Rows y to y + count are finished by all.
using RowsSink = std::function<void(std::int64_t y, std::int64_t count)>;

/// Advances each when its finished rows are used up. False when one was told to stop.
bool advance_in_step(std::span<const std::unique_ptr<PictureRun>> runs, std::int64_t height, std::int64_t width,
                     const RowsSink& sink);

/// The mean over all runs and passes (K, count, W).
Tensor mean_probabilities(std::span<const std::unique_ptr<PictureRun>> runs, std::int64_t y, std::int64_t count);
/// Of the passes of one.
SampledProbabilities sampled_probabilities(const PictureRun& run, std::int64_t y, std::int64_t count);

}  // namespace inlay
