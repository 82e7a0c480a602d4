// Batch norm's running statistics, worked out anew for weights that never trained with them.
#pragma once

#include <cstdint>
#include <functional>

#include "inlay/loader.h"
#include "inlay/model.h"
#include "inlay/program.h"

namespace inlay {

struct StatisticsOptions {
  std::int64_t batches = 1;
  std::uint64_t seed = 0;      // of dropout
  ProgramOptions program;      // constant_parameters must be off
  std::function<bool()> stop;  // asked after every batch
};

/// Runs the net in training form over `batches` batches of the loader and makes the mean of their statistics the
/// running ones, as torch.optim.swa_utils.update_bn. They get memory of their own in model.tensors; the weights stay as
/// they are. Layers that keep their statistics (momentum 0, or one value a channel) are left out. False when it was
/// stopped: then nothing has changed.
bool estimate_statistics(Model& model, Loader& loader, const LoaderOptions& of_loader,
                         const StatisticsOptions& options);

}  // namespace inlay
