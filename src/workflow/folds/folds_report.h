// What a cross-validation leaves beside its runs.
#pragma once

#include <span>
#include <string>

#include "inlay/workflow.h"

namespace inlay::workflow {

/// A line for each fold: images, scores, IoU of every class, best epoch, seconds.
std::string folds_csv(std::span<const FoldResult> folds);

/// A page: mean and spread over folds, all images in one table, and links to the folds' own reports. Needs
/// outcome.evaluation.
std::string folds_html(const FoldsOutcome& outcome, const ClassTable& classes);

}  // namespace inlay::workflow
