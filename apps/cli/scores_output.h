// Scores as evaluate and score show them.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "inlay/evaluate.h"

nlohmann::ordered_json to_json(const inlay::Evaluation& evaluation);

void print_scores(const inlay::Evaluation& evaluation);

/// "0.1234"; "-" where there is no number.
std::string score_number(double value);
/// "0.1200 to 0.1300"; "-" where nothing is known.
std::string interval_text(const inlay::Interval& interval);
