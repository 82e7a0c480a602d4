// The scores of a cross-validation for terminals.
#pragma once

#include <string>

#include "inlay/workflow.h"

/// A line for each fold, mean and spread below, and the score of all images together.
std::string folds_text(const inlay::workflow::FoldsOutcome& outcome);
