// The plan of a run for terminals.
#pragma once

#include <string>

#include "inlay/plan.h"

/// "what was chosen | why" in 80 columns, and when the run will have ended. No newline at the end.
std::string plan_text(const inlay::RunPlan& plan);
