// What evaluate() and compare() are asked to score.
#pragma once

#include "inlay/workflow.h"

namespace inlay::workflow {

/// As it is drawn for the model: the validation images of its run stay those that it did not train on. Its warnings go
/// to the log.
Dataset open_scored_set(const EvaluateRequest& request);

/// Whether both models' runs draw the validation images alike.
bool same_draw(const EvaluateRequest& first, const EvaluateRequest& second);

Segmenter open_segmenter(const EvaluateRequest& request);

EvaluateOptions evaluate_options(const EvaluateRequest& request);

}  // namespace inlay::workflow
