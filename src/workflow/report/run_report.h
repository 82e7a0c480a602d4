// What a finished run leaves for people: scores of its best model, report.html, samples/.
#pragma once

#include "inlay/workflow.h"

namespace inlay::workflow {

/// Reads RUN/best.onnx and scores it on outcome.split. `plan.config` is the run's own.
Evaluation report_run(const TrainOutcome& outcome, const RunPlan& plan, const Dataset& dataset,
                      const TrainCallbacks& callbacks);

}  // namespace inlay::workflow
